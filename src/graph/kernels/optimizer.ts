import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelResult, KernelTable, OpCall } from "../kernel.js";
import { scatterInto } from "./scatter.js";

/** Inputs of a rule by their names in the op's definition; the variable and its slots first. */
type Inputs = Readonly<Record<string, tf.Tensor>>;

interface Rule {
  /** The variable and its slots. */
  readonly slots: readonly string[];
  /** The other inputs, in the order of the op's definition. */
  readonly inputs: readonly string[];
  /** New values of the variable and the slots, by name; what is left out stays. */
  update(values: Inputs, call: OpCall): Partial<Record<string, tf.Tensor>>;
}

const one = (x: tf.Tensor): tf.Tensor => tf.sub(1, x);
/** `old` moved towards `target` by `share` of the way. */
const towards = (old: tf.Tensor, target: tf.Tensor, share: tf.Tensor): tf.Tensor =>
  tf.add(old, tf.mul(tf.sub(target, old), share));

function momentum({ var: w, accum, lr, grad, momentum: share }: Inputs, call: OpCall) {
  const next = tf.add(tf.mul(accum!, share!), grad!);
  const step = call.attributes.bool("use_nesterov") ? tf.add(grad!, tf.mul(next, share!)) : next;
  return { accum: next, var: tf.sub(w!, tf.mul(step, lr!)) };
}

function kerasMomentum({ var: w, accum, lr, grad, momentum: share }: Inputs, call: OpCall) {
  const step = tf.mul(grad!, lr!);
  const next = tf.sub(tf.mul(accum!, share!), step);
  const nesterov = call.attributes.bool("use_nesterov");
  return { accum: next, var: tf.add(w!, nesterov ? tf.sub(tf.mul(next, share!), step) : next) };
}

function adam(values: Inputs, call: OpCall) {
  const { var: w, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad } = values;
  const rate = tf.div(tf.mul(lr!, tf.sqrt(one(beta2_power!))), one(beta1_power!));
  const [first, second] = [towards(m!, grad!, one(beta1!)), towards(v!, tf.square(grad!), one(beta2!))];
  const most = vhat && tf.maximum(vhat, second);
  const step = call.attributes.bool("use_nesterov")
    ? tf.add(tf.mul(grad!, one(beta1!)), tf.mul(first, beta1!))
    : first;
  const next = tf.sub(w!, tf.div(tf.mul(step, rate), tf.add(tf.sqrt(most ?? second), epsilon!)));
  return { var: next, m: first, v: second, ...(most ? { vhat: most } : {}) };
}

function adaMax({ var: w, m, v, beta1_power, lr, beta1, beta2, epsilon, grad }: Inputs) {
  const first = towards(m!, grad!, one(beta1!));
  const most = tf.maximum(tf.mul(beta2!, v!), tf.abs(grad!));
  const rate = tf.div(lr!, one(beta1_power!));
  return { m: first, v: most, var: tf.sub(w!, tf.mul(rate, tf.div(first, tf.add(most, epsilon!)))) };
}

function rmsProp({ var: w, mg, ms, mom, lr, rho, momentum: share, epsilon, grad }: Inputs) {
  const square = towards(ms!, tf.square(grad!), one(rho!));
  const mean = mg && towards(mg, grad!, one(rho!));
  const variance = mean ? tf.sub(square, tf.square(mean)) : square;
  const step = tf.div(tf.mul(grad!, lr!), tf.sqrt(tf.add(variance, epsilon!)));
  const next = tf.add(tf.mul(mom!, share!), step);
  return { ms: square, mom: next, var: tf.sub(w!, next), ...(mean ? { mg: mean } : {}) };
}

function adagrad({ var: w, accum, lr, epsilon, grad }: Inputs, call: OpCall) {
  const sum = call.attributes.bool("update_slots", true) ? tf.add(accum!, tf.square(grad!)) : accum!;
  const root = epsilon ? tf.add(tf.sqrt(sum), epsilon) : tf.sqrt(sum);
  return { accum: sum, var: tf.sub(w!, tf.div(tf.mul(grad!, lr!), root)) };
}

function adadelta({ var: w, accum, accum_update, lr, rho, epsilon, grad }: Inputs) {
  const sum = towards(accum!, tf.square(grad!), one(rho!));
  const scale = tf.div(tf.sqrt(tf.add(accum_update!, epsilon!)), tf.sqrt(tf.add(sum, epsilon!)));
  const step = tf.mul(scale, grad!);
  return {
    accum: sum,
    accum_update: towards(accum_update!, tf.square(step), one(rho!)),
    var: tf.sub(w!, tf.mul(step, lr!)),
  };
}

function ftrl({ var: w, accum, linear, grad, lr, l1, l2, l2_shrinkage, lr_power }: Inputs, call: OpCall) {
  const sum = tf.add(accum!, tf.square(grad!));
  const pull = l2_shrinkage ? tf.add(grad!, tf.mul(tf.mul(2, l2_shrinkage), w!)) : grad!;
  const [before, after] = [accum!, sum].map((total) => tf.pow(total, tf.neg(lr_power!))) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const scaled = call.attributes.bool("multiply_linear_by_lr");
  const change = tf.mul(tf.sub(after, before), w!);
  const next = scaled
    ? tf.add(linear!, tf.sub(tf.mul(pull, lr!), change))
    : tf.add(linear!, tf.sub(pull, tf.div(change, lr!)));
  const bound = scaled ? tf.mul(l1!, lr!) : l1!;
  const excess = tf.sub(tf.maximum(tf.minimum(next, bound), tf.neg(bound)), next);
  const curve = scaled
    ? tf.add(after, tf.mul(tf.mul(2, l2!), lr!))
    : tf.add(tf.div(after, lr!), tf.mul(2, l2!));
  return { accum: sum, linear: next, var: tf.div(excess, curve) };
}

