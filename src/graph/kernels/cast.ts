import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { Attributes } from "../attributes.js";
import type { OpCall } from "../kernel.js";
import { ComplexTensor, StringTensor, WideIntegers, type GraphValue } from "../value.js";
import { roundToHalf } from "../../ops/half-precision.js";
import { tensorType } from "../tensors.js";
import { fitTo, integersOf, isWideType, wrapped } from "./integers.js";

export function cast(call: OpCall): GraphValue {
  const target = call.attributes.type("DstT");
  const value = call.value(0);
  if (value instanceof ComplexTensor) {
    return tensorType(target) === "complex64" ? value : castTensor(value.real, target);
  }
  if (tensorType(target) === "complex64") {
    const real = tf.cast(call.tensor(0), "float32");
    return new ComplexTensor(real, tf.zerosLike(real));
  }
  if (value instanceof StringTensor) return value;
  if (value instanceof WideIntegers) return castWide(value, target);
  if (floatToWide(call.attributes)) return wholeNumbers(call, target);
  if (target === DataType.DT_UINT32 || target === DataType.DT_UINT64) return unsigned(call, target);
  return castTensor(call.tensor(0), target);
}

export function floatToWide(attributes: Attributes): boolean {
  return isWideType(attributes.type("DstT")) && tensorType(attributes.type("SrcT")) === "float32";
}

/** Floats cut to whole numbers of any size. Those of 64 bits are kept in 32, which is exact below 2^24 only. */
function wholeNumbers(call: OpCall, target: DataType | null): GraphValue {
  const numbers = call.numbers(0);
  const exact = call.attributes.type("SrcT") === DataType.DT_DOUBLE ? 2 ** 24 : 2 ** 63;
  if (numbers.some((number) => !(Math.abs(number) < 2 ** 31))) {
    // What has no number at all is TensorFlow's least one.
    const whole = numbers.map((number) =>
      Math.abs(number) < 2 ** 63 ? BigInt(Math.trunc(number)) : -(2n ** 63n),
    );
    if (numbers.some((number) => Math.abs(number) >= exact && Math.abs(number) < 2 ** 63))
      throw call.overflow();
    return integersOf(whole.map(fitTo(target)), call.shapeOf(0));
  }
  return target === DataType.DT_INT64 ? castTensor(call.tensor(0), target) : unsigned(call, target!);
}

/** A negative number becomes a large one. */
function unsigned(call: OpCall, target: DataType): GraphValue {
  const whole = castTensor(call.tensor(0), target);
  const values = Array.from(whole.dataSync(), (value) => BigInt(value));
  return values.every((value) => value >= 0n) ? whole : integersOf(values.map(fitTo(target)), whole.shape);
}

function castWide(value: WideIntegers, target: DataType | null): GraphValue {
  const shape = [...value.shape];
  switch (tensorType(target)) {
    case "float32":
      return tf.tensor(value.values.map(Number), shape, "float32");
    case "bool":
      return tf.tensor(
        value.values.map((element) => element !== 0n),
        shape,
        "bool",
      );
    default: {
      const fit = isWideType(target) ? fitTo(target) : fitTo(DataType.DT_INT32);
      const fitted = integersOf(value.values.map(fit), shape);
      return fitted instanceof tf.Tensor ? wrapped(fitted, target) : fitted;
    }
  }
}

function castTensor(x: tf.Tensor, target: DataType | null): tf.Tensor {
  const type = tensorType(target);
  if (type === "bool") return x.dtype === "bool" ? tf.clone(x) : tf.notEqual(x, tf.scalar(0, x.dtype));
  const made = tf.cast(x, type);
  if (type === "int32") return wrapped(made, target);
  if (target === DataType.DT_HALF) return roundToHalf(made, "float16");
  return target === DataType.DT_BFLOAT16 ? roundToHalf(made, "bfloat16") : made;
}
