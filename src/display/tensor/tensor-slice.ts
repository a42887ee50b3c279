/** Part of a tensor that was asked for in words. */
export interface Slice {
  readonly values: ArrayLike<unknown>;
  readonly shape: readonly number[];
}

/**
 * What an index as in NumPy picks out of an array: `0, :, -1`, `2:10:2`, `..., 3`; axes that are left out at the end are
 * taken whole.
 * @param values in C order
 * @param width elements of `values` for each of the tensor: 2 for complex64
 * @throws RangeError in words for the reader, for what is no index of this shape
 */
export function sliceOf(
  values: ArrayLike<unknown>,
  shape: readonly number[],
  index: string,
  width = 1,
): Slice {
  const picks = picksOf(index, shape);
  let offsets = [0];
  for (const [axis, { places }] of picks.entries()) {
    const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    offsets = offsets.flatMap((offset) => places.map((place) => offset + place * stride));
  }
  const picked = offsets.flatMap((offset) =>
    Array.from({ length: width }, (_, i) => values[offset * width + i]),
  );
  return { values: picked, shape: picks.flatMap(({ places, keeps }) => (keeps ? [places.length] : [])) };
}

interface Pick {
  readonly places: readonly number[];
  /** Whether the axis stays: one number takes it away. */
  readonly keeps: boolean;
}

function picksOf(index: string, shape: readonly number[]): Pick[] {
  const parts = index.trim() === "" ? [] : index.split(",").map((part) => part.trim());
  const at = parts.indexOf("...");
  const missing = shape.length - parts.filter((part) => part !== "...").length;
  if (missing < 0)
    throw new RangeError(`There are ${parts.length} indices, and the tensor has ${shape.length} axes.`);
  if (at !== parts.lastIndexOf("...")) throw new RangeError("`...` can stand once.");
  const all = new Array<string>(missing).fill(":");
  const full = at === -1 ? [...parts, ...all] : [...parts.slice(0, at), ...all, ...parts.slice(at + 1)];
  return full.map((part, axis) => pickOf(part, shape[axis]!, axis));
}

function pickOf(part: string, size: number, axis: number): Pick {
  if (/^-?\d+$/.test(part)) {
    const place = Number(part) < 0 ? Number(part) + size : Number(part);
    if (place < 0 || place >= size)
      throw new RangeError(`${part} is out of range for axis ${axis}, which has ${size} elements.`);
    return { places: [place], keeps: false };
  }
  const found = /^(-?\d+)?:(-?\d+)?(?::(-?\d+))?$/.exec(part);
  if (!found)
    throw new RangeError(`\`${part}\` is no index: write a number, a range such as 2:10, or : for all.`);
  const step = found[3] === undefined ? 1 : Number(found[3]);
  if (step === 0) throw new RangeError("The step of a range cannot be 0.");
  const bound = (text: string | undefined, without: number) => {
    if (text === undefined) return without;
    const value = Number(text) < 0 ? Number(text) + size : Number(text);
    return step > 0 ? Math.min(Math.max(value, 0), size) : Math.min(Math.max(value, -1), size - 1);
  };
  const [from, to] = [bound(found[1], step > 0 ? 0 : size - 1), bound(found[2], step > 0 ? size : -1)];
  const places: number[] = [];
  for (let place = from; step > 0 ? place < to : place > to; place += step) places.push(place);
  return { places, keeps: true };
}
