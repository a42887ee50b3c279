import type * as tf from "@tensorflow/tfjs";

type Inputs = Readonly<Record<string, tf.TensorInfo | undefined>>;
type Shape = readonly number[];

const BYTES_EACH = 4;

/**
 * Bytes that the result of a kernel will take, for those whose result can be far larger than what they are given; 0 for
 * others, and where what is given does not fit.
 */
export function resultBytes(kernel: string, inputs: Inputs, attrs: object | undefined): number {
  const shape = shapeOf[kernel]?.(inputs, attrs ?? {}) ?? ofPair(inputs);
  return shape ? BYTES_EACH * shape.reduce((product, length) => product * length, 1) : 0;
}

const shapeOf: Readonly<Record<string, (inputs: Inputs, attrs: object) => Shape | undefined>> = {
  BatchMatMul: ofProduct,
  _FusedMatMul: ofProduct,
  Fill: (_, attrs) => (attrs as { shape?: Shape }).shape,
  BroadcastTo: (_, attrs) => (attrs as { shape?: Shape }).shape,
  Tile: ({ x }, attrs) => {
    const { reps } = attrs as { reps?: Shape };
    return x?.shape.map((length, axis) => length * (reps?.[axis] ?? 1));
  },
  Range: (_, attrs) => {
    const { start = 0, stop = 0, step = 1 } = attrs as { start?: number; stop?: number; step?: number };
    return [Math.max(0, Math.ceil((stop - start) / step))];
  },
  OneHot: ({ indices }, attrs) => indices && [...indices.shape, (attrs as { depth?: number }).depth ?? 1],
};

function ofProduct({ a, b }: Inputs, attrs: object): Shape | undefined {
  if (!a || !b || a.shape.length < 2 || b.shape.length < 2) return undefined;
  const { transposeA, transposeB } = attrs as { transposeA?: boolean; transposeB?: boolean };
  const batches = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return [...batches, a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
}

/** Of an operation on two tensors, number by number. */
function ofPair({ a, b }: Inputs): Shape | undefined {
  return a?.shape && b?.shape && broadcast(a.shape, b.shape);
}

function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [one, other] = [a.at(i - rank) ?? 1, b.at(i - rank) ?? 1];
    return one === 0 || other === 0 ? 0 : Math.max(one, other);
  });
}
