import { count, plural, printable, shapeText } from "../../notation.js";
import { type Arrangement, type Column, COLUMNS, isTree } from "./arrange-layers.js";
import { html, type Html } from "../html.js";
import type { LayerDetail } from "./layer-detail.js";
import type { LayerRow } from "./layer-rows.js";
import type { ShownSummary } from "./model-summary.js";
import { edged, STYLE } from "../style.js";
import {
  detailParts,
  layerConnections,
  layerName,
  layerParameters,
  layerShapes,
  summaryFoot,
  summaryHead,
} from "./summary-parts.js";
import { stubs } from "./summary-table.js";

/** The layer table as a front end shows it live: filtered, sorted, and only the rows in sight. */

export interface GridState {
  readonly arrangement: Arrangement;
  /** Rows that the arrangement shows. */
  readonly shown: number;
  readonly total: number;
  readonly hasNested: boolean;
  /** Id of the row that the keys act on, null while none is. */
  readonly activeRow: string | null;
}

/** What a row that is open shows: the detail, or in words why not. */
export type OpenDetail = LayerDetail | { readonly note: string };

/** Everything but the rows, which `gridRows` makes. */
export function summaryGrid(summary: ShownSummary, state: GridState): Html {
  const { arrangement, hasNested } = state;
  return html`<div class="loadlab-summary" style="${edged(stubs(summary) ? "warn" : "good")}">
    ${summaryHead(summary)}
    <div class="loadlab-tools">
      <label>Filter <input type="search" data-change="text" placeholder="name or class" /></label>
      <label
        ><input
          type="checkbox"
          data-change="onlyTrainable"
          ${arrangement.onlyTrainable ? html`checked` : null}
        />
        only trainable</label
      >
      <label
        ><input
          type="checkbox"
          data-change="onlyAdjusted"
          ${arrangement.onlyAdjusted ? html`checked` : null}
        />
        only adjusted or stub</label
      >
      ${
        hasNested
          ? html`<button type="button" class="loadlab-button" data-act="fold">Fold all</button>
              <button type="button" class="loadlab-button" data-act="unfold">Unfold all</button>`
          : null
      }
      <span class="loadlab-status" role="status">${statusText(state)}</span>
    </div>
    <div class="loadlab-scroll">
      <table
        class="loadlab-grid"
        role="treegrid"
        tabindex="0"
        aria-label="Layers of ${printable(summary.name, 60)}"
        aria-rowcount="${state.shown + 1}"
        ${state.activeRow === null ? null : html`aria-activedescendant="${state.activeRow}"`}
      >
        <thead>
          <tr role="row" aria-rowindex="1">
            ${COLUMNS.map((column) => headCell(column, arrangement))}
          </tr>
        </thead>
        <tbody data-loadlab-island></tbody>
      </table>
    </div>
    ${summaryFoot(summary)}
  </div>`;
}

const HEADS: Readonly<Record<Column, string>> = {
  name: "Layer",
  class: "Class",
  shape: "Output shape",
  parameters: "Parameters",
  connections: "Connected to",
};

function headCell(column: Column, { sort }: Arrangement): Html {
  const isSorted = sort?.column === column;
  const order = isSorted ? (sort.isDescending ? "descending" : "ascending") : "none";
  const arrow = isSorted ? (sort.isDescending ? " ▼" : " ▲") : "";
  return html`<th role="columnheader" class="loadlab-col-${column}" aria-sort="${order}">
    <button type="button" data-sort="${column}" title="Sort by ${HEADS[column].toLowerCase()}">
      ${HEADS[column]}${arrow}
    </button>
  </th>`;
}

function statusText({ shown, total, arrangement }: GridState): string {
  return isTree(arrangement) ? plural(total, "layer") : `${count(shown)} of ${plural(total, "layer")}`;
}

