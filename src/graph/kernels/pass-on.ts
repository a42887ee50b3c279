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
  CheckNumerics: { run: pass },
  EnsureShape: { run: pass },
  OptimizationBarrier: { run: (call) => call.inputs.map((_, i) => valueOf(call, i)) },
  XlaSharding: { run: pass },
  CheckNumericsV2: { run: pass },
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
