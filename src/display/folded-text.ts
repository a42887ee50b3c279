import { count } from "../notation.js";
import { html, type Html } from "./html.js";
import { STYLE } from "./style.js";

/** Texts of more lines are folded ... */
const MOST_LINES = 60;
/** ... after so many. */
const OPEN_LINES = 30;

/** HTML of a long text, its beginning open and the rest behind a click; null for a text that is short enough. */
export function foldedText(text: string): string | null {
  return text.split("\n").length <= MOST_LINES ? null : foldedLines(text).text;
}

/** HTML of a text of any length; a long one is folded. */
export function foldedLines(text: string): Html {
  const lines = text.split("\n");
  const style = `${STYLE.bare};margin:0`;
  if (lines.length <= MOST_LINES) return html`<pre style="${style}">${text}</pre>`;
  return html`<div>
    <pre style="${style}">${lines.slice(0, OPEN_LINES).join("\n")}</pre>
    <details>
      <summary style="${STYLE.summary}">${count(lines.length - OPEN_LINES)} more lines</summary>
      <pre style="${style}">${lines.slice(OPEN_LINES).join("\n")}</pre>
    </details>
  </div>`;
}
