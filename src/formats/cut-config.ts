import { JsonError, type OnNote, parseJson } from "./json.js";
import type { JsonValue } from "./model-file.js";

/**
 * As `parseJson`, of a model's config whose text may end too early: where its list of layers is whole, what is begun
 * behind it is left out and noted, and the brackets are closed. A list of layers that is cut is never taken for a
 * whole one.
 * @throws JsonError for any other text that is no JSON
 */
export function parseConfig(text: string, onNote: OnNote = () => undefined): JsonValue {
  try {
    return parseJson(text, onNote);
  } catch (error) {
    const completed = error instanceof JsonError ? completedConfig(text) : null;
    if (completed === null) throw error;
    const value = parseJson(completed, onNote);
    onNote("the text ends before the value does, behind the list of layers; what is begun there is left out");
    return value;
  }
}

/** Where the text can end: behind a value that only objects are around, and how many. */
interface Ending {
  readonly at: number;
  readonly objects: number;
}

/** A text that ends within objects, up to the last value that is whole; null where no `layers` are whole in them. */
function completedConfig(text: string): string | null {
  const open: { readonly bracket: string; readonly key: string }[] = [];
  let key = "";
  let lists = 0;
  let hasLayers = false;
  let ending: Ending | null = null;
  const end = (at: number) => {
    if (hasLayers && lists === 0) ending = { at, objects: open.length };
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      open.push({ bracket: token, key });
      if (token === "[") lists++;
      key = "";
    } else if (token === ",") end(index);
    else if (token === "}" || token === "]") {
      const closed = open.pop();
      if (closed?.bracket !== (token === "}" ? "{" : "[")) return null;
      if (token === "]") lists--;
      hasLayers ||= closed.key === "layers" && lists === 0;
      end(index + 1);
    } else key = KEY.exec(token)?.[1] ?? key;
  }
  return ending === null || open.length === 0 ? null : closedAt(text, ending);
}

/** A string, also one that the text ends in, or a bracket, or a comma. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*(?:"\s*:?|\\?$)|[{}[\],]/gs;
const KEY = /^"(.*)"\s*:$/s;

function closedAt(text: string, { at, objects }: Ending): string {
  return text.slice(0, at) + "}".repeat(objects);
}
