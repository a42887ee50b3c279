import { compileCell } from "../cells/compile/compile-cell.js";
import { CELLS } from "./cells.js";

/** Compiles cells of each kind. */
export function compileCells(): void {
  const nothing = {
    has: () => false,
    isConstant: () => false,
    isShared: () => false,
    namespaceOf: () => undefined,
  };
  for (const [index, code] of CELLS.entries()) compileCell(code, index + 1, 0, nothing);
}
