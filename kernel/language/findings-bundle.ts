import { html, type Html } from "../../src/display/html.js";
import { STYLE, TONE } from "../../src/display/style.js";
import type { Finding } from "./messages.js";

const BOX = `${STYLE.bare};border-left:3px solid #c77700;padding:2px 0 2px 10px;margin:4px 0`;

/** Type errors as a note below the cell. */
export function findingsBundle(findings: readonly Finding[], executionCount: number) {
  return {
    "text/plain": findings.map((finding) => plain(finding, executionCount)).join("\n"),
    "text/html": html`<div style="${BOX}">${findings.map(note)}</div>`.text,
  };
}

function plain({ code, message, line, column, length, sourceLine, fix }: Finding, cell: number): string {
  const number = String(line);
  const marks = " ".repeat(column - 1) + "~".repeat(length);
  const lines = [
    `${code} Cell [${cell}]:${line}:${column} ${message}`,
    `  ${number} | ${sourceLine}`,
    `  ${" ".repeat(number.length)} | ${marks}`,
  ];
  if (fix) lines.push(`  ${fix}`);
  return lines.join("\n");
}

function note({ code, message, line, column, length, sourceLine, fix }: Finding): Html {
  const before = sourceLine.slice(0, column - 1);
  const marked = sourceLine.slice(column - 1, column - 1 + length);
  const after = sourceLine.slice(column - 1 + length);
  const hint = fix ? html` <span style="${STYLE.muted}">${fix}</span>` : null;
  const said = html`<div><span style="${TONE.warn}">${code}</span> line ${line}: ${message}${hint}</div>`;
  const mark = html`<span style="${TONE.warn};text-decoration:underline">${marked}</span>`;
  return html`${said}
    <div style="${STYLE.muted};white-space:pre">${before}${mark}${after}</div>`;
}
