/** Milliseconds as a person reads them, to three digits. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1e-3) return `${(milliseconds * 1e6).toPrecision(3)} ns`;
  if (milliseconds < 1) return `${threeDigits(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${threeDigits(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${threeDigits(milliseconds / 1000)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Never as a power of ten: 999.9 is 1000. */
function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
