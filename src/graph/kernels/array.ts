import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { Kernel, KernelResult, KernelTable, OpCall } from "../kernel.js";
import { isVariable } from "../kernel.js";
import { constantFrom, tensorFrom, tensorType } from "../tensors.js";
import { bytesOf } from "./bytes.js";
import { bigints, integersOf, isWideType, ranked } from "./integers.js";
import { elementBytes, elementsFrom } from "../../formats/elements.js";
import { dtypeName } from "../../formats/proto/data-type.js";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import { ComplexTensor, retain, StringTensor, WideIntegers, type GraphValue } from "../value.js";
import { moveElements } from "./text-shapes.js";

/** tensorflow/core/ops/array_ops.cc: making, moving and choosing elements. */
export const array: KernelTable = {
  Const: { run: (call) => constantFrom(call.attributes.tensor("value")!) },
  HostConst: { run: (call) => constantFrom(call.attributes.tensor("value")!) },
  Placeholder: { run: notFed, volatile: true },
  PlaceholderV2: { run: notFed, volatile: true },
  PlaceholderWithDefault: { run: pass },
  Identity: { run: pass },
  IdentityN: { run: (call) => call.inputs.map((_, i) => valueOf(call, i)) },
  Snapshot: { run: pass },
  StopGradient: { run: pass },
  PreventGradient: { run: pass },
  CheckNumerics: { run: pass },
  EnsureShape: { run: pass },
  OptimizationBarrier: { run: (call) => call.inputs.map((_, i) => valueOf(call, i)) },
  XlaSharding: { run: pass },
  CheckNumericsV2: { run: pass },
  DeepCopy: { run: pass },
  GuaranteeConst: { run: pass },
  ClipByValue: { run: (call) => tf.minimum(tf.maximum(call.tensor(0), call.tensor(1)), call.tensor(2)) },
  ToBool: {
    host: [0],
    run: (call) =>
      tf.scalar(
        call.shapeOf(0).length === 0 ? call.number(0) !== 0 : call.shapeOf(0).every((n) => n > 0),
        "bool",
      ),
  },
  Shape: { run: (call) => intVector(call.shapeOf(0)) },
  ShapeN: { run: (call) => call.inputs.map((_, i) => intVector(call.shapeOf(i))) },
  Rank: { run: (call) => tf.scalar(call.shapeOf(0).length, "int32") },
  Size: {
    run: (call) =>
      tf.scalar(
        call.shapeOf(0).reduce((n, dim) => n * dim, 1),
        "int32",
      ),
  },
  Reshape: mover([1], (call, x) => tf.reshape(x, call.numbers(1))),
  ExpandDims: mover([1], (call, x) => tf.expandDims(x, call.number(1))),
  Squeeze: mover([], (call, x) => {
    const axes = [...call.attributes.ints("squeeze_dims"), ...call.attributes.ints("axis")];
    return tf.squeeze(x, axes.length > 0 ? axes : undefined);
  }),
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
  Unpack: {
    run: (call) => moveElements(call, (input) => tf.unstack(input(0), call.attributes.int("axis"))),
  },
  Split: {
    host: [0],
    run: (call) =>
      moveElements(call, (input) => tf.split(input(1), call.attributes.int("num_split"), call.number(0))),
  },
  SplitV: { host: [1, 2], run: splitV },
  Slice: { host: [1, 2], run: slice },
  StridedSlice: { host: [1, 2, 3], run: stridedSlice },
  Gather: { run: (call) => gather(call, 0, 0) },
  GatherV2: { host: [2], run: (call) => gather(call, call.number(2), call.attributes.int("batch_dims")) },
  GatherNd: { run: (call) => moveElements(call, (input) => gatherNd(call, input(0))) },
  Tile: mover([1], (call, x) => {
    const repeats = call.numbers(1);
    call.checkedShape(x.shape.map((dim, i) => dim * repeats[i]!));
    return tf.tile(x, repeats);
  }),
  BroadcastTo: mover([1], (call, x) => broadcastTo(x, call.checkedShape(call.numbers(1)))),
  BroadcastArgs: {
    host: [0, 1],
    run: (call) => intVector(tf.backend_util.assertAndGetBroadcastShape(call.numbers(0), call.numbers(1))),
  },
  Fill: { host: [0], run: fill },
  Zeros: { host: [0], run: (call) => tf.zeros(call.checkedShape(call.numbers(0))) },
  Empty: { host: [0], run: (call) => emptyTensor(call) },
  ZerosLike: { run: zerosLike },
  OnesLike: { run: onesLike },
  Range: { host: [0, 1, 2], run: range },
  LinSpace: { host: [0, 1, 2], run: (call) => tf.linspace(call.number(0), call.number(1), call.number(2)) },
  Pad: { host: [1], run: pad },
  PadV2: { host: [1, 2], run: pad },
  MirrorPad: {
    host: [1],
    run: (call) => {
      const mode = call.attributes.text("mode") === "SYMMETRIC" ? "symmetric" : "reflect";
      return tf.mirrorPad(call.tensor(0), pairs(call.numbers(1)), mode);
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
  Where: { host: [0], run: where },
  Select: { run: select },
  SelectV2: { run: selectV2 },
  OneHot: { host: [1, 2, 3], run: oneHot },
  TopK: { run: (call) => topK(call, call.attributes.int("k")), outputs: ["values", "indices"] },
  TopKV2: { host: [1], run: (call) => topK(call, call.number(1)), outputs: ["values", "indices"] },
  NthElement: {
    host: [1],
    run: (call) => {
      const x = call.tensor(0);
      const { values } = tf.topk(call.attributes.bool("reverse") ? x : tf.neg(x), call.number(1) + 1);
      const nth = tf.reshape(
        tf.slice(values, [...x.shape.slice(0, -1).fill(0), call.number(1)]),
        x.shape.slice(0, -1),
      );
      return call.attributes.bool("reverse") ? nth : tf.neg(nth);
    },
  },
  InTopK: { run: (call) => tf.cast(inTopK(call), "bool"), host: [0, 1] },
  InTopKV2: { run: (call) => tf.cast(inTopK(call), "bool"), host: [0, 1, 2] },
  Unique: { host: [0], run: (call) => unique(call).slice(0, 2), outputs: ["y", "idx"] },
  UniqueV2: { host: [0, 1], run: (call) => unique(call).slice(0, 2), outputs: ["y", "idx"] },
  UniqueWithCounts: { host: [0], run: unique, outputs: ["y", "idx", "count"] },
  UniqueWithCountsV2: { host: [0, 1], run: unique, outputs: ["y", "idx", "count"] },
  ListDiff: { host: [0, 1], run: listDiff, outputs: ["out", "idx"] },
  SetDiff1D: { host: [0, 1], run: listDiff, outputs: ["out", "idx"] },
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
    run: (call) => tf.spaceToBatchND(call.tensor(0), call.numbers(1), pairs(call.numbers(2))),
  },
  BatchToSpaceND: {
    host: [1, 2],
    run: (call) => tf.batchToSpaceND(call.tensor(0), call.numbers(1), pairs(call.numbers(2))),
  },
  SpaceToBatch: {
    host: [1],
    run: (call) => {
      const block = call.attributes.int("block_size");
      return tf.spaceToBatchND(call.tensor(0), [block, block], pairs(call.numbers(1)));
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
  Bucketize: { host: [0], run: bucketize },
  LowerBound: { host: [0, 1], run: (call) => search(call, (value, sought) => value < sought) },
  UpperBound: { host: [0, 1], run: (call) => search(call, (value, sought) => value <= sought) },
  SearchSorted: { host: [0, 1], run: (call) => search(call, (value, sought) => value < sought) },
  DynamicPartition: { host: [1], run: dynamicPartition },
  DynamicStitch: { host: "all", run: dynamicStitch },
  ParallelDynamicStitch: { host: "all", run: dynamicStitch },
  Bitcast: { host: [0], run: bitcast },
  UnravelIndex: { host: [0, 1], run: unravelIndex },
};

function notFed(call: OpCall): never {
  throw call.error("G11", "nothing was fed for this input", "Name it among the inputs of the call.");
}

/** The input itself; a TF1 reference to a variable stands for the variable's value. */
function valueOf(call: OpCall, index: number): GraphValue {
  const value = call.input(index);
  if (
    isVariable(value) &&
    call.attributes.type("T") !== DataType.DT_RESOURCE &&
    call.attributes.type("T") !== null
  ) {
    return retain(call.valueOf(value));
  }
  return call.take(index);
}

function pass(call: OpCall): GraphValue {
  return valueOf(call, 0);
}

export function intVector(values: readonly number[]): tf.Tensor {
  return tf.tensor1d([...values], "int32");
}

/** An op on input 0 that only moves elements, so that it works on strings as well. */
function mover(host: readonly number[], run: (call: OpCall, x: tf.Tensor) => tf.Tensor): Kernel {
  return { host, run: (call) => moveElements(call, (input) => run(call, input(0))) };
}

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

function splitV(call: OpCall): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const axis = (call.number(2) + x.rank) % x.rank;
    const sizes = call.numbers(1);
    const known = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
    return tf.split(
      x,
      sizes.map((size) => (size < 0 ? x.shape[axis]! - known : size)),
      axis,
    );
  });
}

