import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type WeightSpec } from "../computed-layer.js";
import type { LayerDefinition } from "../registry.js";

/**
 * tensorflow_addons/layers/crf.py: scores of each tag at each step, and the best sequence of tags (Viterbi). Outputs:
 * tags [batch, time] int32, potentials [batch, time, units], lengths [batch] int32, the transition matrix.
 */
export const crf: LayerDefinition = {
  className: "Addons>CRF",
  majors: [2],
  arguments: ["units", "use_boundary", "use_kernel"],
  namedArguments: ["mask"],
  create(spec) {
    const args = new Arguments(spec);
    const units = args.integer("units", undefined, 1);
    const boundary = args.flag("use_boundary", true);
    const dense = args.flag("use_kernel", true);
    return new ComputedLayer(spec.className, spec, {
      weights: ([x]) => {
        const list: WeightSpec[] = [
          { name: "chain_kernel", shape: [units, units], initializer: "orthogonal" },
          ...(boundary ? ["left_boundary", "right_boundary"].map((name) => ({ name, shape: [units] })) : []),
        ];
        if (!dense) return list;
        const kernel = {
          name: "dense/kernel",
          shape: [x!.at(-1) ?? 0, units],
          initializer: "glorotUniform",
        } as const;
        return [...list, kernel, { name: "dense/bias", shape: [units] }];
      },
      outputShape: ([x]) => [x!.slice(0, 2), [...x!.slice(0, 2), units], [x![0]!], [units, units]],
      compute: ([x], { weights, named }) => {
        const mask = named["mask"] instanceof tf.Tensor ? tf.cast(named["mask"], "float32") : null;
        const [batch, time, features] = x!.shape as [number, number, number];
        let potentials = x!;
        if (dense) {
          const flat = tf.matMul(tf.reshape(x!, [batch * time, features]), weights.at(-2)!);
          potentials = tf.reshape(tf.add(flat, weights.at(-1)!), [batch, time, units]);
        }
        if (boundary) potentials = withBoundaries(potentials, mask, weights[1]!, weights[2]!);
        const lengths = mask ? tf.cast(tf.sum(mask, 1), "int32") : tf.fill([batch], time, "int32");
        return [viterbi(potentials, weights[0]!, lengths), potentials, lengths, tf.clone(weights[0]!)];
      },
    });
  },
};

/** Adds what it costs to begin and to end with each tag, at the first and the last step that counts. */
export function withBoundaries(
  potentials: tf.Tensor,
  mask: tf.Tensor | null,
  left: tf.Tensor,
  right: tf.Tensor,
): tf.Tensor {
  const [batch, time] = potentials.shape as [number, number];
  const counted = mask ?? tf.ones([batch, time]);
  const none = tf.zeros([batch, 1]);
  const before = tf.concat([none, tf.slice(counted, [0, 0], [batch, time - 1])], 1);
  const after = tf.concat([tf.slice(counted, [0, 1], [batch, time - 1]), none], 1);
  const at = (edge: tf.Tensor) => tf.expandDims(tf.cast(edge, "float32"), 2);
  const started = tf.mul(at(tf.greater(counted, before)), left);
  const ended = tf.mul(at(tf.greater(counted, after)), right);
  return tf.add(tf.add(potentials, started), ended);
}

/**
 * The sequence of tags with the highest score, zeros beyond each sequence's length. It has no gradient; training uses
 * the potentials.
 */
export function viterbi(potentials: tf.Tensor, transitions: tf.Tensor, lengths: tf.Tensor): tf.Tensor {
  const [batch, time, units] = potentials.shape as [number, number, number];
  const scores = potentials.dataSync();
  const moves = transitions.dataSync();
  const counts = lengths.dataSync();
  const tags = new Int32Array(batch * time);
  for (let row = 0; row < batch; row++) {
    const steps = Math.max(1, Math.min(counts[row]!, time));
    const at = row * time * units;
    bestPath(scores.subarray(at, at + steps * units), moves, units).forEach((tag, i) => {
      tags[row * time + i] = tag;
    });
  }
  return tf.tensor(tags, [batch, time], "int32");
}

type Numbers = Float32Array | Int32Array | Uint8Array;

function bestPath(scores: Numbers, moves: Numbers, units: number): number[] {
  const steps = scores.length / units;
  let best = Float32Array.from(scores.subarray(0, units));
  const from: Int32Array[] = [];
  for (let step = 1; step < steps; step++) {
    const next = new Float32Array(units);
    const pointers = new Int32Array(units);
    for (let to = 0; to < units; to++) {
      let source = 0;
      for (let tag = 1; tag < units; tag++) {
        if (best[tag]! + moves[tag * units + to]! > best[source]! + moves[source * units + to]!) source = tag;
      }
      pointers[to] = source;
      next[to] = best[source]! + moves[source * units + to]! + scores[step * units + to]!;
    }
    best = next;
    from.push(pointers);
  }
  const path = [best.indexOf(Math.max(...best))];
  for (const pointers of from.reverse()) path.unshift(pointers[path[0]!]!);
  return path;
}
