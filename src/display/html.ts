import { visible } from "../notation.js";

/** HTML that is safe by construction: the tag `html` escapes everything that is not `Html` itself. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Part = Html | string | number | null | readonly Part[];

/** Escapes each value put into the template; `Html` stays as it is, lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  let text = strings[0]!;
  for (const [i, value] of values.entries()) text += render(value) + strings[i + 1]!;
  return new Html(text.replaceAll(/>\n\s+</g, "><"));
}

function render(value: Part): string {
  if (value === null) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(render).join("");
  return escapeHtml(String(value));
}

const ESCAPES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

function escapeHtml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => ESCAPES.get(character)!);
}
