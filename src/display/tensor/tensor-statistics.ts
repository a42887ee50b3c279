/** Significant digits of a statistic. */
const DIGITS = 4;
const BINS = 24;
/** Fewer values are seen one by one. */
const LEAST = 16;

/** Of the finite values of a tensor; NaN and infinities are counted apart. */
export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the values themselves, not of a sample. */
  readonly std: number;
  readonly notFinite: number;
}

/** How many values fall into each of the equal parts from `from` to `to`. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

/** Null where no value is finite. */
export function statisticsOf(values: ArrayLike<number>): Statistics | null {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  if (count === 0) return null;
  const mean = sum / count;
  const std = Math.sqrt(squaresAround(mean, values) / count);
  return { min, max, mean, std, notFinite: values.length - count };
}

/** Null where all values are the same, or too few to be spread. */
export function histogramOf(values: ArrayLike<number>, { min, max }: Statistics): Histogram | null {
  if (!(max > min) || values.length < LEAST) return null;
  const counts = new Array<number>(BINS).fill(0);
  const scale = BINS / (max - min);
  if (!Number.isFinite(scale)) return null;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (Number.isFinite(value)) counts[Math.min(BINS - 1, Math.floor((value - min) * scale))]!++;
  }
  return { from: min, to: max, counts };
}

/** `min 0  max 1  mean 0.5  std 0.29`, of the values that are numbers; empty where there is nothing to say. */
export function statisticsText(values: ArrayLike<unknown>, dtype: string): string {
  if (values.length < 2 || dtype === "string" || dtype === "complex64") return "";
  const numbers = values as ArrayLike<number>;
  if (dtype === "bool") return `${sumOf(numbers)} of ${numbers.length} true`;
  const statistics = statisticsOf(numbers);
  return statistics === null ? `${numbers.length} not finite` : statisticsLine(statistics);
}

export function statisticsLine({ min, max, mean, std, notFinite }: Statistics): string {
  const notes = notFinite > 0 ? [`${notFinite} not finite`] : [];
  return [
    `min ${shortNumber(min)}`,
    `max ${shortNumber(max)}`,
    `mean ${shortNumber(mean)}`,
    `std ${shortNumber(std)}`,
    ...notes,
  ].join("  ");
}

function squaresAround(mean: number, values: ArrayLike<number>): number {
  let squares = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
  }
  return squares;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum;
}

/** Four significant digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