/** A row in sight. */
export interface GridRow {
  readonly id: string;
  /** From 0, among those that are shown. */
  readonly place: number;
  readonly row: LayerRow;
  readonly isActive: boolean;
  /** Of a nested model in a tree; null where nothing folds. */
  readonly isFolded: boolean | null;
  /** Absent while closed. */
  readonly detail?: OpenDetail;
}

/** The rows in sight, with room for those above and below. */
export function gridRows(rows: readonly GridRow[], above: number, below: number, tree: boolean): Html {
  const room = (pixels: number) =>
    pixels > 0
      ? html`<tr aria-hidden="true" class="loadlab-room">
          <td colspan="5" style="height:${pixels}px"></td>
        </tr>`
      : null;
  return html`${room(above)}${rows.map((row) => html`${gridRow(row, tree)}${row.detail ? detailRow(row, row.detail) : null}`)}${room(below)}`;
}

function gridRow({ id, place, row, isActive, isFolded, detail }: GridRow, tree: boolean): Html {
  const { layer } = row;
  const caret =
    isFolded === null
      ? html`<span class="loadlab-caret"></span>`
      : html`<span class="loadlab-caret" data-fold="${layer.path}">${isFolded ? "▸" : "▾"}</span>`;
  const name = layerName(row, printable(tree ? layer.name : layer.path, 80));
  const inside = isFolded ? html` <span style="${STYLE.muted}">${plural(row.inside, "layer")}</span>` : null;
  return html`<tr
    id="${id}"
    role="row"
    class="loadlab-layer${isActive ? " loadlab-active" : ""}"
    data-row="${place}"
    aria-level="${(tree ? layer.depth : 0) + 1}"
    aria-rowindex="${place + 2}"
    aria-expanded="${isFolded === null ? String(detail !== undefined) : String(!isFolded)}"
    aria-selected="${String(isActive)}"
  >
    <td
      role="gridcell"
      title="${printable(layer.path, 300)}"
      style="padding-left:${tree ? Math.min(layer.depth, 12) * 18 : 0}px"
    >
      ${caret}${name}${inside}
    </td>
    <td role="gridcell" title="${printable(layer.className, 160)}">${printable(layer.className, 40)}</td>
    <td role="gridcell" title="${layer.outputShapes.map(shapeText).join(" ")}">${layerShapes(row)}</td>
    <td role="gridcell" class="loadlab-number">${layerParameters(row)}</td>
    <td
      role="gridcell"
      title="${layer.connectedTo.map((name) => printable(name)).join(", ")}"
      style="${STYLE.muted}"
    >
      ${layerConnections(row)}
    </td>
  </tr>`;
}

function detailRow({ id, row }: GridRow, detail: OpenDetail): Html {
  const links = (label: string, paths: readonly string[]) =>
    paths.length === 0
      ? null
      : html`<div>
          <span style="${STYLE.muted};padding-right:8px">${label}</span>
          ${paths.slice(0, 30).map((path) => html`<button type="button" class="loadlab-link" data-go="${path}">${printable(path, 80)}</button> `)}
          ${paths.length > 30 ? `and ${paths.length - 30} more` : null}
        </div>`;
  return html`<tr id="${id}-detail" role="row" class="loadlab-detail" data-detail="${row.layer.path}">
    <td role="gridcell" colspan="5">
      <div class="loadlab-detail-body">
        ${links("Called on", row.inbound)} ${links("Goes to", row.outbound)}
        ${row.adjustments.length === 0 ? null : html`<div><span style="${STYLE.muted};padding-right:8px">Adjusted</span> ${row.adjustments.map((one) => printable(one)).join("; ")}</div>`}
        ${row.layer.mark === null ? null : html`<div><span style="${STYLE.muted};padding-right:8px">${row.layer.mark.kind}</span> ${printable(row.layer.mark.detail, 300)}</div>`}
        ${"note" in detail ? html`<div style="${STYLE.muted}">${detail.note}</div>` : detailParts(detail)}
      </div>
    </td>
  </tr>`;
}