function slice(call: OpCall): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const begin = call.numbers(1);
    const size = call.numbers(2).map((length, d) => (length < 0 ? x.shape[d]! - begin[d]! : length));
    return x.rank === 0 ? tf.clone(x) : tf.slice(x, begin, size);
  });
}

function stridedSlice(call: OpCall): KernelResult {
  return moveElements(call, (input) => sliceByMasks(call, input(0)));
}

/** Resolves the masks of a StridedSlice (array_ops `strided_slice`), so that every back end sees plain bounds. */
export function sliceByMasks(call: OpCall, x: tf.Tensor): tf.Tensor {
  const { attributes } = call;
  const [begin, end, strides] = [call.numbers(1), call.numbers(2), call.numbers(3)];
  const has = (mask: string, bit: number): boolean => (attributes.int(mask) & (1 << bit)) !== 0;
  const newAxes = begin.filter((_, i) => has("new_axis_mask", i) && !has("ellipsis_mask", i)).length;
  const hasEllipsis = begin.some((_, i) => has("ellipsis_mask", i));
  const covered = begin.length - newAxes - (hasEllipsis ? 1 : 0);
  const from: number[] = [];
  const size: number[] = [];
  const step: number[] = [];
  const shape: number[] = [];
  let d = 0;
  const whole = (count: number): void => {
    for (let n = 0; n < count; n++, d++) {
      from.push(0);
      size.push(x.shape[d]!);
      step.push(1);
      shape.push(x.shape[d]!);
    }
  };
  for (const [i, first] of begin.entries()) {
    if (has("ellipsis_mask", i)) whole(x.rank - covered);
    else if (has("new_axis_mask", i)) shape.push(1);
    else {
      const dim = x.shape[d++]!;
      if (has("shrink_axis_mask", i)) {
        const at = first < 0 ? first + dim : first;
        if (at < 0 || at >= dim) throw call.error("G11", `index ${first} is outside a dimension of ${dim}`);
        from.push(at);
        size.push(1);
        step.push(1);
        continue;
      }
      const stride = strides[i]!;
      const start = bound(first, dim, stride, has("begin_mask", i), true);
      const stop = bound(end[i]!, dim, stride, has("end_mask", i), false);
      const length = Math.max(0, Math.ceil((stop - start) / stride));
      from.push(start);
      size.push(length);
      step.push(stride);
      shape.push(length);
    }
  }
  whole(x.rank - d);
  return tf.reshape(takeStrided(x, from, size, step), shape);
}

