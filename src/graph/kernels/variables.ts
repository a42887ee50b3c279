import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelResult, KernelTable, OpCall } from "../kernel.js";
import { Variable } from "../resources.js";
import { retain, type GraphValue } from "../value.js";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import { roundToHalf } from "../../ops/half-precision.js";
import { bigints, fitTo, integersOf, isWideType, wrapped } from "./integers.js";
import { intVector } from "./shape.js";
import { gatherNd } from "./slice.js";
import { moveValues } from "./text-shapes.js";
import { COMBINATIONS, scatterInto, stridedUpdate, type Combine } from "./scatter.js";

/** tensorflow/core/ops/{resource_variable_ops,state_ops}.cc: variables keep their values between calls. */
export const variables: KernelTable = {
  VarHandleOp: { run: handle },
  VariableV2: { run: handle },
  Variable: { run: handle },
  ReadVariableOp: { run: (call) => retain(call.valueOf(call.variable(0))), volatile: true },
  _ReadVariablesOp: {
    run: (call) => call.inputs.map((_, i) => retain(call.valueOf(call.variable(i)))),
    volatile: true,
  },
  DisableCopyOnRead: { run: () => [] },
  VariableShape: { run: (call) => intVector((call.valueOf(call.variable(0)) as tf.Tensor).shape) },
  VarIsInitializedOp: { run: (call) => tf.scalar(call.variable(0).initialized, "bool"), volatile: true },
  IsVariableInitialized: { run: (call) => tf.scalar(call.variable(0).initialized, "bool"), volatile: true },
  AssignVariableOp: { run: (call) => assign(call, retain(call.value(1)), false), effect: true },
  AssignAddVariableOp: { run: (call) => assign(call, sum(call, 1), false), effect: true },
  AssignSubVariableOp: { run: (call) => assign(call, sum(call, -1), false), effect: true },
  Assign: { run: (call) => assign(call, retain(call.value(1)), true), effect: true },
  AssignAdd: { run: (call) => assign(call, sum(call, 1), true), effect: true },
  AssignSub: { run: (call) => assign(call, sum(call, -1), true), effect: true },
  DestroyResourceOp: { run: () => [], effect: true },
  ResourceGather: { run: gather, volatile: true },
  ResourceGatherNd: {
    run: (call) =>
      moveValues([call.valueOf(call.variable(0))], ([value]) => gatherNd(value!, call.tensor(1))),
    volatile: true,
  },
  ...scatterTable(),
  ResourceStridedSliceAssign: {
    host: [1, 2, 3],
    effect: true,
    run: (call) => assign(call, stridedValue(call), false),
  },
  StridedSliceAssign: {
    host: [1, 2, 3],
    effect: true,
    run: (call) => assign(call, stridedValue(call), true),
  },
};

function handle(call: OpCall): Variable {
  const name = call.attributes.text("shared_name") || call.step.name;
  const make = (): Variable => new Variable(name, "The checkpoint has no tensor for it.");
  return call.surroundings.resource(`variable ${name}`, make) as Variable;
}

/** What a variable holds with something added, of the variable's type. */
function sum(call: OpCall, sign: 1 | -1): GraphValue {
  const type = call.attributes.type("dtype") ?? call.attributes.type("T");
  if (isWideType(type)) {
    const added = bigints(call, 1);
    const values = bigints(call, 0).map((value, i) => fitTo(type)(value + BigInt(sign) * added[i]!));
    return integersOf(values, call.shapeOf(0));
  }
  const made = (sign === 1 ? tf.add : tf.sub)(call.tensor(0), call.tensor(1));
  if (type === DataType.DT_HALF) return roundToHalf(made, "float16");
  return type === DataType.DT_BFLOAT16 ? roundToHalf(made, "bfloat16") : wrapped(made, type);
}

/** @param reference whether the op gives the variable back, as those of TF1 do */
function assign(call: OpCall, value: GraphValue, reference: boolean): KernelResult {
  const variable = call.variable(0);
  variable.assign(value);
  return reference ? variable : [];
}

function stridedValue(call: OpCall): GraphValue {
  const values = [call.valueOf(call.variable(0)), call.value(4)];
  return moveValues(values, ([into, value]) => stridedUpdate(call, into!, value!));
}

function gather(call: OpCall): GraphValue {
  const indices = tf.cast(call.tensor(1), "int32");
  const batch = call.attributes.int("batch_dims");
  return moveValues([call.valueOf(call.variable(0))], ([value]) => tf.gather(value!, indices, batch, batch));
}

/** Writing rows (`ScatterAdd`) or slices (`ScatterNdAdd`) of a variable, by handle or by TF1 reference. */
function scatterTable(): Record<string, Kernel> {
  const table: Record<string, Kernel> = {};
  for (const [name, combine] of COMBINATIONS) {
    // Slices are neither multiplied nor divided.
    for (const kind of /Mul|Div/.test(name) ? ["Scatter"] : ["Scatter", "ScatterNd"]) {
      const run = (reference: boolean) => (call: OpCall) =>
        scatter(call, combine, kind === "ScatterNd", reference);
      table[`Resource${kind}${name}`] = { host: [1], effect: true, run: run(false) };
      table[`${kind}${name}`] ??= { host: [1], effect: true, run: run(true) };
    }
  }
  return table;
}

function scatter(call: OpCall, combine: Combine, slices: boolean, reference: boolean): KernelResult {
  const old = call.valueOf(call.variable(0));
  const indices = call.shapeOf(1);
  const shape = slices ? indices : [...indices, 1];
  const write = (into: tf.Tensor, updates: tf.Tensor): tf.Tensor =>
    scatterInto(into, call.numbers(1), shape, updates, combine, call);
  if (combine === "put")
    return assign(
      call,
      moveValues([old, call.value(2)], ([into, updates]) => write(into!, updates!)),
      reference,
    );
  if (!(old instanceof tf.Tensor)) throw call.overflow();
  return assign(call, write(old, call.tensor(2)), reference);
}
