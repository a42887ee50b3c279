/**
 * A shape as users type it: `28,28,1`, `[null, 28, 28, 1]`, `(None, 28, 28, 1)`; with the batch first, which may be
 * left out in front of lengths that are all known.
 * @throws RangeError when it is no shape
 */
export function parseShape(text: string): (number | null)[] {
  const parts = text
    .replaceAll(/[[\]()\s]/g, "")
    .split(",")
    .filter((part) => part !== "");
  const shape = parts.map((part) => (/^(null|none|\?|-1)$/i.test(part) ? null : Number(part)));
  if (shape.some((n) => n !== null && (!Number.isSafeInteger(n) || n < 0)))
    throw new RangeError(
      `${text} is no shape: it is written as null,28,28,1, with null where a length is free.`,
    );
  return shape.length > 0 && shape.every((n) => n !== null) ? [null, ...shape] : shape;
}