function bound(value: number, dim: number, stride: number, masked: boolean, isStart: boolean): number {
  const [low, high] = stride > 0 ? [0, dim] : [-1, dim - 1];
  if (masked) return stride > 0 === isStart ? low : high;
  const positive = value < 0 ? value + dim : value;
  return Math.min(Math.max(positive, low), high);
}

function takeStrided(x: tf.Tensor, from: number[], size: number[], step: number[]): tf.Tensor {
  if (x.rank === 0) return tf.clone(x);
  if (step.every((stride) => stride === 1)) return tf.slice(x, from, size);
  let result = x;
  step.forEach((stride, d) => {
    const indices = Int32Array.from({ length: size[d]! }, (_, i) => from[d]! + i * stride);
    if (stride === 1 && size[d] === x.shape[d]) return;
    result = tf.gather(result, tf.tensor1d(indices, "int32"), d);
  });
  return result === x ? tf.clone(x) : result;
}

function gather(call: OpCall, axis: number, batchDims: number): KernelResult {
  const indices = call.tensor(1);
  return moveElements(call, (input) => {
    const x = input(0);
    const rank = x.rank;
    const dim = (axis + rank) % rank;
    if (x.shape[dim] === 0 && indices.size > 0) throw call.error("G11", "it gathers from an empty dimension");
    return tf.gather(x, tf.cast(indices, "int32"), dim, batchDims < 0 ? batchDims + indices.rank : batchDims);
  });
}

