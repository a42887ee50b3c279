/** How single elements of an array are written: one format for all of them, so that columns align. */

type Format = (offset: number) => string;

/** Digits behind the point. */
const PRECISION = 8;
/** Floats from here on are written with an exponent (NumPy 2.4: by the digits that a float32 holds). */
const LARGE = 1e6;
const SMALL = Math.fround(1e-4);
/** Largest by smallest, beyond which an exponent reads better. */
const WIDE = 1000;

/** @param shown offsets of the elements that decide about width and digits. */
export function elementFormat(values: ArrayLike<unknown>, shown: readonly number[], dtype: string): Format {
  switch (dtype) {
    case "string":
      return (offset) => quoted(values[offset]);
    case "bool":
      return (offset) => (values[offset] ? " True" : "False");
    case "complex64":
      return complexFormat(values as ArrayLike<number>, shown);
    case "float32": {
      const format = floatFormat(shown.map((offset) => Number(values[offset])));
      return (offset) => format(Number(values[offset]));
    }
    default: {
      const width = Math.max(...shown.map((offset) => String(values[offset]).length));
      return (offset) => String(values[offset]).padStart(width);
    }
  }
}

/** A tensor without axes. */
export function scalarText(values: ArrayLike<unknown>, dtype: string): string {
  const [first, second] = [values[0], values[1]];
  if (dtype === "string") return String(first);
  if (dtype === "bool") return first ? "True" : "False";
  if (dtype === "complex64") return `(${floatScalar(Number(first), "")}${signed(Number(second))}j)`;
  return dtype === "float32" ? floatScalar(Number(first), ".0") : String(first);
}

function signed(value: number): string {
  return (value < 0 || Object.is(value, -0) ? "" : "+") + floatScalar(value, "");
}

/** @param whole what a whole number ends with. */
function floatScalar(value: number, whole: string): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < SMALL || size >= 1e16))
    return exponential(value, shortestDigits(value) - 1, 2, "");
  const text = positional(value);
  return text.endsWith(".") ? text.slice(0, -1) + whole : text;
}

function floatFormat(data: readonly number[], plus = false): (value: number) => string {
  const finite = data.filter((value) => Number.isFinite(value));
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  const largest = Math.max(...sizes);
  const smallest = Math.min(...sizes);
  const exponent =
    sizes.length > 0 && (largest >= LARGE || smallest < SMALL || Math.fround(largest / smallest) > WIDE);
  const write = exponent ? exponentialFormat(finite, plus) : positionalFormat(finite, plus);
  // Not numbers and infinities take part in the width.
  const width = Math.max(
    ...data.map(
      (value) => (Number.isFinite(value) ? write(value) : sign(value, plus) + nonFinite(value)).length,
    ),
  );
  return (value) =>
    Number.isFinite(value)
      ? write(value).padStart(width)
      : (sign(value, plus) + nonFinite(value)).padStart(width);
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

/** The plus that was asked for. */
function sign(value: number, plus: boolean): string {
  return plus && !(value < 0 || Object.is(value, -0)) ? "+" : "";
}

/** Points below each other. */
function positionalFormat(data: readonly number[], plus: boolean): (value: number) => string {
  const parts = data.map((value) => (sign(value, plus) + positional(value)).split("."));
  const left = Math.max(...parts.map(([whole]) => whole!.length));
  const right = Math.max(...parts.map(([, digits]) => digits!.length));
  return (value) => {
    const [whole, digits] = (sign(value, plus) + positional(value)).split(".");
    return `${whole!.padStart(left)}.${digits!.padEnd(right)}`;
  };
}

/** `2.5`, `3.` */
function positional(value: number): string {
  const digits = shortestDigits(value);
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split("e")[1]);
  const behind = Math.min(PRECISION, Math.max(0, digits - 1 - exponent));
  const finer = value.toFixed(behind + 1);
  const text =
    Math.abs(value) < 1e21
      ? tiesToEven(value.toFixed(behind), finer, Number(finer) === value)
      : BigInt(value).toString();
  const negativeZero = Object.is(value, -0) ? "-" : "";
  if (!text.includes(".")) return `${negativeZero}${text}.`;
  return text.replace(/0+$/, "");
}

/** JavaScript rounds a tie up; NumPy to an even last digit. `finer` has one digit more. */
function tiesToEven(rounded: string, finer: string, isExact: boolean): string {
  const isTie = isExact && finer.endsWith("5") && /[13579]$/.test(rounded);
  return isTie ? finer.slice(0, -1).replace(/\.$/, "") : rounded;
}

function exponentialFormat(data: readonly number[], plus: boolean): (value: number) => string {
  const digits = Math.min(PRECISION, Math.max(...data.map((value) => shortestDigits(value) - 1)));
  const powers = data.map((value) => value.toExponential().split("e")[1]!.length - 1);
  const width = Math.max(2, ...powers);
  return (value) => sign(value, plus) + exponential(value, digits, width, ".");
}

/** `1.50e-05`; `point` stands where no digits follow it. */
function exponential(value: number, digits: number, width: number, point: string): string {
  const [rounded, power] = value.toExponential(digits).split("e") as [string, string];
  const finer = value.toExponential(digits + 1);
  const mantissa = tiesToEven(rounded, finer.split("e")[0]!, Number(finer) === value);
  const dot = mantissa.includes(".") ? "" : point;
  const minus = Object.is(value, -0) ? "-" : "";
  return `${minus}${mantissa}${dot}e${power[0]}${power.slice(1).padStart(width, "0")}`;
}

/** How many significant digits tell this float32 from its neighbours. */
function shortestDigits(value: number): number {
  for (let digits = 1; digits < 9; digits++)
    if (Math.fround(Number(value.toPrecision(digits))) === Math.fround(value)) return digits;
  return 9;
}

function complexFormat(values: ArrayLike<number>, shown: readonly number[]): Format {
  const real = floatFormat(shown.map((offset) => values[2 * offset]!));
  const imaginary = floatFormat(
    shown.map((offset) => values[2 * offset + 1]!),
    true,
  );
  return (offset) => {
    const text = imaginary(values[2 * offset + 1]!);
    const end = text.trimEnd().length;
    return `${real(values[2 * offset]!)}${text.slice(0, end)}j${text.slice(end)}`;
  };
}

/** As Python quotes a string. */
function quoted(value: unknown): string {
  const text = String(value)
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")
    .replaceAll("\r", "\\r");
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
}
