import { byteText, count, plural, printable } from "../../notation.js";
import type { Frame, LayerRow, Profile } from "../../runtime/profile/profile.js";
import { PROFILE, type MimeBundle } from "../bundle.js";
import { html, type Html } from "../html.js";
import { edged, STYLE } from "../style.js";
import { columns } from "../text.js";

/** Rows that are shown; the rest is summed up. */
const ROWS = 24;
/** Kernels named beside a layer. */
const KERNELS = 3;
/** A bar narrower than this part of the whole is not drawn: nobody could see it. */
const NARROWEST = 0.002;
const DEEPEST = 12;
const NOTHING = "Nothing was computed with tensors.";

/** Where the time went, for Jupyter: a table of layers, a flame view, and all of it as JSON. */
export function profileBundle(profile: Profile): MimeBundle {
  const data = {
    "text/plain": profileText(profile),
    "text/html": profileHtml(profile),
    [PROFILE]: profile,
  };
  return { data, metadata: {} };
}

function headline({ wall, backend, device, peakBytes, kernels }: Profile): string {
  const calls = kernels.reduce((sum, row) => sum + row.calls, 0);
  return `${milliseconds(wall)} on ${backend} (${device}), ${plural(calls, "kernel")}, at most ${byteText(peakBytes)} in tensors`;
}

function profileText(profile: Profile): string {
  const { layers, wall } = profile;
  if (layers.length === 0) return `${headline(profile)}\n\n${NOTHING}`;
  const rows = layers
    .slice(0, ROWS)
    .map((row) => [
      printable(row.name, 40),
      row.detail,
      count(row.calls),
      milliseconds(row.milliseconds),
      percent(row.milliseconds / wall),
      byteText(row.bytes),
      kernelText(row),
    ]);
  const head = ["Layer", "Class", "Calls", "Time", "Part", "Made", "Kernels"];
  return [headline(profile), "", ...columns([head, ...rows], [2, 3, 4, 5]), ...rest(profile)].join("\n");
}

function rest({ layers, wall }: Profile): string[] {
  const left = layers.slice(ROWS);
  if (left.length === 0) return [];
  const sum = left.reduce((total, row) => total + row.milliseconds, 0);
  return [`and ${plural(left.length, "more layer")} with ${milliseconds(sum)} (${percent(sum / wall)})`];
}

function kernelText({ kernels }: LayerRow): string {
  const named = kernels
    .slice(0, KERNELS)
    .map(({ name, calls }) => (calls === 1 ? name : `${name} x${calls}`));
  return kernels.length > KERNELS ? `${named.join(", ")}, ...` : named.join(", ");
}

function profileHtml(profile: Profile): string {
  const parts =
    profile.layers.length === 0
      ? html`<div style="${STYLE.section};${STYLE.muted}">${NOTHING}</div>`
      : html`<div style="${STYLE.section}">${flame(profile)}</div>
          ${table(profile)}`;
  return html`<div class="loadlab-profile" style="${edged("here")}">
    <div style="${STYLE.head}">
      <div style="${STYLE.title}">Profile</div>
      <div style="${STYLE.subtitle}">${headline(profile)}</div>
    </div>
    ${parts}
  </div>`.text;
}

function table(profile: Profile): Html {
  const { layers, wall } = profile;
  return html`<div style="padding:4px 16px 8px 16px;${STYLE.scroll}">
    <table style="${STYLE.table}">
      <thead>
        <tr>
          <th style="${STYLE.headCell}">Layer</th>
          <th style="${STYLE.headCell}">Class</th>
          <th style="${STYLE.headNumber}">Calls</th>
          <th style="${STYLE.headNumber}">Time</th>
          <th style="${STYLE.headNumber}">Part</th>
          <th style="${STYLE.headNumber}">Made</th>
          <th style="${STYLE.headCell}">Kernels</th>
        </tr>
      </thead>
      <tbody>
        ${layers.slice(0, ROWS).map((row) => rowHtml(row, wall))}
      </tbody>
    </table>
    ${rest(profile).map((line) => html`<div style="${STYLE.muted}">${line}</div>`)}
  </div>`;
}

