import { byteText } from "../../notation.js";
import type { MimeBundle } from "../bundle.js";
import { html } from "../html.js";
import { STYLE } from "../style.js";

/** How far something is. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  /** Null while nobody knows how much there is. */
  readonly total: number | null;
  /** What is counted; plain numbers if left out. */
  readonly unit?: "bytes";
  readonly seconds: number;
  /** `stopped` ended before its total. */
  readonly state: "running" | "done" | "stopped";
}

/** Characters of the bar in plain text. */
const CELLS = 30;
const COLOURS = { running: "#2b83d6", done: "#2e8b57", stopped: "#c77700" } as const;

/** A bar with numbers, for Jupyter. */
export function progressBundle(progress: ProgressState): MimeBundle {
  return {
    data: { "text/plain": progressText(progress), "text/html": progressHtml(progress) },
    metadata: {},
  };
}

/** `train: 45% |█████████████▌                | 45/100 [0:12, 3.8/s, 0:14 left]` */
function progressText(progress: ProgressState): string {
  const { label, total } = progress;
  const part = fraction(progress);
  const filled = Math.round(part * CELLS);
  const bar = total === null ? "" : `${percent(part)} |${"█".repeat(filled)}${" ".repeat(CELLS - filled)}| `;
  return `${label ? `${label}: ` : ""}${bar}${numbers(progress)}`;
}

function progressHtml(progress: ProgressState): string {
  const width = `${(fraction(progress) * 100).toFixed(1)}%`;
  const colour = COLOURS[progress.state];
  const track =
    "display:inline-block;vertical-align:middle;width:240px;max-width:50%;height:8px;border-radius:4px;overflow:hidden;margin:0 6px;background-color:rgba(128,128,128,0.22)";
  const bar = html`<span style="${track}"
    ><span style="display:block;height:8px;width:${width};background-color:${colour}"></span
  ></span>`;
  const { label, total } = progress;
  return html`<div style="${STYLE.bare};line-height:1.6">
    ${label ? html`<span>${label}</span>` : null} ${total === null ? null : bar}
    <span style="${STYLE.muted}"
      >${total === null ? "" : `${percent(fraction(progress))} `}${numbers(progress)}</span
    >
  </div>`.text;
}

function fraction({ done, total }: ProgressState): number {
  if (!total) return total === 0 ? 1 : 0;
  return Math.min(1, Math.max(0, done / total));
}

function percent(part: number): string {
  return `${Math.floor(part * 100)}%`;
}

function numbers({ done, total, seconds, state, unit }: ProgressState): string {
  const short = unit === "bytes" ? byteText : shortNumber;
  const rate = seconds > 0 ? done / seconds : 0;
  const times = [clock(seconds)];
  if (rate > 0) times.push(rate >= 1 || unit === "bytes" ? `${short(rate)}/s` : `${short(1 / rate)} s each`);
  if (state === "running" && total !== null && rate > 0) times.push(`${clock((total - done) / rate)} left`);
  if (state === "stopped") times.push("stopped");
  return `${short(done)}${total === null ? "" : `/${short(total)}`} [${times.join(", ")}]`;
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}

/** `0:07`, `1:02:03` */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (number: number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
