/**
 * Numbers as C's printf writes them. JavaScript's `toFixed` and its like round a tie up and C to an even digit, and
 * from 1e21 on they write an exponent.
 */
export function fixedText(number: number, digits: number): string {
  const special = specialText(number);
  if (special !== null) return special;
  const text = scaled(Math.abs(number), digits)
    .toString()
    .padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return signOf(number) + (digits === 0 ? whole : `${whole}.${text.slice(-digits)}`);
}

/** `%e`: digits behind the point, and an exponent of at least two. */
export function exponentText(number: number, digits: number): string {
  const special = specialText(number);
  if (special !== null) return special;
  const { text, exponent } = significant(number, digits + 1);
  const mantissa = digits === 0 ? text : `${text[0]!}.${text.slice(1)}`;
  return signOf(number) + mantissa + showExponent(exponent);
}

/** `%g`: so many significant digits, without zeros at the end. */
export function generalText(number: number, digits: number): string {
  const special = specialText(number);
  if (special !== null) return special;
  const most = Math.max(1, digits);
  const { exponent } = significant(number, most);
  if (exponent >= -4 && exponent < most) return trimmed(fixedText(number, most - 1 - exponent));
  const [mantissa = ""] = exponentText(number, most - 1).split("e");
  return trimmed(mantissa) + showExponent(exponent);
}

/** As few of the digits as read back as the same float (6 or 9) or double (15 or 17): `strings::StrCat` of a number. */
export function roundTripText(number: number, double: boolean): string {
  const short = generalText(number, double ? 15 : 6);
  const back = double ? Number(short) : Math.fround(Number(short));
  return Object.is(back, number) || !Number.isFinite(number) ? short : generalText(number, double ? 17 : 9);
}

function specialText(number: number): string | null {
  if (Number.isNaN(number)) return "nan";
  return Number.isFinite(number) ? null : number > 0 ? "inf" : "-inf";
}

function signOf(number: number): string {
  return number < 0 || Object.is(number, -0) ? "-" : "";
}

function trimmed(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function showExponent(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function significant(number: number, digits: number): { text: string; exponent: number } {
  if (number === 0) return { text: "0".repeat(digits), exponent: 0 };
  const magnitude = Math.abs(number);
  const exponent = Number(magnitude.toExponential(20).split("e")[1]);
  const text = scaled(magnitude, digits - 1 - exponent).toString();
  return text.length > digits ? { text: text.slice(0, digits), exponent: exponent + 1 } : { text, exponent };
}

/** A number of 0 and up times a power of ten, to the nearest whole; a tie to the even one. */
function scaled(number: number, power: number): bigint {
  const [mantissa, exponent] = binary(number);
  const top = mantissa * 10n ** BigInt(Math.max(0, power)) * 2n ** BigInt(Math.max(0, exponent));
  const bottom = 10n ** BigInt(Math.max(0, -power)) * 2n ** BigInt(Math.max(0, -exponent));
  const [whole, twice] = [top / bottom, (top % bottom) * 2n];
  return twice > bottom || (twice === bottom && whole % 2n === 1n) ? whole + 1n : whole;
}

/** A whole number and the power of two that it is multiplied by. */
function binary(number: number): [bigint, number] {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, number);
  const word = bits.getBigUint64(0);
  const [exponent, fraction] = [Number((word >> 52n) & 0x7ffn), word & (2n ** 52n - 1n)];
  return exponent === 0 ? [fraction, -1074] : [fraction + 2n ** 52n, exponent - 1075];
}
