import * as tf from "@tensorflow/tfjs";
import { withChange } from "../with-change.js";

interface Computed {
  readonly call: Call | undefined;
  readonly inputs: readonly unknown[];
  readonly outputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[];
}

/** One call of a layer in the graph, by what it gives there. */
type Call = readonly tf.SymbolicTensor[];

/** What layers with several outputs gave in the run that goes on; null between runs. */
let run: Map<tf.layers.Layer, Computed[]> | null = null;

/** Runs a model once: layers marked by `computeOnce` give what they gave when they are asked for a further output. */
export function inOneRun<T>(work: () => T): T {
  if (run) return work();
  const change = () => {
    run = new Map();
    return () => void (run = null);
  };
  return withChange(change, work);
}

const marked = new WeakSet<tf.layers.Layer>();
/** Which call of a layer tfjs goes about to compute. */
const asked = new WeakMap<tf.layers.Layer, Call>();

/**
 * Marks a layer with several outputs, for each of its calls. tfjs computes it anew for each output, which takes as many
 * times as long, moves averages and adds penalties more than once, and drops other values for each.
 * @param call the tensors of this call. tfjs asks one of them for its layer before it computes that: two calls on the
 * same inputs are told apart by it, and each is computed.
 */
export function computeOnce(layer: tf.layers.Layer, call: Call): void {
  for (const output of call) {
    const source = output.sourceLayer;
    const get = () => {
      if (source === layer) asked.set(layer, call);
      return source;
    };
    Object.defineProperty(output, "sourceLayer", { get, configurable: true, enumerable: true });
  }
  if (marked.has(layer)) return;
  marked.add(layer);
  const apply = layer.apply.bind(layer);
  layer.apply = (given, kwargs) => {
    if (!run) return apply(given, kwargs);
    const inputs: unknown[] = Array.isArray(given) ? given : [given];
    const call = asked.get(layer);
    const before = run.get(layer) ?? [];
    const same = before.find(
      (one) => one.call === call && one.inputs.every((input, i) => input === inputs[i]) && lives(one),
    );
    if (same) return again(same.outputs);
    const outputs = apply(given, kwargs);
    run.set(layer, [...before, { call, inputs, outputs }]);
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
