/** Significant digits of a statistic. */
const DIGITS = 4;

/** `min 0  max 1  mean 0.5  std 0.29`, of the values that are numbers; empty where there is nothing to say. */
export function statisticsText(values: ArrayLike<unknown>, dtype: string): string {
  if (values.length < 2 || dtype === "string" || dtype === "complex64") return "";
  const numbers = values as ArrayLike<number>;
  return dtype === "bool" ? `${sumOf(numbers)} of ${numbers.length} true` : numberStatistics(numbers);
}

function numberStatistics(values: ArrayLike<number>): string {
  let [min, max, sum, count, strange] = [Infinity, -Infinity, 0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!Number.isFinite(value)) {
      strange++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  const notes = strange > 0 ? [`${strange} not finite`] : [];
  if (count === 0) return notes.join("");
  const mean = sum / count;
  const std = Math.sqrt(squaresAround(mean, values) / count);
  return [
    `min ${short(min)}`,
    `max ${short(max)}`,
    `mean ${short(mean)}`,
    `std ${short(std)}`,
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

function short(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
