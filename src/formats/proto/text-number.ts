import { ScalarType } from "@bufbuild/protobuf";

const TRUE = new Set(["true", "True", "t", "1"]);
const FALSE = new Set(["false", "False", "f", "0"]);

/** A number or a truth value as the text form of protobuf writes them; null for what is none of the type. */
export function textNumber(type: ScalarType, text: string): number | bigint | null {
  if (type === ScalarType.BOOL) return TRUE.has(text) ? 1 : FALSE.has(text) ? 0 : null;
  if (type === ScalarType.FLOAT || type === ScalarType.DOUBLE) return fraction(text);
  if (type === ScalarType.STRING || type === ScalarType.BYTES) return null;
  return integer(text);
}

function fraction(text: string): number | null {
  const word = /^(-?)(inf|infinity|nan)$/i.exec(text);
  if (word) return word[2]!.toLowerCase() === "nan" ? NaN : word[1] ? -Infinity : Infinity;
  if (/x/i.test(text)) return null;
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  return /^[-.\d].*f$/i.test(text) ? fraction(text.slice(0, -1)) : null;
}

/** Decimal, hexadecimal, or octal behind a zero. */
function integer(text: string): number | bigint | null {
  const [, sign, digits] = /^(-?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const octal = /^0\d/.test(digits);
  if (octal && !/^[0-7]+$/.test(digits)) return null;
  const plain = octal ? `0o${digits.slice(1)}` : digits;
  const value = Number(plain);
  if (Number.isSafeInteger(value)) return sign ? -value : value;
  const exact = BigInt(plain);
  return sign ? -exact : exact;
}
