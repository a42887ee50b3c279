import * as tf from "@tensorflow/tfjs";
import { type KernelTable, type OpCall, isVariable } from "../kernel.js";
import { constantFrom } from "../tensors.js";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import { retain, type GraphValue } from "../value.js";

/** Ops that give what they are given, and what stands for a value itself. tensorflow/core/ops/array_ops.cc. */
export const passOn: KernelTable = {
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
  CheckNumerics: { run: checked, host: [0] },
  EnsureShape: { run: pass },
  OptimizationBarrier: { run: (call) => call.inputs.map((_, i) => valueOf(call, i)) },
  XlaSharding: { run: pass },
  CheckNumericsV2: { run: checked, host: [0] },
  DeepCopy: { run: pass },
  GuaranteeConst: { run: pass },
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

/** `tf.debugging.check_numerics` stops a model at the op whose result is no number. */
function checked(call: OpCall): GraphValue {
  const value = call.value(0);
  if (value instanceof tf.Tensor) {
    const numbers = value.dataSync<"float32">();
    const nan = numbers.some((number) => Number.isNaN(number));
    const infinite = numbers.some((number) => Math.abs(number) === Infinity);
    const kinds = [...(infinite ? ["Inf"] : []), ...(nan ? ["NaN"] : [])].join(" and ");
    if (kinds !== "")
      throw call.error(
        "G11",
        `${call.attributes.text("message", "a check of numbers")}: the tensor has ${kinds}`,
        "The model stops at such values by itself; look at the inputs that it was given.",
      );
  }
  return pass(call);
}
