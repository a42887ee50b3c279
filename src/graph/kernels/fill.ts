import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { tensorFrom, tensorType } from "../tensors.js";
import { bytesOf } from "./bytes.js";
import { bigints, integersOf, isWideType } from "./integers.js";
import { elementBytes, elementsFrom } from "../../formats/elements.js";
import { dtypeName } from "../../formats/proto/data-type.js";
import { ComplexTensor, StringTensor, TensorList, WideIntegers, type GraphValue } from "../value.js";
import { zeroList } from "./tensor-list.js";
import { moveElements } from "./text-shapes.js";

/** Tensors made of a shape, a range or a mark, and bits taken for another type. tensorflow/core/ops/array_ops.cc. */
export const fills: KernelTable = {
  ToBool: {
    host: [0],
    run: (call) =>
      tf.scalar(
        call.shapeOf(0).length === 0 ? call.number(0) !== 0 : call.shapeOf(0).every((n) => n > 0),
        "bool",
      ),
  },
  Fill: { host: [0], run: fill },
  Zeros: { host: [0], run: (call) => tf.zeros(call.checkedShape(call.numbers(0))) },
  Empty: { host: [0], run: (call) => emptyTensor(call) },
  ZerosLike: { run: zerosLike },
  OnesLike: { run: onesLike },
  Range: { host: [0, 1, 2], run: range },
  LinSpace: {
    host: [0, 1, 2],
    run: (call) => {
      const [length] = call.checkedShape([call.number(2)]);
      return tf.linspace(call.number(0), call.number(1), length!);
    },
  },
  OneHot: { host: [1, 2, 3], run: oneHot },
  Bitcast: { host: [0], run: bitcast },
};

function fill(call: OpCall): GraphValue {
  const shape = call.checkedShape(call.numbers(0));
  const value = call.value(1);
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
  const value = call.value(0);
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
  const value = call.value(0);
  if (value instanceof TensorList) return zeroList(value);
  if (value instanceof ComplexTensor)
    return new ComplexTensor(tf.zerosLike(value.real), tf.zerosLike(value.real));
  if (value instanceof WideIntegers) return tf.zeros([...value.shape], "int32");
  if (!(value instanceof StringTensor)) return tf.zerosLike(call.tensor(0));
  return new StringTensor(
    value.shape,
    value.values.map(() => new Uint8Array(0)),
  );
}

function range(call: OpCall): GraphValue {
  const type = call.attributes.type("Tidx");
  if (isWideType(type) || call.inputs.some((value) => value instanceof WideIntegers)) return wideRange(call);
  const [start, limit, delta] = [call.number(0), call.number(1), call.number(2)];
  if (delta === 0) throw call.error("G11", "its step is 0");
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  call.checkedShape([length]);
  const values = Array.from({ length }, (_, i) => start + i * delta);
  return tf.tensor1d(values, call.tensor(0).dtype === "int32" ? "int32" : "float32");
}

function wideRange(call: OpCall): GraphValue {
  const [start, limit, delta] = [0, 1, 2].map((index) => bigints(call, index)[0]!) as [
    bigint,
    bigint,
    bigint,
  ];
  if (delta === 0n) throw call.error("G11", "its step is 0");
  const one = delta > 0n ? 1n : -1n;
  const steps = (limit - start + delta - one) / delta;
  const length = call.checkedShape([Math.max(0, Number(steps))])[0]!;
  return integersOf(
    Array.from({ length }, (_, i) => start + BigInt(i) * delta),
    [length],
  );
}

function oneHot(call: OpCall): tf.Tensor {
  const indices = tf.cast(call.tensor(0), "int32");
  const depth = call.number(1);
  call.checkedShape([...indices.shape, depth]);
  const [on, off] = [call.tensor(2), call.tensor(3)];
  const at = call.attributes.int("axis", -1);
  // A dimension of 0 broadcasts to nothing, which tfjs takes for 1.
  if (depth === 0) {
    const shape = [...indices.shape];
    shape.splice(at < 0 ? indices.rank : at, 0, 0);
    return tf.zeros(shape, on.dtype);
  }
  const hot = tf.equal(tf.expandDims(indices, -1), tf.range(0, depth, 1, "int32"));
  const values = tf.where(hot, on, off);
  if (at === -1 || at === indices.rank) return values;
  const order = Array.from({ length: indices.rank }, (_, d) => d);
  order.splice(at, 0, indices.rank);
  return tf.transpose(values, order);
}
