import { aroundDifferences, differenceText } from "./alignment.js";
import type {
  AlignedLayer,
  AlignmentRow,
  Decision,
  LayerEvidence,
  Neighbour,
  Problem,
  Remedy,
  WeightEvidence,
} from "../../loading/problem.js";
import type { LoadReport, StepReport } from "../../loading/report/report.js";
import { html, type Html } from "../html.js";
import { byteText, plural, printable, shapeText } from "../../notation.js";
import {
  adviceFor,
  consequenceOf,
  fidelityText,
  formatText,
  headline,
  noWeights,
  openProblems,
  otherVersionsText,
  placeText,
  settledText,
  toneOf,
} from "./phrases.js";
import { edged, STYLE, tag, TONE, type Tone } from "../style.js";

/** What a live card has where the static one says what to type. */
export interface CardControls {
  /** Below the steps: what was done, what cannot be done now. */
  readonly status: Html;
  /** For one remedy; null leaves it out. */
  remedy(problem: Problem, remedy: Remedy): Html | null;
  alignment(problem: Problem): Html | null;
  draft(problem: Problem): Html | null;
  /** Behind the problems: what moves the load. */
  readonly actions: Html | null;
}

/**
 * The card of a load: without controls as static HTML, that needs no script. Everything is escaped.
 * @param controls of a front end that can do what the card says
 */
export function cardHtml(report: LoadReport, controls: CardControls | null = null): string {
  const { file } = report;
  const about = [formatText(file), file.size === null ? "" : byteText(file.size), printable(file.path)];
  return html`<div class="loadlab-card" style="${edged(toneOf(report.state))}">
    <div style="${STYLE.head}">
      <div class="loadlab-title" style="${STYLE.title}">${headline(report)}</div>
      <div style="${STYLE.subtitle}">${about.filter((text) => text !== "").join(" · ")}</div>
    </div>
    ${stepBar(report.steps)} ${controls?.status ?? null} ${toldSection(report)}
    ${openProblems(report).map((problem, i) => problemSection(problem, problem.number ?? i + 1, toneOf(report.state), controls))}
    ${report.summary ? null : settledSection(report.settled)} ${decisionsSection(report.decisions)}
    ${controls?.actions ?? null} ${foot(report, controls !== null)}
  </div>`.text;
}

function foot(report: LoadReport, isLive: boolean): Html | null {
  // The summary below says the notes.
  const notes = report.summary ? [] : report.notes;
  const advice = isLive ? "" : adviceFor(report);
  if (notes.length === 0 && advice === "") return null;
  return html`<div style="${STYLE.foot}">
    ${notes.map((note) => html`<div>${printable(note, 400)}</div>`)}${withCode(advice)}
  </div>`;
}

function stepBar(steps: readonly StepReport[]): Html {
  const marks = { done: "✓", here: "●", failed: "✗", ahead: "○" } as const;
  const styles = {
    done: `${STYLE.step};${TONE.good}`,
    here: `${STYLE.step};font-weight:700;${TONE.here}`,
    failed: `${STYLE.step};font-weight:700;${TONE.bad}`,
    ahead: `${STYLE.step};${STYLE.muted}`,
  };
  const parts = steps.map(
    ({ step, state, note }) =>
      html`<span style="${styles[state]}" title="${note}">${marks[state]} ${step}</span> `,
  );
  return html`<div style="${STYLE.steps}">${parts}</div>`;
}

function problemSection(problem: Problem, number: number, tone: Tone, controls: CardControls | null): Html {
  const { code, title, where, found, why, advice, evidence } = problem;
  return html`<div class="loadlab-problem" style="${STYLE.section}">
    <div style="${STYLE.lead}">
      <span style="${STYLE.muted}">${number}</span>&ensp;<span style="${tag(tone)}">${code}</span>
      ${printable(title)}
    </div>
    <table style="${STYLE.rows}">
      <tbody>
        ${line("Where", mono(placeText(where)))} ${line("Found", withCode(found))}
        ${line("Why", withCode(why))} ${line("Next", withCode(advice))} ${evidence && evidenceLines(evidence)}
      </tbody>
    </table>
    ${controls?.alignment(problem) ?? (problem.alignment ? alignmentTable(problem.alignment) : null)}
    ${remedies(problem, controls)}
    ${controls?.draft(problem) ?? (problem.draft === undefined ? null : draftBlock(problem.draft))}
    ${kerasBlock(problem)}
  </div>`;
}