function gatherNd(call: OpCall, x: tf.Tensor): tf.Tensor {
  const indices = call.tensor(1);
  const depth = indices.shape.at(-1)!;
  // Without an index there is one copy of the whole for each row.
  if (depth === 0) return broadcastTo(x, [...indices.shape.slice(0, -1), ...x.shape]);
  return tf.gatherND(x, tf.cast(indices, "int32"));
}

function fill(call: OpCall): GraphValue {
  const shape = call.checkedShape(call.numbers(0));
  const value = call.input(1);
  if (value instanceof StringTensor) {
    const size = shape.reduce((n, dim) => n * dim, 1);
    return new StringTensor(shape, new Array<Uint8Array>(size).fill(value.values[0]!));
  }
  if (value instanceof WideIntegers) {
    const size = shape.reduce((n, dim) => n * dim, 1);
    return new WideIntegers(shape, new Array<bigint>(size).fill(value.values[0]!));
  }
  return moveElements(call, (input) => broadcastTo(input(1), shape)) as GraphValue;
}

function emptyTensor(call: OpCall): GraphValue {
  const shape = call.checkedShape(call.numbers(0));
  const type = tensorType(call.attributes.type("dtype"));
  if (type === "string") {
    return new StringTensor(
      shape,
      new Array<Uint8Array>(shape.reduce((n, dim) => n * dim, 1)).fill(new Uint8Array(0)),
    );
  }
  return tf.zeros(shape, type);
}

function onesLike(call: OpCall): GraphValue {
  const value = call.input(0);
  if (value instanceof ComplexTensor)
    return new ComplexTensor(tf.onesLike(value.real), tf.zerosLike(value.real));
  if (value instanceof WideIntegers) return tf.ones([...value.shape], "int32");
  return tf.onesLike(call.tensor(0));
}

/** The same bytes as elements of another type. */
function bitcast(call: OpCall): GraphValue {
  const [from, to] = [call.attributes.type("T"), call.attributes.type("type")];
  const [source, target] = [dtypeName(from ?? 0), dtypeName(to ?? 0)];
  const bytes =
    source === null || source === "string"
      ? null
      : bytesOf(isWideType(from) ? bigints(call, 0) : call.numbers(0), source);
  if (bytes === null || source === null || target === null || target === "string") {
    throw call.error("O07", "bytes of these types are not exchanged here", "Register a function for the op.");
  }
  const [before, after] = [elementBytes(source), elementBytes(target)];
  const shape = [...call.shapeOf(0)];
  if (after > before) shape.pop();
  else if (after < before) shape.push(before / after);
  return tensorFrom(elementsFrom(bytes, target), shape, target === "bool");
}

function zerosLike(call: OpCall): GraphValue {
  const value = call.input(0);
  if (value instanceof ComplexTensor)
    return new ComplexTensor(tf.zerosLike(value.real), tf.zerosLike(value.real));
  if (value instanceof WideIntegers) return tf.zeros([...value.shape], "int32");
  if (!(value instanceof StringTensor)) return tf.zerosLike(call.tensor(0));
  return new StringTensor(
    value.shape,
    value.values.map(() => new Uint8Array(0)),
  );
}

