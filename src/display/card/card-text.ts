import { aroundDifferences, differenceText } from "./alignment.js";
import type {
  AlignedLayer,
  AlignmentRow,
  Decision,
  LayerEvidence,
  Neighbour,
  Problem,
  Remedy,
} from "../../loading/problem.js";
import type { LoadReport } from "../../loading/report/report.js";
import { byteText, printable, shapeText, visible } from "../../notation.js";
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
} from "./phrases.js";
import { columns, labelled, TEXT_WIDTH, wrap } from "../text.js";

/** The card of a load as plain text. */
export function cardText(report: LoadReport): string {
  const { file } = report;
  const about = [formatText(file), file.size === null ? "" : byteText(file.size)].filter(
    (text) => text !== "",
  );
  const lines = [headline(report)];
  lines.push([printable(file.path), ...about].join(", "));
  lines.push("", stepBar(report), "");
  lines.push(...toldLines(report));
  for (const [i, problem] of openProblems(report).entries())
    lines.push(...problemLines(problem, problem.number ?? i + 1), "");
  if (report.settled.length > 0) lines.push(...settledLines(report.settled), "");
  if (report.decisions.length > 0) lines.push(...decisionLines(report.decisions), "");
  for (const note of report.notes) lines.push(...wrap(printable(note, 400)));
  lines.push(...wrap(plain(adviceFor(report))));
  return visible(lines.join("\n").trimEnd());
}

function stepBar({ steps }: LoadReport): string {
  const marks = { done: "✓", here: "●", failed: "✗", ahead: "○" } as const;
  return steps.map(({ step, state }) => `${marks[state]} ${step}`).join(" ");
}

function problemLines(problem: Problem, number: number): string[] {
  const { code, title, where, found, why, advice, evidence, remedies, kerasSays, alignment } = problem;
  return [
    `${String(number).padStart(2)}  ${code}  ${printable(title)}`,
    ...labelled("where", placeText(where)),
    ...labelled("found", plain(found)),
    ...(why === "" ? [] : labelled("why", plain(why))),
    ...(advice === "" ? [] : labelled("next", plain(advice))),
    ...(evidence ? evidenceLines(evidence) : []),
    ...kerasSays.flatMap(({ version, message }, i) =>
      labelled(i === 0 ? "keras" : "", `${version}: ${printable(message, 500)}`),
    ),
    ...(alignment ? ["", ...alignmentLines(alignment)] : []),
    ...(remedies.length > 0 ? ["", "    What you can do:"] : []),
    ...remedies.flatMap(remedyLines),
  ];
}

/** What the user decided so far. */
function decisionLines(decisions: readonly Decision[]): string[] {
  const rows = decisions.map(({ code, subject, remedy, argument }) => [
    `  ${code}`,
    printable(subject, 60),
    `-> ${remedy}${argument === undefined ? "" : ` ${printable(argument, 120)}`}`,
  ]);
  return ["Decided so far:", ...columns(rows)];
}

/** What the step before the pause read and decided. */
function toldLines({ state, steps }: LoadReport): string[] {
  const last = state === "paused" ? steps.findLast((step) => step.state === "done") : undefined;
  if (!last?.told) return [];
  const rows = last.told.flatMap(({ label, text }) => labelled(label, plain(text)));
  return [`    ${last.step}: ${printable(last.note)}`, ...rows, ""];
}

const MOST_ROWS = 30;

/** Model and file side by side. */
function alignmentLines(rows: readonly AlignmentRow[]): string[] {
  const side = (layer: AlignedLayer | null) =>
    layer ? `${printable(layer.name, 20)} ${layer.shapes.slice(0, 2).map(shapeText).join(" ")}` : "-";
  const lines = aroundDifferences(rows, MOST_ROWS).map((row) =>
    row ? [`    ${side(row.model)}`, differenceText(row.difference), side(row.file)] : ["    ⋮", "", ""],
  );
  return columns([["    model", "", "file"], ...lines]);
}

function remedyLines(remedy: Remedy): string[] {
  const lines = wrap(`${plain(remedy.title)} (${fidelityText(remedy)})`, TEXT_WIDTH - 8);
  const command = remedy.command === undefined ? [] : [`          ${remedy.command}`];
  return [...lines.map((line, i) => `${i === 0 ? "      - " : "        "}${line}`), ...command];
}

function evidenceLines(evidence: LayerEvidence): string[] {
  const { config, weights, upstream, downstream, path, className } = evidence;
  const stored = weights.map(({ name, shape, dtype }) => {
    const type = dtype === "float32" ? "" : ` ${dtype}`;
    return `${printable(name)} ${shapeText(shape)}${type}`;
  });
  const shown = stored.length > 8 ? [...stored.slice(0, 8), `and ${stored.length - 8} more`] : stored;
  const chain = [neighbours(upstream), `[${printable(`${path}: ${className}`)}]`, neighbours(downstream)];
  return [
    ...(config === "" ? [] : labelled("saved as", printable(config, 600))),
    ...labelled("weights", shown.length > 0 ? shown.join("\n") : noWeights(evidence)),
    ...labelled("between", chain.filter((text) => text !== "").join(" -> ")),
  ];
}

function neighbours(list: readonly Neighbour[]): string {
  return list
    .slice(0, 3)
    .map(
      ({ path, shape, className }) =>
        `${printable(path)} ${shape ? shapeText(shape) : `(${printable(className)})`}`,
    )
    .join(" and ");
}

/** One line for each settled problem, under a line that counts them. */
export function settledLines(all: readonly Problem[]): string[] {
  const settled = all.filter(({ ordinary }) => !ordinary);
  const others = otherVersionsText(all) ?? [];
  if (settled.length === 0) return [others].flat();
  const rows = settled
    .slice(0, 12)
    .map(({ code, title, where, applied }) => [
      `  ${code}`,
      where.layer === undefined ? "" : printable(where.layer, 40),
      printable(title, 80),
      applied?.fidelity ?? "noted",
    ]);
  const more = settled.length - rows.length;
  const lines = columns(rows).flatMap((line, i) => [line, ...consequenceLines(settled[i]!)]);
  return [settledText(settled), ...lines, ...(more > 0 ? [`  and ${more} more`] : []), others].flat();
}

/** What a problem that was settled without being mended comes to, and the command that would mend it on a line of its own. */
function consequenceLines(problem: Problem): string[] {
  const [text = "", ...commands] = consequenceOf(problem)?.split(/ (?=%\w+ )/) ?? [];
  if (text === "") return [];
  const rest = commands.join(" ");
  return [
    ...wrap(plain(text), TEXT_WIDTH - 7).map((line) => `       ${line}`),
    ...(rest === "" ? [] : [`         ${plain(rest)}`]),
  ];
}

function plain(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line, 2000))
    .join("\n")
    .replaceAll("`", "");
}
