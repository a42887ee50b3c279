import vm from "node:vm";
import { CellSyntaxError } from "../errors/cell-syntax-error.js";
import { sourceLine, sourcePlace } from "./compiled-sources.js";

/**
 * What the code that a cell or module was compiled to is: a function. V8 finds what the parser lets pass, such as a
 * name declared twice.
 * @param file under which the source is remembered.
 * @param source the cell's number, or the path of the module.
 * @throws CellSyntaxError
 */
export function evaluateScript(text: string, file: string, source: number | string): unknown {
  try {
    return new vm.Script(text, { filename: file }).runInThisContext({ displayErrors: false });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const line = Number(/:(\d+)\n/.exec(error.stack ?? "")?.[1] ?? 1);
    const marker = /^( *)\^/m.exec(error.stack ?? "");
    const place = sourcePlace(file, line, (marker?.[1]?.length ?? 0) + 1);
    const written = (place && sourceLine(place.source, place.line)) ?? "";
    throw new CellSyntaxError(error.message, place?.line ?? 1, place?.column ?? 1, written, source);
  }
}
