/** TypeScript as the language of the cells: what the runner loads. */
import type { CellEngine } from "./cell-engine.js";
import { compileCell } from "./compile/compile-cell.js";
import { createCellEngine as createEngine, type CellEngineOptions } from "./create-cell-engine.js";
import { currentDisplay } from "./values/current-display.js";
import { html, imageFrom, md, svg } from "./values/displayables.js";
import { installStackTraces } from "./errors/stack-frames.js";

export { liveValue } from "./values/live-type.js";
export { formatValue } from "./values/format-value.js";
export { isGuarded } from "./compile/guarded-place.js";
export { mayYield } from "./compile/yielding-place.js";
export { rewriteExpression } from "./compile/rewrite-expression.js";
export { traceback as describeError } from "./errors/traceback.js";

/** The engine of a process that runs nothing but cells: what errors print is made readable in it. */
export function createCellEngine(options: CellEngineOptions): CellEngine {
  installStackTraces();
  setImmediate(warm);
  const { display, updateDisplay } = options.predeclared ?? {};
  if (display) currentDisplay.show = display as typeof currentDisplay.show;
  if (updateDisplay) currentDisplay.update = updateDisplay as typeof currentDisplay.update;
  const image = (source: Uint8Array | string) => imageFrom(source, options.folder);
  return createEngine({ ...options, predeclared: { html, md, svg, image, ...options.predeclared } });
}

/** Compiles something of each kind while the user still reads or types: the first cell finds TypeScript loaded. */
function warm(): void {
  const nothing = {
    has: () => false,
    isConstant: () => false,
    isShared: () => false,
    namespaceOf: () => undefined,
  };
  const code =
    "import type { A } from 'a'\nlet x: number = 1; class B {}\nfor (const y of [x]) x += y\nawait x";
  compileCell(code, 0, 0, nothing);
}
