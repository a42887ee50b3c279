import * as tf from "@tensorflow/tfjs";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { Variable } from "../resources.js";
import { release, retain, type GraphValue } from "../value.js";
import { intVector } from "./array.js";

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
  AssignVariableOp: { run: (call) => assign(call, retain(call.input(1)), false), effect: true },
  AssignAddVariableOp: { run: (call) => assign(call, sum(call, 1), false), effect: true },
  AssignSubVariableOp: { run: (call) => assign(call, sum(call, -1), false), effect: true },
  Assign: { run: (call) => assign(call, retain(call.input(1)), true), effect: true },
  AssignAdd: { run: (call) => assign(call, sum(call, 1), true), effect: true },
  AssignSub: { run: (call) => assign(call, sum(call, -1), true), effect: true },
  DestroyResourceOp: { run: () => [], effect: true },
  ResourceGather: {
    run: (call) => tf.gather(call.valueOf(call.variable(0)) as tf.Tensor, tf.cast(call.tensor(1), "int32")),
    volatile: true,
  },
  ResourceGatherNd: {
    run: (call) => tf.gatherND(call.valueOf(call.variable(0)) as tf.Tensor, tf.cast(call.tensor(1), "int32")),
    volatile: true,
  },
  ResourceScatterUpdate: { host: [1], run: (call) => scatter(call, (_, update) => update), effect: true },
  ResourceScatterAdd: {
    host: [1],
    run: (call) => scatter(call, (old, update) => tf.add(old, update)),
    effect: true,
  },
  ResourceScatterSub: {
    host: [1],
    run: (call) => scatter(call, (old, update) => tf.sub(old, update)),
    effect: true,
  },
};

function handle(call: OpCall): Variable {
  const name = call.attributes.text("shared_name") || call.step.name;
  const make = (): Variable => new Variable(name, "The checkpoint has no tensor for it.");
  return call.surroundings.resource(`variable ${name}`, make) as Variable;
}

function sum(call: OpCall, sign: 1 | -1): tf.Tensor {
  const old = call.valueOf(call.variable(0)) as tf.Tensor;
  return sign === 1 ? tf.add(old, call.tensor(1)) : tf.sub(old, call.tensor(1));
}

/** @param reference whether the op gives the variable back, as those of TF1 do */
function assign(call: OpCall, value: GraphValue, reference: boolean): KernelResult {
  const variable = call.variable(0);
  variable.assign(value);
  return reference ? variable : [];
}

function scatter(call: OpCall, combine: (old: tf.Tensor, update: tf.Tensor) => tf.Tensor): KernelResult {
  const variable = call.variable(0);
  const rows = tf.unstack(call.valueOf(variable) as tf.Tensor);
  const indices = call.numbers(1);
  const [updates] = [call.tensor(2)];
  indices.forEach((index, i) => {
    const update = updates.rank === 0 ? updates : tf.reshape(tf.slice(updates, i, 1), rows[index]!.shape);
    rows[index] = tf.add(combine(rows[index]!, update), tf.zerosLike(rows[index]!));
  });
  const next = tf.stack(rows);
  variable.assign(next);
  rows.forEach(release);
  return [];
}
