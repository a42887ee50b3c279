import { FormatError } from "../../../../src/formats/model-file.js";
import { openModelBytes } from "../../../../src/formats/open.js";
import type { Seed } from "./seeds.js";

export type Outcome = "opened" | "refused";

/**
 * Opens an input and reads all that it offers.
 * @throws whatever is not said as a FormatError
 */
export async function tryInput(input: Seed): Promise<Outcome> {
  try {
    const [[name, only]] = [...input] as [[string, Uint8Array]];
    const model = await openModelBytes(input.size === 1 ? only : input, name);
    for (const weight of [...model.layers.flatMap(({ weights }) => weights), ...model.optimizerWeights]) {
      try {
        const values = await weight.read();
        if (!weight.whole) throw new Error(`${weight.path} was read but is not whole`);
        const each = weight.dtype.startsWith("complex") ? 2 : 1;
        const count = weight.shape.reduce((product, size) => product * size, each);
        if (values.length !== count)
          throw new Error(`${weight.path} has ${values.length} values, not ${count}`);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }
    model.close();
    return "opened";
  } catch (error) {
    if (error instanceof FormatError) return "refused";
    throw error;
  }
}
