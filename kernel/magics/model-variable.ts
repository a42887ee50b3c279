import type { tf } from "../../src/index.js";
import type { CellEngine } from "../cells/cell-engine.js";
import { library } from "./library.js";
import { UsageError } from "./usage-error.js";

/**
 * The model of layers in a variable of the notebook.
 * @param name as given to the magic; `model` if left out
 * @throws UsageError that lists the models there are
 */
export async function modelVariable(
  magic: string,
  name: unknown,
  { scope }: CellEngine,
): Promise<tf.LayersModel> {
  const { tf: tensorflow } = await library();
  const variable = String(name ?? "model");
  const value = scope[variable];
  if (value instanceof tensorflow.LayersModel) return value;
  const models = Object.keys(scope).filter((key) => scope[key] instanceof tensorflow.LayersModel);
  const list = models.length > 0 ? ` Models here: ${models.join(", ")}.` : "";
  throw new UsageError(`%${magic}: ${variable} is not a model of layers.${list}`);
}
