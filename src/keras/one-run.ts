import * as tf from "@tensorflow/tfjs";

interface Computed {
  readonly inputs: readonly unknown[];
  readonly outputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[];
}

/** What layers with several outputs gave in the run that goes on; null between runs. */
let run: Map<tf.layers.Layer, Computed[]> | null = null;

/** Runs a model once: layers marked by `computeOnce` give what they gave when they are asked for a further output. */
export function inOneRun<T>(work: () => T): T {
  if (run) return work();
  run = new Map();
  try {
    return work();
  } finally {
    run = null;
  }
}

const marked = new WeakSet<tf.layers.Layer>();

/**
 * Marks a layer with several outputs. tfjs computes it anew for each of them, which takes as many times as long,
 * moves averages and adds penalties more than once, and drops other values for each.
 */
export function computeOnce(layer: tf.layers.Layer): void {
  if (marked.has(layer)) return;
  marked.add(layer);
  const apply = layer.apply.bind(layer);
  layer.apply = (given, kwargs) => {
    if (!run) return apply(given, kwargs);
    const inputs: unknown[] = Array.isArray(given) ? given : [given];
    const before = run.get(layer) ?? [];
    const same = before.find((one) => one.inputs.every((input, i) => input === inputs[i]) && lives(one));
    if (same) return again(same.outputs);
    const outputs = apply(given, kwargs);
    run.set(layer, [...before, { inputs, outputs }]);
    return outputs;
  };
}

/** tfjs frees what no other layer of the call waits for. */
function lives({ outputs }: Computed): boolean {
  return [outputs].flat().every((output) => !(output instanceof tf.Tensor && output.isDisposed));
}

/** Tensors of their own: the layer may be called twice on the same inputs, and tfjs frees each call's by itself. */
function again(outputs: Computed["outputs"]): Computed["outputs"] {
  const one = (output: tf.Tensor | tf.SymbolicTensor) =>
    output instanceof tf.Tensor ? tf.clone(output) : output;
  return Array.isArray(outputs) ? (outputs.map(one) as tf.Tensor[]) : one(outputs);
}
