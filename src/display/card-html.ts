import type { LayerEvidence, Neighbour, Problem, Remedy } from "../loading/problem.js";
import type { LoadReport, StepReport } from "../loading/report.js";
import { html, type Html } from "./html.js";
import { byteText, fileName, plural, printable, shapeText } from "../loading/notation.js";
import { adviceFor, fidelityText, formatText, headline, placeText, settledText, toneOf } from "./phrases.js";
import { edged, STYLE, tag, TONE } from "./style.js";

/** The card of a load as static HTML: no script, everything escaped. */
export function cardHtml(report: LoadReport): string {
  const { file } = report;
  return html`<div class="loadlab-card" style="${edged(toneOf(report.state))}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">${headline(report)}</div>
      <div style="${STYLE.subtitle}">
        ${[fileName(printable(file.path)), formatText(file)]
          .filter((text) => text !== "")
          .join(" · ")}${file.size === null ? "" : ` · ${byteText(file.size)}`}
      </div>
    </div>
    ${stepBar(report.steps)} ${report.waiting.map((problem, i) => problemSection(problem, i + 1))}
    ${settledSection(report.settled)}
    <div style="${STYLE.foot}">${withCode(adviceFor(report))}</div>
  </div>`.text;
}

function stepBar(steps: readonly StepReport[]): Html {
  const marks = { done: "✓", here: "●", ahead: "○" } as const;
  const styles = {
    done: `${STYLE.step};${TONE.good}`,
    here: `${STYLE.step};font-weight:700;${TONE.here}`,
    ahead: `${STYLE.step};${STYLE.muted}`,
  };
  const parts = steps.map(
    ({ step, state, note }) =>
      html`<span style="${styles[state]}" title="${note}">${marks[state]} ${step}&#8195;</span>`,
  );
  return html`<div style="${STYLE.steps};border-bottom:1px solid rgba(128,128,128,0.28)">${parts}</div>`;
}

function problemSection(problem: Problem, number: number): Html {
  return html`<div class="loadlab-problem" style="${STYLE.section}">
    <div style="${STYLE.lead}">
      <span style="${STYLE.muted}">${number}&ensp;</span
      ><span style="${tag("warn")}">${problem.code}</span>${printable(problem.title)}
    </div>
    ${line("Where", html`<span style="${STYLE.bare}">${placeText(problem.where)}</span>`)}
    ${line("Found", withCode(problem.found))} ${line("Why", withCode(problem.why))}
    ${problem.evidence && evidenceBlock(problem.evidence)} ${remedies(problem.remedies)}
    ${kerasBlock(problem)}
  </div>`;
}

function line(label: string, body: Html): Html | null {
  return body.text === ""
    ? null
    : html`<div style="display:flex;flex-wrap:wrap;margin-top:4px">
        <div style="${STYLE.muted};flex:0 0 64px">${label}</div>
        <div style="${STYLE.text};flex:1 1 240px">${body}</div>
      </div>`;
}

function evidenceBlock(evidence: LayerEvidence): Html {
  const { config, weights } = evidence;
  const rows = weights
    .slice(0, MOST_WEIGHTS)
    .map(
      ({ name, shape, dtype }) =>
        html`<div style="${STYLE.bare}">
          ${printable(name)} ${shapeText(shape)}${dtype === "float32" ? "" : ` ${dtype}`}
        </div>`,
    );
  const more = weights.length - MOST_WEIGHTS;
  return html` ${config === "" ? null : line("Saved as", html`<span style="${STYLE.bare}">${printable(config, 600)}</span>`)}
  ${line("Weights", weights.length === 0 ? html`none stored` : html`${rows}${more > 0 ? `and ${more} more` : null}`)}
  ${line("Between", neighbourhood(evidence))}`;
}

const MOST_WEIGHTS = 8;

