import type { tf } from "../../src/index.js";
import type { CellEngine } from "../cells/cell-engine.js";
import { library } from "./library.js";
import { loadOfVariable } from "./load-state.js";
import { UsageError } from "./usage-error.js";

/**
 * The model of layers in a variable of the notebook.
 * @param name as given to the magic; `model` if left out
 * @throws UsageError that lists the models there are
 */
export async function modelVariable(
  magic: string,
  name: unknown,
  engine: CellEngine,
): Promise<tf.LayersModel> {
  const { scope } = engine;
  const { tf: tensorflow } = await library();
  const variable = String(name ?? "model");
  const value = scope[variable];
  const load = loadOfVariable(engine, variable);
  if (value instanceof tensorflow.LayersModel) return value;
  const models = Object.keys(scope).filter((key) => scope[key] instanceof tensorflow.LayersModel);
  const list = models.length > 0 ? ` Models here: ${models.join(", ")}.` : "";
  const why =
    value === undefined
      ? load?.session.state === "waiting"
        ? `there is no ${variable} yet: its load waits for a decision, %step show shows it`
        : `there is no variable ${variable}`
      : `${variable} is not a model of layers`;
  throw new UsageError(`%${magic}: ${why}.${list}`);
}
