import * as tf from "@tensorflow/tfjs";
import { mirrorPad } from "../../ops/mirror-pad.js";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { moveElements, mover } from "./text-shapes.js";
import { intVector } from "./shape.js";

/** Elements put together, turned and moved. tensorflow/core/ops/array_ops.cc. */
export const array: KernelTable = {
  Transpose: mover([1], (call, x) => tf.transpose(x, call.numbers(1))),
  ConcatV2: { host: [-1], run: (call) => concat(call, 0, call.count - 1, call.number(call.count - 1)) },
  ConcatOffset: { host: "all", run: concatOffset },
  ParallelConcat: { run: (call) => concat(call, 0, call.count, 0) },
  Concat: { host: [0], run: (call) => concat(call, 1, call.count, call.number(0)) },
  Pack: {
    run: (call) =>
      moveElements(call, (input) =>
        tf.stack(
          call.inputs.map((_, i) => input(i)),
          call.attributes.int("axis"),
        ),
      ),
  },
  Tile: mover([1], (call, x) => {
    const repeats = call.numbers(1);
    call.checkedShape(x.shape.map((dim, i) => dim * repeats[i]!));
    return tf.tile(x, repeats);
  }),
  Pad: { host: [1], run: pad },
  PadV2: { host: [1, 2], run: pad },
  MirrorPad: {
    host: [1],
    run: (call) => {
      const mode = call.attributes.text("mode") === "SYMMETRIC" ? "symmetric" : "reflect";
      return mirrorPad(call.tensor(0), pairs(call.numbers(1)), mode);
    },
  },
  ReverseV2: mover([1], (call, x) => {
    const axes = call.numbers(1);
    return axes.length === 0 || x.rank === 0 ? tf.clone(x) : tf.reverse(x, axes);
  }),
  Reverse: mover([1], (call, x) =>
    tf.reverse(
      x,
      call.numbers(1).flatMap((set, axis) => (set ? [axis] : [])),
    ),
  ),
  ReverseSequence: { host: [1], run: reverseSequence },
  Roll: mover([1, 2], (call, x) => roll(x, call.numbers(1), call.numbers(2))),
  InvertPermutation: {
    host: [0],
    run: (call) => {
      const inverse: number[] = [];
      call.numbers(0).forEach((to, from) => (inverse[to] = from));
      return tf.tensor1d(inverse, "int32");
    },
  },
  SpaceToBatchND: {
    host: [1, 2],
    run: (call) => tf.spaceToBatchND(call.tensor(0), call.numbers(1), padsOf(call, 2)),
  },
  BatchToSpaceND: {
    host: [1, 2],
    run: (call) => tf.batchToSpaceND(call.tensor(0), call.numbers(1), pairs(call.numbers(2))),
  },
  SpaceToBatch: {
    host: [1],
    run: (call) => {
      const block = call.attributes.int("block_size");
      return tf.spaceToBatchND(call.tensor(0), [block, block], padsOf(call, 1));
    },
  },
  BatchToSpace: {
    host: [1],
    run: (call) => {
      const block = call.attributes.int("block_size");
      return tf.batchToSpaceND(call.tensor(0), [block, block], pairs(call.numbers(1)));
    },
  },
  DataFormatDimMap: {
    host: [0],
    run: (call) => {
      const [from, to] = formats(call);
      const map = call.numbers(0).map((dim) => to.indexOf(from.at(dim)!));
      return tf.tensor(map, [...call.shapeOf(0)], "int32");
    },
  },
  DataFormatVecPermute: { run: dataFormatPermute },
  SpaceToDepth: { run: spaceToDepth },
  DepthToSpace: { run: depthToSpace },
  UnravelIndex: { host: [0, 1], run: unravelIndex },
};

function concat(call: OpCall, from: number, to: number, axis: number): KernelResult {
  return moveElements(call, (input) => {
    const parts = Array.from({ length: to - from }, (_, i) => input(from + i));
    return parts.length === 1 ? tf.clone(parts[0]!) : tf.concat(parts, axis);
  });
}

