import { sharedMemory, type TakeMemory } from "./take-memory.js";
import { FormatError, type ModelFile, type StoredWeight, type WeightArray } from "./model-file.js";

/** A stored tensor with its values, or with why they cannot be read. */
export type ReadWeight =
  | { readonly weight: StoredWeight; readonly values: WeightArray }
  | { readonly weight: StoredWeight; readonly error: FormatError };

/**
 * All weights of a file and then its optimizer's, one after the other, in the order in which they lie in it: for
 * files that are larger than memory. The next one is read while the current one is looked at. Arrays share pieces of
 * memory, 256 MB at most, each freed with the last of them: copy (`slice`) what is kept alone, and mind `byteOffset`
 * where you use `buffer`. Damaged weights are among them, with the reason; stopping early is fine.
 *
 *     for await (const read of readWeights(file)) if ("values" in read) use(read.weight, read.values);
 */
export async function* readWeights(file: ModelFile): AsyncGenerator<ReadWeight, void, undefined> {
  const weights = [
    ...inFileOrder(file.layers.flatMap((layer) => layer.weights)),
    ...inFileOrder(file.optimizerWeights),
  ];
  const take = sharedMemory(weights.reduce((sum, { byteLength }) => sum + byteLength, 0));
  const start = (i: number): Promise<ReadWeight> | null => {
    const reading = i < weights.length ? read(weights[i]!, take) : null;
    reading?.catch(() => undefined); // It is awaited later, perhaps never.
    return reading;
  };
  let next = start(0);
  try {
    for (let i = 1; next !== null; i++) {
      const current: Promise<ReadWeight> = next;
      next = start(i);
      yield await current;
    }
  } finally {
    // Whoever stops early may close the file: nothing is read any more then.
    await next?.catch(() => undefined);
  }
}

async function read(weight: StoredWeight, take: TakeMemory): Promise<ReadWeight> {
  try {
    return { weight, values: await weight.read(take) };
  } catch (error) {
    if (error instanceof FormatError) return { weight, error };
    throw error;
  }
}

/** Those whose place is not known stay where they are. */
function inFileOrder(weights: readonly StoredWeight[]): readonly StoredWeight[] {
  if (!weights.every(({ byteOffset }) => byteOffset !== undefined)) return weights;
  return weights.toSorted((a, b) => a.byteOffset! - b.byteOffset!);
}