/** What the step before the pause read and decided. */
function toldSection(report: LoadReport): Html | null {
  const last = report.state === "paused" ? report.steps.findLast(({ state }) => state === "done") : undefined;
  if (!last?.told) return null;
  const rows = last.told.map(({ label, text }) =>
    line(label, html`${text.split("\n").map((one) => html`<div>${printable(one, 300)}</div>`)}`),
  );
  return html`<div style="${STYLE.section}">
    <div style="${STYLE.lead}">
      ${last.step}&ensp;<span style="${STYLE.muted}">${printable(last.note)}</span>
    </div>
    <table style="${STYLE.rows}">
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

const MOST_ROWS = 40;

/** Model and file side by side; what differs is marked by a word and a colour. */
function alignmentTable(rows: readonly AlignmentRow[]): Html {
  const shown = aroundDifferences(rows, MOST_ROWS).map((row) => {
    if (row === null)
      return html`<tr>
        <td colspan="3" style="${STYLE.cell};${STYLE.muted}">⋮</td>
      </tr>`;
    const { model, file, difference } = row;
    return html`<tr>
      <td style="${STYLE.cell}">${side(model)}</td>
      <td style="${STYLE.cell};${differenceTone(difference)}">${differenceText(difference)}</td>
      <td style="${STYLE.wideCell}">${side(file)}</td>
    </tr>`;
  });
  return html`<div style="${STYLE.label}">Side by side</div>
    <div style="${STYLE.scroll}">
      <table style="${STYLE.table}">
        <thead>
          <tr>
            <th style="${STYLE.headCell}">Model</th>
            <th style="${STYLE.headCell}">Difference</th>
            <th style="${STYLE.headCell}">File</th>
          </tr>
        </thead>
        <tbody>
          ${shown}
        </tbody>
      </table>
    </div>`;
}

function side(layer: AlignedLayer | null): Html {
  if (!layer) return html`<span style="${STYLE.muted}">—</span>`;
  return html`${mono(`${printable(layer.name, 50)} `)}
    <span style="${STYLE.muted}"
      >${layer.shapes.slice(0, 4).map(shapeText).join(" ")}${layer.shapes.length > 4 ? " …" : ""}</span
    >`;
}

function differenceTone(difference: AlignmentRow["difference"]): string {
  if (difference === "same") return STYLE.muted;
  return difference === "name" || difference === "layout" ? TONE.good : TONE.warn;
}

function draftBlock(draft: string): Html {
  return html`<details style="margin-top:8px">
    <summary style="${STYLE.summary}">The draft as JSON</summary>
    <div style="${STYLE.bare};white-space:pre;overflow-x:auto">${printableLines(draft)}</div>
  </details>`;
}

const MOST_LINES = 200;

function printableLines(text: string): Html {
  const lines = text.split("\n");
  const shown = lines.slice(0, MOST_LINES).map((one) => html`<div>${printable(one, 400)}</div>`);
  return html`${shown}${lines.length > MOST_LINES ? html`<div>and ${lines.length - MOST_LINES} more lines</div>` : null}`;
}

function line(label: string, body: Html): Html | null {
  if (body.text === "") return null;
  return html`<tr style="${STYLE.row}">
    <th scope="row" style="${STYLE.rowLabel};font-weight:400">${label}</th>
    <td style="${STYLE.rowBody}">${body}</td>
  </tr>`;
}

/** Code type; an inline element, since blanks in it count. */
function mono(text: string): Html {
  return html`<span style="${STYLE.bare}">${text}</span>`;
}

function evidenceLines(evidence: LayerEvidence): Html {
  const { config, weights } = evidence;
  const rows = weights.slice(0, MOST_WEIGHTS).map(weightLine);
  const more = weights.length - MOST_WEIGHTS;
  const list = html`${rows}${more > 0 ? `and ${more} more` : null}`;
  return html`${config === "" ? null : line("Saved as", mono(printable(config, 600)))}
  ${line("Weights", weights.length === 0 ? html`${noWeights(evidence)}` : list)}
  ${line("Between", neighbourhood(evidence))}`;
}

const MOST_WEIGHTS = 8;

function weightLine({ name, shape, dtype }: WeightEvidence): Html {
  const type = dtype === "float32" ? "" : ` ${dtype}`;
  return html`<div>
    ${mono(`${printable(name)} `)}<span style="${STYLE.muted}">${shapeText(shape)}${type}</span>
  </div>`;
}

function neighbourhood(evidence: LayerEvidence): Html {
  const here = html`<div style="${STYLE.group}">
    <div style="${STYLE.node};${TONE.warn};border-color:currentColor">
      <b>${printable(lastName(evidence.path), 60)}</b><br />
      <span style="${STYLE.muted}">${printable(evidence.className, 60)}</span>
    </div>
  </div>`;
  const arrow = html`<div style="${STYLE.arrow}">→</div>`;
  const before = evidence.upstream.length > 0 ? html`${nodes(evidence.upstream)}${arrow}` : null;
  const after = evidence.downstream.length > 0 ? html`${arrow}${nodes(evidence.downstream)}` : null;
  return html`${before}${here}${after}`;
}

function nodes(neighbours: readonly Neighbour[]): Html {
  const shown = neighbours.slice(0, 3).map(({ path, shape, className }) => {
    const about = shape ? shapeText(shape) : className;
    return html`<div style="${STYLE.node}">
      ${printable(lastName(path), 60)}<br /><span style="${STYLE.muted}">${printable(about, 60)}</span>
    </div>`;
  });
  const more = neighbours.length - 3;
  return html`<div style="${STYLE.group}">
    ${shown}${more > 0 ? html`<div style="${STYLE.muted}">and ${more} more</div>` : null}
  </div>`;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function remedies(problem: Problem, controls: CardControls | null): Html | null {
  if (problem.remedies.length === 0) return null;
  const rows = problem.remedies.map((remedy) => {
    const control = controls ? controls.remedy(problem, remedy) : command(remedy);
    if (control === null) return null;
    return html`<div style="${STYLE.remedy}">
      <div style="${STYLE.remedyText}">
        ${withCode(remedy.title)} <span style="${STYLE.muted}">· ${fidelityText(remedy)}</span>
      </div>
      <div style="${STYLE.remedyCommand}">${control}</div>
    </div>`;
  });
  return html`<div style="${STYLE.label}">What you can do</div>
    ${rows}`;
}

function command({ command: text }: Remedy): Html {
  return html`${text === undefined ? null : html`<code style="${STYLE.code}">${printable(text, 300)}</code>`}`;
}

/** What the user decided so far. */
function decisionsSection(decisions: readonly Decision[]): Html | null {
  if (decisions.length === 0) return null;
  const rows = decisions.map(({ code, subject, remedy, argument }) => {
    const given =
      argument === undefined ? null : html` <span style="${STYLE.bare}">${printable(argument, 200)}</span>`;
    return html`<tr style="${STYLE.row}">
      <td style="${STYLE.cell}"><span style="${STYLE.bare}">${code}</span></td>
      <td style="${STYLE.wideCell}">${printable(subject, 80)} → <b>${remedy}</b>${given}</td>
    </tr>`;
  });
  return html`<div style="${STYLE.section}">
    <div style="${STYLE.label};margin-top:0">Decided so far</div>
    <div style="${STYLE.scroll}">
      <table style="${STYLE.table};width:auto">
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </div>`;
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
export function settledDetails(all: readonly Problem[]): Html {
  const settled = all.filter(({ ordinary }) => !ordinary);
  const others = otherVersionsText(all);
  return html`${settled.length > 0 ? adjustments(settled) : null}${others === null ? null : html`<div style="${STYLE.muted}">${others}</div>`}`;
}

function adjustments(settled: readonly Problem[]): Html {
  const rows = settled.slice(0, 60).map((problem) => {
    const { code, title, where, applied } = problem;
    const comes = consequenceOf(problem);
    return html`<tr>
      <td style="${STYLE.cell}"><span style="${STYLE.bare}">${code}</span></td>
      <td style="${STYLE.wideCell}">
        ${printable(title)}${where.layer === undefined ? null : html` <span style="${STYLE.muted}">${printable(where.layer)}</span>`}${applied ? html`<br /><span style="${STYLE.muted}">${applied.title} (${applied.fidelity})</span>` : null}${comes === null ? null : html`<br />${withCode(comes)}`}
      </td>
    </tr>`;
  });
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
export function withCode(text: string): Html {
  const pieces = text.split(/`([^`]+)`/);
  return html`${pieces.map((piece, i) => (i % 2 === 1 ? html`<code style="${STYLE.code}">${printable(piece, 300)}</code>` : printable(piece, 2000)))}`;
}