function concatOffset(call: OpCall): tf.Tensor[] {
  const axis = call.number(0);
  let offset = 0;
  return call.inputs.slice(1).map((_, i) => {
    const shape = call.numbers(1 + i);
    const made = intVector(shape.map((__, d) => (d === axis ? offset : 0)));
    offset += shape[axis]!;
    return made;
  });
}

function formats(call: OpCall): [string, string] {
  return [call.attributes.text("src_format", "NHWC"), call.attributes.text("dst_format", "NCHW")];
}

/** A vector with one element, or one pair, for each dimension; formats of 4 also order the 2 of space. */
function dataFormatPermute(call: OpCall): tf.Tensor {
  const x = call.tensor(0);
  const [from, to] = formats(call).map((format) =>
    x.shape[0] === format.length ? format : format.replace(/[NC]/g, ""),
  ) as [string, string];
  return tf.gather(x, intVector([...to].map((dimension) => from.indexOf(dimension))) as tf.Tensor1D);
}

export function pairs(flat: readonly number[]): [number, number][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);
}

function pad(call: OpCall): KernelResult {
  const paddings = pairs(call.numbers(1));
  call.checkedShape(call.shapeOf(0).map((dim, d) => dim + paddings[d]![0] + paddings[d]![1]));
  if (call.count < 3) return moveElements(call, (input) => tf.pad(input(0), paddings, 0));
  return moveElements(call, (input) => tf.pad(input(0), paddings, input(2).dataSync()[0]));
}

function reverseSequence(call: OpCall): KernelResult {
  const sequence = call.attributes.int("seq_dim");
  const batch = call.attributes.int("batch_dim");
  const lengths = call.numbers(1);
  return moveElements(call, (input) => {
    const rows = tf.split(input(0), lengths.length, batch).map((row, i) => {
      const total = row.shape[sequence]!;
      const order = Array.from({ length: total }, (_, t) => (t < lengths[i]! ? lengths[i]! - 1 - t : t));
      return tf.gather(row, tf.tensor1d(order, "int32"), sequence);
    });
    return tf.concat(rows, batch);
  });
}

function roll(x: tf.Tensor, shifts: readonly number[], axes: readonly number[]): tf.Tensor {
  return shifts.reduce((rolled, shift, i) => {
    const axis = (axes[i]! + x.rank) % x.rank;
    const dim = x.shape[axis]!;
    const order = Array.from({ length: dim }, (_, at) => (((at - shift) % dim) + dim) % dim);
    return tf.gather(rolled, tf.tensor1d(order, "int32"), axis);
  }, x);
}

function spaceToDepth(call: OpCall): tf.Tensor {
  const block = call.attributes.int("block_size");
  const [n, h, w, c] = call.tensor(0).shape as [number, number, number, number];
  const split = tf.reshape(call.tensor(0), [n, h / block, block, w / block, block, c]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h / block, w / block, block * block * c]);
}

function depthToSpace(call: OpCall): tf.Tensor {
  const block = call.attributes.int("block_size");
  const [n, h, w, c] = call.tensor(0).shape as [number, number, number, number];
  const split = tf.reshape(call.tensor(0), [n, h, w, block, block, c / (block * block)]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h * block, w * block, c / (block * block)]);
}

function unravelIndex(call: OpCall): tf.Tensor {
  const dims = call.numbers(1);
  const rows = call.numbers(0).map((index) => {
    let rest = index;
    return dims.reduceRight<number[]>((found, dim) => {
      found.unshift(rest % dim);
      rest = Math.floor(rest / dim);
      return found;
    }, []);
  });
  return call.shapeOf(0).length === 0
    ? intVector(rows[0]!)
    : tf.transpose(tf.tensor2d(rows.flat(), [rows.length, dims.length], "int32"));
}

/** What is put around the axes behind the first, once it is known that it fits. */
function padsOf(call: OpCall, index: number): [number, number][] {
  const pads = pairs(call.numbers(index));
  const [batch = 1, ...inner] = call.shapeOf(0);
  call.checkedShape([batch, ...inner.map((dim, i) => dim + (pads[i]?.[0] ?? 0) + (pads[i]?.[1] ?? 0))]);
  return pads;
}
