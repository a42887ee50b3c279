import type { CellEngine, CellSource } from "../cells/cell-engine.js";
import type { MagicContext } from "./magic.js";
import { missingModel } from "./missing-model.js";

/** Runs code of a cell or of a magic. Below one that found no model where a load was to bring one, it says why. */
export async function runCode(
  source: CellSource,
  { engine, output }: Pick<MagicContext, "engine" | "output">,
): ReturnType<CellEngine["run"]> {
  const explain = (failure?: unknown) => {
    const why = missingModel(source.code, failure, engine);
    if (why !== "") output.stream("stderr", why);
  };
  try {
    const result = await engine.run(source);
    if (!result.hasValue) explain();
    return result;
  } catch (error) {
    explain(error);
    throw error;
  }
}
