import { byteText, count, plural, printable } from "../../notation.js";
import type { Frame, KernelRow, LayerRow, Profile } from "../../runtime/profile/profile.js";
import { html, type Html } from "../html.js";
import { edged, STYLE } from "../style.js";

export type { Profile };

/** Where the time went, as a front end shows it live: one call is looked at closer, the table is sorted. */

export const PROFILE_COLUMNS = ["name", "calls", "milliseconds", "bytes"] as const;
export type ProfileColumn = (typeof PROFILE_COLUMNS)[number];

export interface ProfileState {
  /** Which of its children is looked at, level by level; empty for all. */
  readonly focus: readonly number[];
  readonly table: "layers" | "kernels";
  readonly sort: { readonly column: ProfileColumn; readonly isDescending: boolean };
}

const ROW = 18;
/** Narrower calls than this part of the picture are not drawn: nobody could see them. */
const NARROWEST = 0.002;
const DEEPEST = 16;
const MOST_ROWS = 500;

export function liveProfile(profile: Profile, state: ProfileState): Html {
  const { backend, device, wall, peakBytes } = profile;
  return html`<div class="loadlab-profile" style="${edged("here")}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">Profile</div>
      <div style="${STYLE.subtitle}">
        ${milliseconds(wall)} on ${printable(backend, 40)} (${printable(device, 80)}), at most
        ${byteText(peakBytes)} in tensors
      </div>
    </div>
    ${flame(profile, state)}
    <div class="loadlab-tools">
      ${switchButton("layers", "Layers", state)} ${switchButton("kernels", "Kernels", state)}
      <span class="loadlab-status"
        >${plural(profile[state.table].length, state.table === "layers" ? "layer" : "kernel")}</span
      >
    </div>
    <div class="loadlab-scroll" tabindex="0" role="region" aria-label="Times of ${state.table}">
      ${table(profile, state)}
    </div>
  </div>`;
}

function switchButton(name: ProfileState["table"], label: string, { table }: ProfileState): Html {
  return html`<button
    type="button"
    class="loadlab-button"
    data-table="${name}"
    aria-pressed="${String(table === name)}"
  >
    ${label}
  </button>`;
}

/** The frame that is looked at; null for the whole. */
function focused(frames: readonly Frame[], [index, ...deeper]: readonly number[]): Frame | null {
  const found = index === undefined ? undefined : frames[index];
  if (!found) return null;
  return focused(found.children, deeper) ?? found;
}

function flame(profile: Profile, { focus }: ProfileState): Html {
  const frame = focused(profile.frames, focus);
  const from = frame?.start ?? 0;
  const span = frame?.duration ?? profile.wall;
  const bars: Html[] = [];
  let deepest = 0;
  const visit = (frames: readonly Frame[], path: readonly number[], depth: number): void => {
    if (depth >= DEEPEST || span <= 0) return;
    for (const [i, one] of frames.entries()) {
      if (one.duration / span < NARROWEST) continue;
      deepest = Math.max(deepest, depth + 1);
      bars.push(bar(one, [...path, i], (one.start - from) / span, one.duration / span, depth));
      visit(one.children, [...path, i], depth + 1);
    }
  };
  if (frame) visit([frame], focus.slice(0, -1), 0);
  else visit(profile.frames, [], 0);
  const back =
    focus.length === 0
      ? html`Click a call to look at it closer.`
      : html`<button type="button" class="loadlab-button" data-focus="">Show all</button>
          ${callText(frame!)}`;
  return html`<div class="loadlab-tools"><span>${back}</span></div>
    <div class="loadlab-flame" role="group" aria-label="Calls as they ran" style="height:${deepest * ROW}px">
      ${bars}
    </div>
    ${profile.leftOut > 0 ? html`<div style="padding:0 16px;${STYLE.muted}">${plural(profile.leftOut, "later call")} not drawn</div>` : null}`;
}

function bar(frame: Frame, path: readonly number[], left: number, width: number, depth: number): Html {
  const place = `left:${(left * 100).toFixed(3)}%;width:${(width * 100).toFixed(3)}%;top:${depth * ROW}px`;
  return html`<button
    type="button"
    class="loadlab-flame-${frame.kind}"
    style="${place}"
    data-focus="${path.join(".")}"
    title="${callText(frame)}"
    aria-label="${callText(frame)}"
  >
    ${width > 0.03 ? printable(frame.name, 60) : null}
  </button>`;
}

function callText({ name, kind, detail, duration, bytes }: Frame): string {
  const about = detail === "" ? "" : ` ${printable(detail, 100)}`;
  return `${kind} ${printable(name, 100)}${about}: ${milliseconds(duration)}, made ${byteText(bytes)}`;
}

/** What is left goes to the kernels. */
const WIDTHS: Readonly<Record<ProfileColumn, string>> = {
  name: "30%",
  calls: "9%",
  milliseconds: "13%",
  bytes: "12%",
};

const HEADS: Readonly<Record<ProfileColumn, string>> = {
  name: "Name",
  calls: "Calls",
  milliseconds: "Time",
  bytes: "Made",
};

function table(profile: Profile, { table, sort }: ProfileState): Html {
  const rows = [...(profile[table] as readonly (LayerRow | KernelRow)[])].sort(
    (a, b) => (sort.isDescending ? -1 : 1) * compared(a[sort.column], b[sort.column]),
  );
  const head = PROFILE_COLUMNS.map((column) => {
    const isSorted = sort.column === column;
    const order = isSorted ? (sort.isDescending ? "descending" : "ascending") : "none";
    const arrow = isSorted ? (sort.isDescending ? " ▼" : " ▲") : "";
    const style = column === "name" ? STYLE.headCell : STYLE.headNumber;
    return html`<th style="${style};width:${WIDTHS[column]}" aria-sort="${order}">
      <button type="button" data-sort="${column}">${HEADS[column]}${arrow}</button>
    </th>`;
  });
  return html`<table class="loadlab-grid">
    <thead>
      <tr>
        ${head}
        <th style="${STYLE.headNumber};width:10%">Part</th>
        <th style="${STYLE.headCell}">${table === "layers" ? "Kernels" : null}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.slice(0, MOST_ROWS).map((row) => tableRow(row, profile.wall))}
    </tbody>
  </table>`;
}

function tableRow(row: LayerRow | KernelRow, wall: number): Html {
  const detail =
    "detail" in row && row.detail !== ""
      ? html` <span style="${STYLE.muted}">${printable(row.detail, 40)}</span>`
      : null;
  const kernels =
    "kernels" in row
      ? row.kernels
          .slice(0, 4)
          .map(({ name }) => printable(name, 40))
          .join(", ")
      : "";
  return html`<tr>
    <td style="${STYLE.wideCell}">${printable(row.name, 60)}${detail}</td>
    <td style="${STYLE.number}">${count(row.calls)}</td>
    <td style="${STYLE.number}">${milliseconds(row.milliseconds)}</td>
    <td style="${STYLE.number}">${byteText(row.bytes)}</td>
    <td style="${STYLE.number}">${wall > 0 ? `${((row.milliseconds / wall) * 100).toFixed(1)} %` : ""}</td>
    <td style="${STYLE.wideCell};${STYLE.muted}">${kernels}</td>
  </tr>`;
}

function compared(a: string | number, b: string | number): number {
  return typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b);
}

function milliseconds(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