function neighbourhood(evidence: LayerEvidence): Html {
  const here = html`<div style="${STYLE.node};font-weight:600;${TONE.warn};border-color:currentColor">
    ${printable(lastName(evidence.path), 60)}<br /><span style="${STYLE.muted};font-weight:400"
      >${printable(evidence.className, 60)}</span
    >
  </div>`;
  const arrow = html`<div style="${STYLE.arrow}">→</div>`;
  const before = evidence.upstream.length > 0 ? html`${nodes(evidence.upstream)}${arrow}` : null;
  const after = evidence.downstream.length > 0 ? html`${arrow}${nodes(evidence.downstream)}` : null;
  return html`<div style="${STYLE.chain}">${before}${here}${after}</div>`;
}

function nodes(neighbours: readonly Neighbour[]): Html {
  const shown = neighbours.slice(0, 3).map(({ path, shape, className }) => {
    const about = shape ? shapeText(shape) : className;
    return html`<div style="${STYLE.node}">
      ${printable(lastName(path), 60)}<br /><span style="${STYLE.muted}">${printable(about, 60)}</span>
    </div>`;
  });
  const more = neighbours.length - 3;
  return html`<div style="max-width:100%">
    ${shown}${more > 0 ? html`<div style="${STYLE.muted}">and ${more} more</div>` : null}
  </div>`;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function remedies(list: readonly Remedy[]): Html | null {
  if (list.length === 0) return null;
  const rows = list.map(
    ({ title, fidelity, command }) =>
      html`<div style="${STYLE.remedy}">
        <div style="${STYLE.remedyText}">
          ${title} <span style="${STYLE.muted}">${fidelityText(fidelity)}</span>
        </div>
        <div style="${STYLE.remedyCommand}">
          ${command ? html`<code style="${STYLE.code}">${printable(command, 300)}</code>` : null}
        </div>
      </div>`,
  );
  return html`<div style="${STYLE.label}">What you can do</div>
    ${rows}`;
}

function kerasBlock({ kerasSays }: Problem): Html | null {
  if (kerasSays.length === 0) return null;
  const rows = kerasSays.map(
    ({ version, message }) =>
      html`<div style="margin:4px 0 0 0">
        <span style="${STYLE.muted}">${version}</span><br /><span style="${STYLE.bare}"
          >${printable(message, 500)}</span
        >
      </div>`,
  );
  return html`<details style="margin-top:8px">
    <summary style="${STYLE.summary}">What Keras says about it</summary>
    ${rows}
  </details>`;
}

function settledSection(settled: readonly Problem[]): Html | null {
  if (settled.length === 0) return null;
  return html`<div style="${STYLE.section}">${settledDetails(settled)}</div>`;
}

/** What was settled on the way, folded: one line each. */
export function settledDetails(settled: readonly Problem[]): Html {
  const rows = settled.slice(0, 60).map(
    ({ code, title, where, applied }) =>
      html`<tr>
        <td style="${STYLE.cell}"><span style="${STYLE.bare}">${code}</span></td>
        <td style="${STYLE.wideCell}">
          ${printable(title)}${where.layer === undefined ? null : html` <span style="${STYLE.muted}">${printable(where.layer)}</span>`}${applied ? html`<br /><span style="${STYLE.muted}">${applied.title} (${applied.fidelity})</span>` : null}
        </td>
      </tr>`,
  );
  const more = settled.length - rows.length;
  return html`<details>
    <summary style="${STYLE.summary}">${settledText(settled)}</summary>
    <div style="${STYLE.scroll}">
      <table style="${STYLE.table}">
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more > 0 ? `and ${plural(more, "other")}` : null}
  </details>`;
}

/** Text in which `code` is set in code type. */
function withCode(text: string): Html {
  const pieces = text.split(/`([^`]+)`/);
  return html`${pieces.map((piece, i) => (i % 2 === 1 ? html`<code style="${STYLE.code}">${printable(piece, 300)}</code>` : printable(piece, 2000)))}`;
}
