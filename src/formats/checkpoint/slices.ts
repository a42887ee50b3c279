import type { TensorSliceProto } from "../proto/tensorflow_pb.js";

/** Where one stored piece of a partitioned variable sits in the whole: start and length per dimension. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** @throws RangeError when the slice does not lie inside `shape`. */
export function sliceExtents(slice: TensorSliceProto, shape: readonly number[]): Extent[] {
  if (slice.extent.length !== shape.length) {
    throw new RangeError(`a slice has ${slice.extent.length} dimensions, its tensor ${shape.length}`);
  }
  return slice.extent.map((extent, i) => {
    const start = Number(extent.start);
    const length = extent.length === undefined ? shape[i]! - start : Number(extent.length);
    if (start < 0 || length < 0 || start + length > shape[i]!) {
      throw new RangeError(`a slice reaches outside dimension ${i} of its tensor`);
    }
    return { start, length };
  });
}

/** Key of one slice in a table: an ordered code of name and extents (`EncodeTensorNameSlice`, TensorFlow). */
export function sliceKey(name: Uint8Array, slice: TensorSliceProto): Uint8Array {
  const out: number[] = [0];
  for (const byte of name) {
    if (byte === 0x00) out.push(0x00, 0xff);
    else if (byte === 0xff) out.push(0xff, 0x00);
    else out.push(byte);
  }
  out.push(0x00, 0x01);
  out.push(...(slice.extent.length === 0 ? [0] : [1, slice.extent.length]));
  for (const extent of slice.extent) {
    out.push(...signedOrderedCode(extent.start));
    out.push(...signedOrderedCode(extent.length ?? -1n));
  }
  return Uint8Array.from(out);
}

/** `OrderedCode::WriteSignedNumIncreasing`: as many leading ones as bytes, then the number, big-endian. */
function signedOrderedCode(value: bigint): number[] {
  const magnitude = value < 0n ? ~value : value;
  const length = Math.floor(magnitude.toString(2).length / 7) + 1;
  if (magnitude < 64n) return [Number(BigInt.asUintN(8, value)) ^ 0x80];
  const bytes: number[] = [];
  for (let i = length - 1; i >= 0; i--) bytes.push(Number(BigInt.asUintN(8, value >> BigInt(8 * i))));
  const ones = length <= 8 ? [(0xff << (8 - length)) & 0xff, 0] : [0xff, (0xff << (16 - length)) & 0xff];
  bytes[0]! ^= ones[0]!;
  bytes[1]! ^= ones[1]!;
  return bytes;
}

/** Copies the row-major elements of a slice, of one number each or of two, to their place in the whole. */
export function placeSlice<T extends { [index: number]: unknown; length: number }>(
  whole: T,
  shape: readonly number[],
  part: T,
  extents: readonly Extent[],
): void {
  const parts = part.length / extents.reduce((count, { length }) => count * length, 1);
  if (parts > 1) return placeSlice(whole, [...shape, parts], part, [...extents, { start: 0, length: parts }]);
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  const strides = new Array<number>(rank).fill(1);
  for (let d = rank - 2; d >= 0; d--) strides[d] = strides[d + 1]! * shape[d + 1]!;
  for (let i = 0; i < part.length; i++) {
    let at = 0;
    for (let d = 0; d < rank; d++) at += (extents[d]!.start + index[d]!) * strides[d]!;
    whole[at] = part[i];
    for (let d = rank - 1; d >= 0 && ++index[d]! === extents[d]!.length; d--) index[d] = 0;
  }
}
