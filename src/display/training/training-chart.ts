import { shortNumber } from "../short-number.js";
import { plural } from "../../notation.js";
import type { MimeBundle } from "../bundle.js";
import { columns } from "../text.js";
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
  /** What stands above it: the metric, and from when on it has no numbers. */
  readonly title: string;
  /** The first and the last of the epochs. */
  readonly epochs: readonly [number, number];
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
const MOST_POINTS = 2 * WIDTH;
/** Points of their own are told apart up to so many. */
const MARKED_POINTS = 60;
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
  const ends = [epochs[0]?.epoch ?? 0, epochs.at(-1)?.epoch ?? 1] as const;
  return metrics.map((metric) => ({
    metric,
    title: titleOf(metric, epochs),
    epochs: ends,
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

/** `loss, NaN from epoch 3`: a line that ends says why. */
function titleOf(metric: string, epochs: readonly EpochLogs[]): string {
  const last = epochs.at(-1)?.logs[metric];
  if (last === undefined || Number.isFinite(last)) return metric;
  const from = epochs.findLastIndex(({ logs }) => Number.isFinite(logs[metric])) + 1;
  return `${metric}, ${shortNumber(last)} from epoch ${epochs[from]!.epoch}`;
}

function pointsOf(epochs: readonly EpochLogs[], key: string): [number, number][] {
  const points = epochs.flatMap(({ epoch, logs }) => {
    const value = logs[key];
    return value !== undefined && Number.isFinite(value) ? [[epoch, value] as [number, number]] : [];
  });
  return thinned(points);
}

/**
 * Of more points than a panel has pixels, the ends, and the least and the greatest of each stretch: a peak stays.
 * All points of thousands of epochs would be sent, and redrawn, at each update.
 */
function thinned(points: readonly [number, number][]): [number, number][] {
  if (points.length <= MOST_POINTS) return [...points];
  const stretch = Math.ceil((2 * points.length) / MOST_POINTS);
  const kept = new Set([0, points.length - 1]);
  for (let at = 0; at < points.length; at += stretch) {
    let [least, greatest] = [at, at];
    for (let i = at; i < Math.min(at + stretch, points.length); i++) {
      if (points[i]![1] < points[least]![1]) least = i;
      if (points[i]![1] > points[greatest]![1]) greatest = i;
    }
    kept.add(least).add(greatest);
  }
  return [...kept].sort((a, b) => a - b).map((i) => points[i]!);
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
    concat: panels.map(({ title, epochs, series }) => ({
      width: WIDTH,
      height: HEIGHT,
      data: {
        values: series.flatMap(({ name, points }) =>
          points.map(([epoch, value]) => ({ epoch, value, data: name })),
        ),
      },
      mark: { type: "line", point: isMarked(series) && { size: 24 }, tooltip: true },
      encoding: {
        x: {
          field: "epoch",
          type: "quantitative",
          scale: { zero: false, nice: false, domain: epochs },
          axis: { tickMinStep: 1, format: "d", grid: false },
        },
        y: { field: "value", type: "quantitative", title, scale: { zero: false } },
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

function isMarked(series: Panel["series"]): boolean {
  return series.every(({ points }) => points.length <= MARKED_POINTS);
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

function panelSvg({ title, epochs: [left, last], series }: Panel): string {
  const right = Math.max(left + 1, last);
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const [low, high] = bounds(values);
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
    `<text x="0" y="-10" font-weight="bold">${escaped(title)}</text>`,
    ...legend,
    ...labels(values, [low, high]),
    `<text x="0" y="${HEIGHT + 16}">${left}</text>`,
    `<text x="${WIDTH}" y="${HEIGHT + 16}" text-anchor="end">epoch ${right}</text>`,
    ...lines,
  ].join("");
}

/** The ends of the axis; the value itself where it is the same in all epochs. */
function labels(values: readonly number[], [low, high]: readonly [number, number]): string[] {
  const label = (at: number, value: number) =>
    `<text x="-6" y="${at}" text-anchor="end">${shortNumber(value)}</text>`;
  if (values.length === 0) return [];
  if (values.every((value) => value === values[0])) return [label(HEIGHT / 2 + 4, values[0]!)];
  return [label(8, high), label(HEIGHT, low)];
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