function range(call: OpCall): tf.Tensor {
  const [start, limit, delta] = [call.number(0), call.number(1), call.number(2)];
  if (delta === 0) throw call.error("G11", "its step is 0");
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  call.checkedShape([length]);
  const type = call.tensor(0).dtype === "int32" ? "int32" : "float32";
  const values = Array.from({ length }, (_, i) => start + i * delta);
  return tf.tensor1d(values, type);
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

function where(call: OpCall): tf.Tensor {
  const value = call.input(0);
  const shape = call.shapeOf(0);
  const set =
    value instanceof StringTensor
      ? value.values.map(({ length }) => length)
      : value instanceof ComplexTensor
        ? Array.from(tf.add(tf.abs(value.real), tf.abs(value.imaginary)).dataSync())
        : call.numbers(0);
  const rows: number[] = [];
  set.forEach((element, at) => {
    if (!element) return;
    let rest = at;
    const index: number[] = [];
    for (let d = shape.length - 1; d >= 0; d--) {
      index.unshift(rest % shape[d]!);
      rest = Math.floor(rest / shape[d]!);
    }
    rows.push(...index);
  });
  return tf.tensor2d(
    Int32Array.from(rows),
    [shape.length === 0 ? set.filter(Boolean).length : rows.length / shape.length, shape.length],
    "int32",
  );
}

/** The old Select: a vector condition chooses rows. */
function select(call: OpCall): KernelResult {
  const condition = call.tensor(0);
  return moveElements(call, (input) => {
    const [a, b] = [input(1), input(2)];
    const rows = condition.rank === 1 && a.rank > 1;
    const shaped = rows
      ? tf.reshape(condition, [condition.size, ...new Array<number>(a.rank - 1).fill(1)])
      : condition;
    return tf.where(broadcastTo(shaped, a.shape), a, b);
  });
}

function selectV2(call: OpCall): KernelResult {
  const condition = call.tensor(0);
  const [a, b] = [call.input(1), call.input(2)];
  if (!(a instanceof tf.Tensor && b instanceof tf.Tensor)) {
    const shape = tf.backend_util.assertAndGetBroadcastShape([...call.shapeOf(1)], [...call.shapeOf(2)]);
    const full = tf.backend_util.assertAndGetBroadcastShape(condition.shape, shape);
    return moveElements(call, (input) =>
      tf.where(broadcastTo(condition, full), broadcastTo(input(1), full), broadcastTo(input(2), full)),
    );
  }
  return tf.where(condition, call.tensor(1), call.tensor(2));
}

function oneHot(call: OpCall): tf.Tensor {
  const indices = tf.cast(call.tensor(0), "int32");
  const depth = call.number(1);
  call.checkedShape([...indices.shape, depth]);
  const [on, off] = [call.tensor(2), call.tensor(3)];
  const hot = tf.equal(tf.expandDims(indices, -1), tf.range(0, depth, 1, "int32"));
  const values = tf.where(hot, on, off);
  const axis = call.attributes.int("axis", -1);
  if (axis === -1 || axis === indices.rank) return values;
  const order = Array.from({ length: indices.rank }, (_, d) => d);
  order.splice(axis, 0, indices.rank);
  return tf.transpose(values, order);
}

function topK(call: OpCall, k: number): GraphValue[] {
  const x = call.input(0);
  const sorted = call.attributes.bool("sorted", true);
  if (!(x instanceof WideIntegers)) {
    const { values, indices } = tf.topk(call.tensor(0), k, sorted);
    return [values, indices];
  }
  const { ranks, inOrder } = ranked(x);
  const { values, indices } = tf.topk(ranks, k, sorted);
  const top = Array.from(values.dataSync(), (rank) => inOrder[rank]!);
  return [integersOf(top, values.shape), indices];
}

function inTopK(call: OpCall): tf.Tensor {
  const predictions = call.tensor(0);
  const classes = predictions.shape[1]!;
  const values = predictions.dataSync();
  const k = call.count > 2 ? call.number(2) : call.attributes.int("k");
  const hits = call.numbers(1).map((target, row) => {
    const own = values[row * classes + target]!;
    let better = 0;
    for (let c = 0; c < classes; c++) if (values[row * classes + c]! > own) better++;
    return better < k ? 1 : 0;
  });
  return tf.tensor1d(hits, "int32");
}

function unique(call: OpCall): GraphValue[] {
  const value = call.input(0);
  const shape = call.shapeOf(0);
  const axis = call.step.op.endsWith("V2") && call.shapeOf(1)[0] === 1 ? call.number(1) : 0;
  const along = (axis + shape.length) % Math.max(1, shape.length);
  const length = shape[along] ?? 1;
  const inner = shape.slice(along + 1).reduce((n, dim) => n * dim, 1);
  const elements: (string | number)[] =
    value instanceof StringTensor
      ? value.values.map((bytes) => Buffer.from(bytes).toString("latin1"))
      : value instanceof WideIntegers
        ? value.values.map(String)
        : call.numbers(0);
  // Rows are the same when all that they hold along the axis is.
  const keys =
    elements.length === length
      ? elements
      : Array.from({ length }, (_, at) =>
          elements.filter((_, i) => Math.floor(i / inner) % length === at).join("\u0000"),
        );
  const places = new Map<string | number, number>();
  const first: number[] = [];
  const counts: number[] = [];
  const ids = keys.map((key, i) => {
    let place = places.get(key);
    if (place === undefined) {
      places.set(key, (place = places.size));
      first.push(i);
      counts.push(0);
    }
    counts[place]!++;
    return place;
  });
  const chosen = moveElements(call, (input) => tf.gather(input(0), tf.tensor1d(first, "int32"), along));
  return [chosen as GraphValue, intVector(ids), intVector(counts)];
}

function listDiff(call: OpCall): GraphValue[] {
  const textOf = (index: number): string[] => {
    const value = call.input(index);
    if (value instanceof StringTensor) return value.text();
    return (value instanceof WideIntegers ? value.values : call.numbers(index)).map(String);
  };
  const without = new Set(textOf(1));
  const kept = textOf(0).flatMap((key, i) => (without.has(key) ? [] : [i]));
  const out = moveElements(call, (input) => tf.gather(input(0), tf.tensor1d(kept, "int32")));
  return [out as GraphValue, intVector(kept)];
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

function bucketize(call: OpCall): tf.Tensor {
  const boundaries = call.attributes.floats("boundaries");
  const buckets = call.numbers(0).map((value) => countWhile(boundaries, (edge) => edge <= value));
  return tf.tensor(buckets, [...call.shapeOf(0)], "int32");
}

/** Rows of sorted sequences: how many of each row come before each sought value. */
function search(call: OpCall, before: (value: number, sought: number) => boolean): tf.Tensor {
  const [rows, columns] = call.shapeOf(0) as [number, number];
  const sought = call.shapeOf(1)[1]!;
  const sorted = call.numbers(0);
  const found = call.numbers(1).map((value, i) => {
    const row = Math.floor(i / sought);
    return countWhile(sorted.slice(row * columns, (row + 1) * columns), (element) => before(element, value));
  });
  return tf.tensor2d(found, [rows, sought], "int32");
}

function countWhile(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function dynamicPartition(call: OpCall): KernelResult {
  const partitions = call.numbers(1);
  const rank = call.shapeOf(1).length;
  return moveElements(call, (input) => {
    const rows = tf.reshape(input(0), [partitions.length, ...input(0).shape.slice(rank)]);
    return Array.from({ length: call.attributes.int("num_partitions") }, (_, p) => {
      const members = partitions.flatMap((partition, i) => (partition === p ? [i] : []));
      return tf.gather(rows, tf.tensor1d(members, "int32"));
    });
  });
}

function dynamicStitch(call: OpCall): KernelResult {
  const n = call.count / 2;
  const indices = Array.from({ length: n }, (_, i) => call.numbers(i));
  const rank = call.shapeOf(0).length;
  const size = Math.max(-1, ...indices.flat()) + 1;
  // The last row written to a place wins.
  const source = new Int32Array(size);
  indices.flat().forEach((place, row) => (source[place] = row));
  return moveElements(call, (input) => {
    const rows = indices.map((list, i) =>
      tf.reshape(input(n + i), [
        list.length,
        ...input(n + i).shape.slice(i === 0 ? rank : call.shapeOf(i).length),
      ]),
    );
    return tf.gather(tf.concat(rows, 0), tf.tensor1d(source, "int32"));
  });
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
