import type { RecordedConstant, Recording, RecordedOp } from "./recording.js";

/** A whole number that depends on the batch size: `factor * batch + offset`. */
export interface Term {
  readonly factor: number;
  readonly offset: number;
}

/** What stands in a graph for a constant of the recordings. */
export type ConstantRule =
  /** The same for every batch. */
  | { readonly kind: "fixed"; readonly constant: RecordedConstant }
  /** An int32 vector or scalar of terms: the shape for a reshape. */
  | { readonly kind: "terms"; readonly shape: readonly number[]; readonly terms: readonly Term[] }
  /** One value throughout: zeros for an initial state. */
  | { readonly kind: "fill"; readonly constant: RecordedConstant; readonly dims: readonly Term[] }
  /** The same row for every sample. */
  | { readonly kind: "rows"; readonly constant: RecordedConstant }
  /** 0, 1, 2, ... one for each sample. */
  | { readonly kind: "range"; readonly constant: RecordedConstant };

const INT32 = 3;

/**
 * Compares two recordings of one function at different batch sizes.
 * @returns a rule for each constant of the first; null when the function does different things for different
 *   sizes, or something that is not told from two of them.
 */
export function batchRules(a: Recording, b: Recording): ConstantRule[] | null {
  if (!sameOps(a, b)) return null;
  const sizes = [a.inputs[0]!.shape[0]!, b.inputs[0]!.shape[0]!] as const;
  const rules: ConstantRule[] = [];
  for (const [i, constant] of a.constants.entries()) {
    const rule = ruleFor(constant, b.constants[i]!, sizes);
    if (!rule) return null;
    rules.push(rule);
  }
  return rules;
}

/** Whether two runs on inputs of the same shapes did the same with the same constants. */
export function sameRecording(a: Recording, b: Recording): boolean {
  return sameOps(a, b) && a.constants.every((constant, i) => sameValues(constant, b.constants[i]!));
}

function sameOps(a: Recording, b: Recording): boolean {
  if (a.ops.length !== b.ops.length || a.constants.length !== b.constants.length) return false;
  const sources = (recording: Recording) => JSON.stringify(recording.outputs.map(({ source }) => source));
  return sources(a) === sources(b) && a.ops.every((op, i) => text(op) === text(b.ops[i]!));
}

function text({ name, attributes, inputs }: RecordedOp): string {
  return JSON.stringify([name, attributes, inputs]);
}

function ruleFor(
  a: RecordedConstant,
  b: RecordedConstant,
  [m, n]: readonly [number, number],
): ConstantRule | null {
  if (sameValues(a, b)) return { kind: "fixed", constant: a };
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return null;
  const term = (x: number, y: number): Term => {
    const factor = (y - x) / (n - m);
    return { factor, offset: x - factor * m };
  };
  const [left, right] = [a.values(), b.values()] as unknown as [ArrayLike<number>, ArrayLike<number>];
  if (String(a.shape) === String(b.shape)) {
    if (a.dtype !== INT32) return null;
    const terms = Array.from(left, (value, i) => term(value, right[i]!));
    return terms.every(({ factor }) => Number.isInteger(factor))
      ? { kind: "terms", shape: a.shape, terms }
      : null;
  }
  const dims = a.shape.map((size, i) => term(size, b.shape[i]!));
  if (!dims.every(({ factor }) => Number.isInteger(factor))) return null;
  if (left.length > 0 && isFull(left, left[0]!) && isFull(right, left[0]!))
    return { kind: "fill", constant: a, dims };
  if (String(a.shape.slice(1)) !== String(b.shape.slice(1)) || a.shape[0] !== m || b.shape[0] !== n)
    return null;
  if (a.dtype === INT32 && a.shape.length === 1 && isRange(left) && isRange(right))
    return { kind: "range", constant: a };
  const row = left.length / m;
  return repeats(left, left, row) && repeats(right, left, row) ? { kind: "rows", constant: a } : null;
}

function sameValues(a: RecordedConstant, b: RecordedConstant): boolean {
  if (a.id === b.id) return true;
  if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) return false;
  const [left, right] = [bytes(a), bytes(b)];
  return left.length === right.length && left.every((part, i) => part.equals(right[i]!));
}

/** The values of a constant as they lie in memory; one piece for each string. */
export function bytes(constant: RecordedConstant): Buffer[] {
  const values = constant.values();
  const parts: readonly ArrayBufferView[] = ArrayBuffer.isView(values) ? [values] : values;
  return parts.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
}

function isFull(values: ArrayLike<number>, value: number): boolean {
  return Array.prototype.every.call(values, (other) => Object.is(other, value));
}

function isRange(values: ArrayLike<number>): boolean {
  return Array.prototype.every.call(values, (value, i) => value === i);
}

function repeats(values: ArrayLike<number>, first: ArrayLike<number>, row: number): boolean {
  return Array.prototype.every.call(values, (value, i) => Object.is(value, first[i % row]));
}
