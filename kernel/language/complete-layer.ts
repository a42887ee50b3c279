import type { Completions } from "./messages.js";

const LAYER_NAME = /([\p{ID_Start}$_][\p{ID_Continue}$]*)\.getLayer\(\s*(["'`])([^"'`\n]*)$/u;

/** In `model.getLayer("…")`, the names of the model's layers; null elsewhere. */
export function completeLayer(
  code: string,
  cursor: number,
  layersOf: (variable: string) => readonly string[],
): Completions | null {
  const [, variable, quote, typed] = LAYER_NAME.exec(code.slice(0, cursor)) ?? [];
  if (variable === undefined || typed === undefined) return null;
  const layers = layersOf(variable).filter((name) => name.startsWith(typed));
  if (layers.length === 0) return null;
  // The rest of the name is replaced too, if the string is closed.
  const rest = /^[^"'`\n)]*/.exec(code.slice(cursor))![0];
  const end = code[cursor + rest.length] === quote ? cursor + rest.length : cursor;
  return { start: cursor - typed.length, end, items: layers.map((text) => ({ text, type: "value" })) };
}
