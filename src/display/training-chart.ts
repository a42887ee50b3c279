import { shortNumber } from "./short-number.js";
import { plural } from "../loading/notation.js";
import type { MimeBundle } from "./bundle.js";
import { columns } from "./text.js";
import { vegaBundle } from "./vega-spec.js";

/** What an epoch ended with: `{ loss: 0.31, val_loss: 0.35, acc: 0.9 }`. */
export interface EpochLogs {
  /** From 1. */
  readonly epoch: number;
  readonly logs: Readonly<Record<string, number>>;
}

/** One panel: a metric in training and, where it is computed, on the validation data. */
interface Panel {
  readonly metric: string;
  readonly series: readonly { readonly name: Series; readonly points: readonly [number, number][] }[];
}

type Series = "training" | "validation";

/** Read on white and on black. */
const COLOURS: Readonly<Record<Series, string>> = { training: "#2b83d6", validation: "#e07b00" };
/** The lines differ without their colours too. */
const DASHES: Readonly<Record<Series, readonly number[]>> = { training: [1, 0], validation: [5, 3] };
const VALIDATION = /^val_/;
const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";
const WIDTH = 280;
const HEIGHT = 170;
const INK = "#808080";
/** A chart is not drawn anew when the theme changes: its words read on white and on black. */
const CONFIG = {
  axis: {
    labelColor: INK,
    titleColor: INK,
    domainColor: INK,
    tickColor: INK,
    gridColor: INK,
    gridOpacity: 0.25,
  },
  legend: { labelColor: INK },
  view: { stroke: null },
};
/** Rows of the text; what lies between is left out. */
const ROWS = 12;

/** Loss and metrics by epoch: a Vega-Lite chart, the same as SVG for front ends without it, and a table. */
export function trainingChartBundle(epochs: readonly EpochLogs[]): MimeBundle {
  const panels = panelsOf(epochs);
  const data = {
    "text/plain": trainingTable(epochs),
    "image/svg+xml": chartSvg(panels),
    ...vegaBundle(vegaLite(panels)),
  };
  return { data, metadata: {} };
}

function panelsOf(epochs: readonly EpochLogs[]): Panel[] {
  const names = metricNames(epochs);
  const metrics = [...new Set(names.map((name) => name.replace(VALIDATION, "")))];
  return metrics.map((metric) => ({
    metric,
    series: (["training", "validation"] as const)
      .map((name) => ({ name, points: pointsOf(epochs, name === "training" ? metric : `val_${metric}`) }))
      .filter(({ points }) => points.length > 0),
  }));
}

/** `History of 15 epochs: loss 68.46 to 5.766, mae 7.25 to 1.911` */
export function historyText(history: Readonly<Record<string, readonly unknown[]>>): string {
  const epochs = Math.max(0, ...Object.values(history).map(({ length }) => length));
  const told = metricNames([
    { epoch: 0, logs: Object.fromEntries(Object.keys(history).map((name) => [name, 0])) },
  ])
    .map((name) => ({ name, values: history[name]!.filter((value) => typeof value === "number") }))
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => `${name} ${shortNumber(values[0]!)} to ${shortNumber(values.at(-1)!)}`);
  return `History of ${plural(epochs, "epoch")}${told.length > 0 ? `: ${told.join(", ")}` : ""}`;
}

/** Each metric before its value on the validation data; tfjs has them the other way round. */
export function metricNames(epochs: readonly EpochLogs[]): string[] {
  const names = [...new Set(epochs.flatMap(({ logs }) => Object.keys(logs)))];
  const plain = [...new Set(names.map((name) => name.replace(VALIDATION, "")))];
  return plain.flatMap((name) => [name, `val_${name}`].filter((one) => names.includes(one)));
}

function pointsOf(epochs: readonly EpochLogs[], key: string): [number, number][] {
  return epochs.flatMap(({ epoch, logs }) => {
    const value = logs[key];
    return value !== undefined && Number.isFinite(value) ? [[epoch, value] as [number, number]] : [];
  });
}