const ADAM = ["beta1_power", "beta2_power", "lr", "beta1", "beta2", "epsilon", "grad"];
const RMS = ["lr", "rho", "momentum", "epsilon", "grad"];
const FTRL = ["var", "accum", "linear"];
const ADAGRAD = ["var", "accum"];

/** By the name that the ops share, `ResourceApplyAdam` and `ApplyAdam`. */
const RULES: Readonly<Record<string, Rule>> = {
  Momentum: { slots: ADAGRAD, inputs: ["lr", "grad", "momentum"], update: momentum },
  KerasMomentum: { slots: ADAGRAD, inputs: ["lr", "grad", "momentum"], update: kerasMomentum },
  Adam: { slots: ["var", "m", "v"], inputs: ADAM, update: adam },
  AdamWithAmsgrad: { slots: ["var", "m", "v", "vhat"], inputs: ADAM, update: adam },
  AdaMax: {
    slots: ["var", "m", "v"],
    inputs: ["beta1_power", "lr", "beta1", "beta2", "epsilon", "grad"],
    update: adaMax,
  },
  RMSProp: { slots: ["var", "ms", "mom"], inputs: RMS, update: rmsProp },
  CenteredRMSProp: { slots: ["var", "mg", "ms", "mom"], inputs: RMS, update: rmsProp },
  Adagrad: { slots: ADAGRAD, inputs: ["lr", "grad"], update: adagrad },
  AdagradV2: { slots: ADAGRAD, inputs: ["lr", "epsilon", "grad"], update: adagrad },
  Adadelta: {
    slots: ["var", "accum", "accum_update"],
    inputs: ["lr", "rho", "epsilon", "grad"],
    update: adadelta,
  },
  Ftrl: { slots: FTRL, inputs: ["grad", "lr", "l1", "l2", "lr_power"], update: ftrl },
  FtrlV2: { slots: FTRL, inputs: ["grad", "lr", "l1", "l2", "l2_shrinkage", "lr_power"], update: ftrl },
  GradientDescent: {
    slots: ["var"],
    inputs: ["lr", "grad"],
    update: ({ var: w, lr, grad }) => ({ var: tf.sub(w!, tf.mul(lr!, grad!)) }),
  },
};

/** What TensorFlow has no op for. */
const NO_OPS =
  /^(Apply(AdamWithAmsgrad|KerasMomentum)|(Resource)?SparseApply(Adam|AdamWithAmsgrad|AdaMax|GradientDescent)|SparseApplyKerasMomentum)$/;

/**
 * Optimizers as saved training functions call them (tensorflow/core/kernels/training_ops.cc): by handle, by TF1
 * reference, and for some rows of the variable, whose indices follow the gradient.
 */
export const optimizer: KernelTable = Object.fromEntries(
  Object.entries(RULES).flatMap(([name, rule]) => opsOf(name, rule).filter(([op]) => !NO_OPS.test(op))),
);

function opsOf(name: string, rule: Rule): [string, Kernel][] {
  const rows = gradientIndices(rule);
  return [
    [`ResourceApply${name}`, { effect: true, run: (call) => apply(call, rule, false) }],
    [`Apply${name}`, { effect: true, run: (call) => apply(call, rule, true) }],
    [`ResourceSparseApply${name}`, { host: rows, effect: true, run: (call) => applyRows(call, rule, false) }],
    [`SparseApply${name}`, { host: rows, effect: true, run: (call) => applyRows(call, rule, true) }],
  ];
}

function gradientIndices({ slots, inputs }: Rule): number[] {
  return [slots.length + inputs.indexOf("grad") + 1];
}

function slotValue(call: OpCall, index: number): tf.Tensor {
  return call.valueOf(call.variable(index)) as tf.Tensor;
}

function apply(call: OpCall, rule: Rule, reference: boolean): KernelResult {
  const { slots, inputs, update } = rule;
  const values = Object.fromEntries([
    ...slots.map((slot, i) => [slot, slotValue(call, i)]),
    ...inputs.map((input, i) => [input, call.tensor(slots.length + i)]),
  ]) as Inputs;
  const updated = update(values, call);
  slots.forEach((slot, i) => {
    const value = updated[slot];
    if (value && value !== values[slot]) call.variable(i).assign(value);
  });
  return reference ? call.variable(0) : [];
}

/** The rule on some rows; the others stay. */
function applyRows(call: OpCall, rule: Rule, reference: boolean): KernelResult {
  const { slots, inputs, update } = rule;
  const [at] = gradientIndices(rule) as [number];
  const rows = call.numbers(at);
  const indices = tf.tensor1d(rows, "int32");
  const place = (i: number): number => slots.length + i + (slots.length + i >= at ? 1 : 0);
  const values = Object.fromEntries([
    ...slots.map((slot, i) => [slot, tf.gather(slotValue(call, i), indices)]),
    ...inputs.map((input, i) => [input, call.tensor(place(i))]),
  ]) as Inputs;
  const updated = update(values, call);
  slots.forEach((slot, i) => {
    const value = updated[slot];
    if (value)
      call.variable(i).assign(scatterInto(slotValue(call, i), rows, [rows.length, 1], value, "put", call));
  });
  return reference ? call.variable(0) : [];
}
