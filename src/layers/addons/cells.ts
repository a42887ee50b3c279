import type { CellMaker } from "../recurrent-cells.js";

export const ADDONS_CELLS: ReadonlyMap<string, CellMaker> = new Map<string, CellMaker>([]);