function rowHtml(row: LayerRow, wall: number): Html {
  return html`<tr>
    <td style="${STYLE.cell}">${printable(row.name, 60)}</td>
    <td style="${STYLE.cell};${STYLE.muted}">${printable(row.detail, 40)}</td>
    <td style="${STYLE.number}">${count(row.calls)}</td>
    <td style="${STYLE.number}">${milliseconds(row.milliseconds)}</td>
    <td style="${STYLE.number}">${percent(row.milliseconds / wall)}</td>
    <td style="${STYLE.number}">${byteText(row.bytes)}</td>
    <td style="${STYLE.wideCell}">${kernelText(row)}</td>
  </tr>`;
}

const COLOURS = {
  model: "rgba(128,128,128,0.30)",
  layer: "rgba(43,131,214,0.42)",
  kernel: "rgba(224,123,0,0.42)",
} as const;

/** Calls side by side as they ran, what they called below them. The sanitiser lets no absolute positions through. */
function flame({ frames, wall, leftOut }: Profile): Html {
  const note =
    leftOut > 0 ? html`<div style="${STYLE.muted}">${plural(leftOut, "later call")} not drawn</div>` : null;
  return html`<div style="font-size:10px;line-height:15px">${level(frames, 0, wall, wall, 0)}</div>
    ${note}`;
}

/** @param from where the parent begins @param span how long it is, in milliseconds @param wall the whole */
function level(
  frames: readonly Frame[],
  from: number,
  span: number,
  wall: number,
  depth: number,
): Html | null {
  if (depth === DEEPEST || span <= 0) return null;
  const cells: Html[] = [];
  let at = from;
  for (const frame of frames) {
    if (frame.duration / wall < NARROWEST) continue;
    const gap = Math.max(0, frame.start - at);
    if (gap / span > 1e-4) cells.push(html`<td style="${cell(gap / span)}"></td>`);
    cells.push(
      html`<td style="${cell(frame.duration / span)}">
        ${bar(frame)}${level(frame.children, frame.start, frame.duration, wall, depth + 1)}
      </td>`,
    );
    at = frame.start + frame.duration;
  }
  if (cells.length === 0) return null;
  const left = Math.max(0, from + span - at);
  if (left / span > 1e-4) cells.push(html`<td style="${cell(left / span)}"></td>`);
  return html`<table style="border-collapse:collapse;table-layout:fixed;width:100%;margin:0;border:none">
    <tbody>
      <tr style="${STYLE.row}">
        ${cells}
      </tr>
    </tbody>
  </table>`;
}

function cell(part: number): string {
  return `width:${(Math.min(1, part) * 100).toFixed(3)}%;padding:0;vertical-align:top;border:none;background-color:transparent`;
}

function bar({ name, kind, detail, duration, bytes }: Frame): Html {
  const title = `${name}${detail ? ` (${printable(detail, 80)})` : ""}: ${milliseconds(duration)}, ${byteText(bytes)}`;
  const style = `height:15px;font-size:10px;line-height:15px;overflow:hidden;white-space:nowrap;text-overflow:clip;padding:0 0 0 2px;border-left:1px solid rgba(128,128,128,0.5);text-align:left;margin-bottom:1px;background-color:${COLOURS[kind]}`;
  return html`<div title="${title}" style="${style}">${printable(name, 60)}</div>`;
}

/** `0.42 ms`, `1.27 s` */
function milliseconds(value: number): string {
  if (value < 0.01) return `${(value * 1000).toFixed(1)} µs`;
  return value < 1000 ? `${Number(value.toPrecision(3))} ms` : `${Number((value / 1000).toPrecision(3))} s`;
}

function percent(part: number): string {
  return `${(100 * Math.min(1, part)).toFixed(1)} %`;
}
