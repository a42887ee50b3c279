import * as tf from "@tensorflow/tfjs";
import type { Executes } from "./node-backend.js";
import type { OpAttribute } from "./load-binding.js";

/** What BlockLSTMV2 was given: x [time, batch, inputs], h and c [batch, units]. */
export interface LstmGiven {
  readonly x: tf.Tensor;
  readonly h: tf.Tensor;
  readonly c: tf.Tensor;
  readonly w: tf.Tensor;
}

/** What BlockLSTMV2 made for each step, [time, batch, units] each, under its own names. */
export type LstmMade = Readonly<Record<"i" | "cs" | "f" | "o" | "ci" | "co" | "h", tf.Tensor>>;

/**
 * The gradients by x, h, c, w and b. TensorFlow's BlockLSTMGradV2 adds to the gradient of the whole w at each step;
 * here LSTMBlockCellGrad gives what reaches the gates of a step, and one product sums over all steps at the end.
 * @param after the gradients of the states after each step, [time, batch, units]
 */
export function lstmGradient(
  { x, h, c, w }: LstmGiven,
  made: LstmMade,
  after: { readonly h: tf.Tensor; readonly c: tf.Tensor },
): tf.Tensor[] {
  const [time, batch, inputs] = x.shape as [number, number, number];
  const units = h.shape[1]!;
  const turned = swapMiddleGates(w);
  const [ofInputs, ofStates] = tf.split(turned, [inputs, units]) as [tf.Tensor, tf.Tensor];
  const reached = gatesReached(ofStates, c, made, after);
  const gates = tf.reshape(tf.stack(reached.gates), [time * batch, 4 * units]);
  const before = tf.concat([tf.reshape(h, [1, batch, units]), tf.slice(made.h, 0, time - 1)]);
  const both = tf.reshape(tf.concat([x, before], 2), [time * batch, inputs + units]);
  return [
    tf.reshape(tf.matMul(gates, ofInputs, false, true), x.shape),
    reached.h,
    reached.c,
    swapMiddleGates(tf.matMul(both, gates, true, false)),
    swapMiddleGates(tf.sum(gates, 0)),
  ];
}

/** Walks back through time: the gradient of the gates' sums for each step, and of the states before the first. */
function gatesReached(
  w: tf.Tensor,
  c: tf.Tensor,
  made: LstmMade,
  after: { readonly h: tf.Tensor; readonly c: tf.Tensor },
): { gates: tf.Tensor[]; h: tf.Tensor; c: tf.Tensor } {
  const cell = cellGradient(c.shape[0]!, c.shape[1]!);
  const at = (all: tf.Tensor) => tf.unstack(all);
  const steps = {
    i: at(made.i),
    cs: at(made.cs),
    f: at(made.f),
    o: at(made.o),
    ci: at(made.ci),
    co: at(made.co),
  };
  const [dh, dc] = [at(after.h), at(after.c)];
  const back = tf.transpose(w);
  const gates: tf.Tensor[] = [];
  let reachedH: tf.Tensor = tf.zerosLike(c);
  let reachedC: tf.Tensor = reachedH;
  for (let t = dh.length - 1; t >= 0; t--) {
    const of = (name: keyof typeof steps) => steps[name][t]!;
    const values = [of("i"), of("cs"), of("f"), of("o"), of("ci"), of("co")];
    const arrived = [tf.add(reachedC, dc[t]!), tf.add(reachedH, dh[t]!)];
    const [cBefore, ofGates] = cell(t === 0 ? c : steps.cs[t - 1]!, values, arrived);
    gates[t] = ofGates;
    reachedC = cBefore;
    reachedH = tf.matMul(ofGates, back);
  }
  return { gates, h: reachedH, c: reachedC };
}

/** LSTMBlockCellGrad: of x, h, w and b it reads the shapes alone where there are no peepholes. */
function cellGradient(batch: number, units: number) {
  const backend = tf.backend() as Executes;
  const { binding } = backend;
  const attributes: OpAttribute[] = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "use_peephole", type: binding.TF_ATTR_BOOL, value: false },
  ];
  const [x, h, w] = [tf.zeros([batch, 1]), tf.zeros([batch, units]), tf.zeros([1 + units, 4 * units])];
  const [peephole, b] = [tf.zeros([units]), tf.zeros([4 * units])];
  return (cBefore: tf.Tensor, values: readonly tf.Tensor[], arrived: readonly tf.Tensor[]) => {
    const inputs = [x, cBefore, h, w, peephole, peephole, peephole, b, ...values, ...arrived];
    const outputs = backend.executeMultipleOutputs("LSTMBlockCellGrad", attributes, inputs, 5);
    return outputs as [tf.Tensor, tf.Tensor];
  };
}

/** Between BlockLSTMV2's order of the gates, i, f, c, o, and LSTMBlockCell's, i, c, f, o. */
function swapMiddleGates(w: tf.Tensor): tf.Tensor {
  const [i, second, third, o] = tf.split(w, 4, -1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  return tf.concat([i, third, second, o], -1);
}
