import type { Environment } from "../environment/environment.js";
import { printable } from "../notation.js";
import type { MimeBundle } from "./bundle.js";
import { html, type Html } from "./html.js";
import { edged, STYLE } from "./style.js";
import { commandLine } from "../command-line.js";

/** An environment for Jupyter: what the file says, the requirements, the changes for today's Keras. */
export function environmentBundle(environment: Environment): MimeBundle {
  return {
    data: { "text/plain": environmentText(environment), "text/html": environmentHtml(environment) },
    metadata: {},
  };
}

/** A requirements.txt: comments say why each line is there. */
export function requirementsText({ path, evidence, python, requirements, changes }: Environment): string {
  const comments = [
    `# ${printable(path)}`,
    ...evidence.map((line) => `#   ${printable(line)}`),
    `# ${pythonLine(python)}`,
  ];
  const lines = requirements.map(({ line, reason }) => `${line.padEnd(30)} # ${reason}`);
  const today =
    changes.length > 0
      ? [
          "# Today's Keras (3.15) stops at this or computes otherwise, unless the file changes:",
          ...changes.map((change) => `#   ${printable(change)}`),
        ]
      : [];
  return [...comments, ...lines, ...today].join("\n");
}

function environmentText(environment: Environment): string {
  return `${requirementsText(environment)}\n${advice(environment)}`;
}

function advice({ path, changes }: Environment): string {
  if (changes.length === 0) return "Nothing was found that today's Keras would stop at.";
  return `Or: ${commandLine(`repair ${JSON.stringify(printable(path))} --out fixed.keras`)} writes it so, with a Python file for the classes.`;
}

function pythonLine(python: Environment["python"]): string {
  return python === null
    ? "Python: any that runs the TensorFlow below"
    : `Python ${python[0]} to ${python[1]}`;
}

function environmentHtml(environment: Environment): string {
  const { path, evidence, python, requirements, changes } = environment;
  return html`<div class="loadlab-environment" style="${edged("here")}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">${pythonLine(python)}, ${requirements[0]?.line ?? ""}</div>
      <div style="${STYLE.subtitle}">
        ${printable(path)}: ${evidence.map((line) => printable(line)).join("; ")}
      </div>
    </div>
    <div style="padding:4px 16px 8px 16px;${STYLE.scroll}">
      <table style="${STYLE.table}">
        <tbody>
          ${requirements.map(
            ({ line, reason }): Html =>
              html`<tr>
                <td style="${STYLE.cell}"><span style="${STYLE.code}">${line}</span></td>
                <td style="${STYLE.wideCell}">${reason}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <div style="${STYLE.foot}">
      ${changes.length > 0 ? html`<div>Today's Keras (3.15) stops at this or computes otherwise, unless the file changes:</div>` : null}
      ${changes.map((change) => html`<div>- ${printable(change)}</div>`)}
      <div>${advice(environment)}</div>
    </div>
  </div>`.text;
}
