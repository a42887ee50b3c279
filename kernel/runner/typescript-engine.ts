import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createCellEngine as createEngine } from "../cells/create-cell-engine.js";
import { traceback } from "../cells/traceback.js";
import type { EngineModule } from "./engine-module.js";

export { formatValue } from "../cells/format-value.js";

export const createCellEngine: EngineModule["createCellEngine"] = (options) =>
  createEngine({ ...options, overrides: ownCopy });

export const describeError: EngineModule["describeError"] = traceback;

const LIBRARY = fileURLToPath(new URL("../../src/index.js", import.meta.url));
const { resolve } = createRequire(import.meta.url);

/**
 * Models and tensors live in one copy of TensorFlow.js, the library's; a cell that imports it gets that one,
 * whatever the notebook's folder has installed.
 */
function ownCopy(specifier: string): string | undefined {
  if (specifier === "loadlab") return LIBRARY;
  if (!/^@tensorflow\/tfjs(-[^/]+)?(\/|$)/.test(specifier)) return undefined;
  try {
    return resolve(specifier);
  } catch {
    return undefined;
  }
}
