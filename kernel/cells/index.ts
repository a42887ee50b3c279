/** TypeScript as the language of the cells: what the runner loads. */
export { createCellEngine, type CellEngineOptions } from "./create-cell-engine.js";
export { formatValue } from "./format-value.js";
export { traceback, traceback as describeError } from "./traceback.js";