function vegaLite(panels: readonly Panel[]): object {
  const both = panels.some(({ series }) => series.length > 1);
  return {
    $schema: SCHEMA,
    background: null,
    config: CONFIG,
    // The menu that Vega puts beside a chart has no name for a screen reader.
    usermeta: { embedOptions: { actions: false } },
    columns: 2,
    concat: panels.map(({ metric, series }) => ({
      width: WIDTH,
      height: HEIGHT,
      data: {
        values: series.flatMap(({ name, points }) =>
          points.map(([epoch, value]) => ({ epoch, value, data: name })),
        ),
      },
      mark: { type: "line", point: { size: 24 }, tooltip: true },
      encoding: {
        x: {
          field: "epoch",
          type: "quantitative",
          scale: { zero: false, nice: false },
          axis: { tickMinStep: 1, format: "d", grid: false },
        },
        y: { field: "value", type: "quantitative", title: metric, scale: { zero: false } },
        color: {
          field: "data",
          type: "nominal",
          scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
          legend: both ? { title: null, orient: "top" } : null,
        },
        strokeDash: {
          field: "data",
          type: "nominal",
          scale: { domain: Object.keys(DASHES), range: Object.values(DASHES) },
        },
      },
    })),
  };
}

const MARGIN = { left: 58, right: 12, top: 26, bottom: 30 };
const CELL = { width: MARGIN.left + WIDTH + MARGIN.right, height: MARGIN.top + HEIGHT + MARGIN.bottom };

function chartSvg(panels: readonly Panel[]): string {
  const across = Math.min(2, Math.max(1, panels.length));
  const width = across * CELL.width;
  const height = Math.ceil(panels.length / across) * CELL.height;
  const cells = panels.map((panel, i) => {
    const [x, y] = [(i % across) * CELL.width, Math.floor(i / across) * CELL.height];
    return `<g transform="translate(${x + MARGIN.left},${y + MARGIN.top})">${panelSvg(panel)}</g>`;
  });
  const alt = escaped(`${panels.map(({ metric }) => metric).join(", ")} by epoch`);
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${alt}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" fill="${INK}">${cells.join("")}</svg>`;
}

function panelSvg({ metric, series }: Panel): string {
  const all = series.flatMap(({ points }) => points);
  const epochs = all.map(([epoch]) => epoch);
  const right = Math.max(1, ...epochs);
  const left = Math.min(right - 1, ...epochs);
  const [low, high] = bounds(all.map(([, value]) => value));
  const x = (epoch: number) => round(((epoch - left) / (right - left)) * WIDTH);
  const y = (value: number) => round(HEIGHT - ((value - low) / (high - low)) * HEIGHT);
  const lines = series.map(({ name, points }) => {
    const path = points.map(([epoch, value]) => `${x(epoch)},${y(value)}`).join(" ");
    const [last, value] = points.at(-1)!;
    return `<polyline fill="none" stroke="${COLOURS[name]}" stroke-width="2" stroke-dasharray="${DASHES[name].join(" ")}" points="${path}"/><circle cx="${x(last)}" cy="${y(value)}" r="3" fill="${COLOURS[name]}"/>`;
  });
  const names = series.length > 1 ? series : [];
  const legend = names.map(
    ({ name }, i) =>
      `<text x="${WIDTH - 130 + i * 62}" y="-10" fill="${COLOURS[name]}">${name}${name === "validation" ? " - -" : ""}</text>`,
  );
  return [
    `<path d="M0 0V${HEIGHT}H${WIDTH}" fill="none" stroke="${INK}"/>`,
    `<text x="0" y="-10" font-weight="bold">${escaped(metric)}</text>`,
    ...legend,
    `<text x="-6" y="8" text-anchor="end">${shortNumber(high)}</text>`,
    `<text x="-6" y="${HEIGHT}" text-anchor="end">${shortNumber(low)}</text>`,
    `<text x="0" y="${HEIGHT + 16}">${left}</text>`,
    `<text x="${WIDTH}" y="${HEIGHT + 16}" text-anchor="end">epoch ${right}</text>`,
    ...lines,
  ].join("");
}

function bounds(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!Number.isFinite(low)) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The first epochs and the last, in columns. */
function trainingTable(epochs: readonly EpochLogs[]): string {
  const names = metricNames(epochs);
  const row = ({ epoch, logs }: EpochLogs) => [
    String(epoch),
    ...names.map((name) => (logs[name] === undefined ? "" : shortNumber(logs[name]))),
  ];
  const shown =
    epochs.length <= ROWS ? epochs.map(row) : [row(epochs[0]!), ["..."], ...epochs.slice(2 - ROWS).map(row)];
  return columns([["epoch", ...names], ...shown], [0, ...names.map((_, i) => i + 1)]).join("\n");
}
