import { differenceText } from "../../src/display/card/alignment.js";
import { html, type Html } from "../../src/display/html.js";
import { STYLE, TONE } from "../../src/display/style.js";
import { plural, printable, shapeText } from "../../src/notation.js";
import type { AlignedLayer, AlignmentRow } from "../../src/loading/problem.js";
import { leftOver, type Pairing, rowsOf } from "./pairing.js";

/** More rows are no longer matched by hand; those that differ come first. */
const MOST_ROWS = 400;

/**
 * Model and file side by side, to be matched: layers of the file are picked up and put beside a layer of the model, by
 * pointer or key.
 * @param problem index of the problem on the card
 */
export function alignmentEditor(pairing: Pairing, problem: number, isDisabled: boolean): Html {
  const rows = rowsOf(pairing);
  const shown = rows.flatMap((row, i) => (row.difference === "same" && rows.length > MOST_ROWS ? [] : [i]));
  const off = isDisabled ? "true" : "false";
  const tray = leftOver(pairing);
  return html`<div style="${STYLE.label}">Match the weights</div>
    <div style="${STYLE.muted};font-size:12px;margin-bottom:4px">
      Drag a layer of the file beside the layer of the model that takes it; or press it, then press the place.
    </div>
    <div class="loadlab-match" data-problem="${problem}" aria-disabled="${off}">
      <table style="${STYLE.table}" aria-label="Layers of the model and what they take from the file">
        <thead>
          <tr>
            <th scope="col" style="${STYLE.headCell}">Model</th>
            <th scope="col" style="${STYLE.headCell}">Difference</th>
            <th scope="col" style="${STYLE.headCell}">File</th>
          </tr>
        </thead>
        <tbody>
          ${shown.slice(0, MOST_ROWS).map((i) => pairRow(pairing, rows[i]!, i))}
        </tbody>
      </table>
    </div>
    <div class="loadlab-tray" data-problem="${problem}" data-tray="yes">
      <span style="${STYLE.muted}"
        >${tray.length === 0 ? "Nothing of the file is left over." : "Left in the file:"}</span
      >
      ${tray.map((i) => chip(pairing, i))}
    </div>
    <div style="${STYLE.muted};font-size:12px">${inWords(rows, tray.length)}</div>`;
}

function pairRow(pairing: Pairing, row: AlignmentRow, model: number): Html {
  const { name, shapes } = row.model!;
  const partner = pairing.partners[model] ?? null;
  const isTarget = pairing.picked !== null && pairing.picked !== partner;
  const put = `Put ${pairing.picked === null ? "" : pairing.files[pairing.picked]!.name} beside ${name}`;
  const place = isTarget
    ? html`<button
        type="button"
        class="loadlab-button loadlab-here"
        data-act="put"
        data-model="${model}"
        aria-label="${put}"
      >
        put here
      </button>`
    : null;
  const none =
    partner === null ? html`<span style="${STYLE.muted}">stays zeros</span>` : chip(pairing, partner);
  const away =
    partner !== null && !isTarget
      ? html` <button
          type="button"
          class="loadlab-button loadlab-quiet"
          data-act="part"
          data-model="${model}"
          aria-label="Take ${pairing.files[partner]!.name} away from ${name}"
        >
          ✕
        </button>`
      : null;
  return html`<tr data-model="${model}">
    <th scope="row" style="${STYLE.cell};font-weight:400">${layerText({ name, shapes })}</th>
    <td style="${STYLE.cell};${toneOf(row.difference)}">
      ${MARKS[row.difference]} ${differenceText(row.difference)}
    </td>
    <td style="${STYLE.wideCell}">${none}${away} ${place}</td>
  </tr>`;
}

/** A layer of the file, to be picked up. No button element: Firefox lets none be dragged. */
function chip(pairing: Pairing, file: number): Html {
  const { name, shapes } = pairing.files[file]!;
  const pressed = pairing.picked === file ? "true" : "false";
  return html`<span
    role="button"
    tabindex="0"
    class="loadlab-chip"
    draggable="true"
    data-act="pick"
    data-file="${file}"
    aria-pressed="${pressed}"
  >
    ${layerText({ name, shapes })}
  </span>`;
}

function layerText({ name, shapes }: AlignedLayer): Html {
  const more = shapes.length > 4 ? " …" : "";
  return html`<span style="${STYLE.bare}">${printable(name, 50)}</span>${" "}<span style="${STYLE.muted}"
      >${shapes.slice(0, 4).map(shapeText).join(" ")}${more}</span
    >`;
}

const MARKS: Readonly<Record<AlignmentRow["difference"], string>> = {
  same: "",
  name: "≈",
  layout: "⤨",
  shape: "✗",
  model: "○",
  file: "○",
};

function toneOf(difference: AlignmentRow["difference"]): string {
  if (difference === "same") return STYLE.muted;
  if (difference === "shape") return TONE.bad;
  return difference === "name" || difference === "layout" ? TONE.good : TONE.warn;
}

function inWords(rows: readonly AlignmentRow[], left: number): string {
  const count = (...kinds: AlignmentRow["difference"][]) =>
    rows.filter(({ difference }) => kinds.includes(difference)).length;
  const parts = [
    `${plural(count("same", "name", "layout"), "layer")} of ${rows.length} fit`,
    ...(count("shape") > 0 ? [`${plural(count("shape"), "pair")} of other shapes`] : []),
    ...(count("model") > 0
      ? [`${count("model")} without a partner, so the model will compute something else`]
      : []),
    ...(left > 0 ? [`${left} left in the file`] : []),
  ];
  return `${parts.join(", ")}.`;
}
