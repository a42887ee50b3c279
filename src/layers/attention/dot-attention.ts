import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import { Arguments } from "../arguments/arguments.js";
import {
  ComputedLayer,
  type CallValue,
  type Running,
  type Shape,
  type WeightSpec,
} from "../computed-layer.js";
import type { LayerDefinition } from "../registry.js";

const NAMED = ["mask", "return_attention_scores", "training", "use_causal_mask"];

/** keras/layers/attention/attention.py and additive_attention.py: called on [query, value] or [query, value, key]. */
export const DOT_ATTENTION: readonly LayerDefinition[] = [
  {
    className: "Attention",
    majors: [2, 3],
    arguments: ["use_scale", "score_mode", "dropout", "causal"],
    inert: ["seed"],
    namedArguments: NAMED,
    create(spec) {
      const args = new Arguments(spec);
      const concat = scoreMode(args) === "concat";
      const useScale = args.flag("use_scale", false);
      const weights: WeightSpec[] = [
        ...(useScale ? [{ name: "scale", shape: [], initializer: "ones" } as const] : []),
        ...(concat ? [{ name: "concat_score_weight", shape: [], initializer: "ones" } as const] : []),
      ];
      return attention(
        spec.name,
        "Attention",
        args.flag("causal", false),
        () => weights,
        (q, k, values) => {
          if (!concat) {
            const scores = tf.matMul(q, k, false, true);
            return useScale ? tf.mul(scores, values[0]!) : scores;
          }
          const sum = tf.add(tf.expandDims(q, 2), tf.expandDims(k, 1));
          const scaled = useScale ? tf.mul(values[0]!, sum) : sum;
          return tf.mul(values.at(-1)!, tf.sum(tf.tanh(scaled), -1));
        },
      );
    },
  },
  {
    className: "AdditiveAttention",
    majors: [2, 3],
    arguments: ["use_scale", "dropout", "causal"],
    inert: ["seed", "score_mode"],
    namedArguments: NAMED,
    create(spec) {
      const args = new Arguments(spec);
      scoreMode(args);
      const useScale = args.flag("use_scale", true);
      const weights = ([q]: readonly Shape[]): WeightSpec[] =>
        useScale ? [{ name: "scale", shape: [q!.at(-1) ?? 0], initializer: "glorotUniform" }] : [];
      return attention(
        spec.name,
        "AdditiveAttention",
        args.flag("causal", false),
        weights,
        (q, k, values) => {
          const sum = tf.tanh(tf.add(tf.expandDims(q, 2), tf.expandDims(k, 1)));
          return tf.sum(useScale ? tf.mul(values[0]!, sum) : sum, -1);
        },
      );
    },
  },
];

/** Keras 3 writes the string "dot" into .h5 files and then takes it for the function `dot` (taxonomy A13). */
function scoreMode(args: Arguments): "dot" | "concat" {
  return typeof args.raw("score_mode") === "string" ? args.choice("score_mode", ["dot", "concat"]) : "dot";
}

type Score = (query: tf.Tensor, key: tf.Tensor, weights: readonly tf.Tensor[]) => tf.Tensor;

function attention(
  name: string,
  className: string,
  causalByConfig: boolean,
  weights: (inputs: readonly Shape[]) => readonly WeightSpec[],
  score: Score,
): ComputedLayer {
  const layer: ComputedLayer = new ComputedLayer(
    className,
    { name },
    {
      weights,
      outputShape: ([q, v]): Shape | Shape[] => {
        if (v === undefined) throw withoutValue(className, name);
        const output = [...q!.slice(0, -1), v.at(-1)!];
        const wanted = layer.signature?.kwargs["return_attention_scores"];
        const scores = wanted?.kind === "constant" && wanted.value === true;
        return scores ? [output, [q![0]!, q![1]!, v[1]!]] : output;
      },
      compute: ([q, v, k = v], running) => {
        const causal = causalByConfig || running.named["use_causal_mask"] === true;
        const [queryMask, valueMask] = masksOf(running);
        let scores = score(q!, k!, running.weights);
        const mask = paddingMask(valueMask ?? null, causal, scores);
        if (mask) scores = tf.sub(scores, tf.mul(tf.sub(1, mask), 1e9));
        const shares = tf.softmax(scores);
        const result = tf.matMul(shares, v!);
        const output = queryMask ? tf.mul(result, tf.expandDims(tf.cast(queryMask, "float32"), -1)) : result;
        return running.named["return_attention_scores"] === true ? [output, shares] : output;
      },
    },
  );
  return layer;
}

function withoutValue(className: string, layer: string): LayerError {
  return new LayerError(
    "A24",
    undefined,
    `"${layer}" is called on one tensor`,
    `${className} of Keras takes a list, [query, value] or [query, value, key]`,
    `Where the file means a class of its own with this name, register it: \`%%register_custom ${className}\`.`,
  );
}

function masksOf(running: Running): (tf.Tensor | null)[] {
  const mask = running.named["mask"];
  const list: readonly CallValue[] = Array.isArray(mask) ? (mask as readonly CallValue[]) : [];
  return [0, 1].map((i) => (list[i] instanceof tf.Tensor ? list[i] : null));
}

function paddingMask(valueMask: tf.Tensor | null, causal: boolean, scores: tf.Tensor): tf.Tensor | null {
  const padding = valueMask ? tf.expandDims(tf.cast(valueMask, "float32"), -2) : null;
  if (!causal) return padding;
  const [rows, columns] = scores.shape.slice(-2) as [number, number];
  const row = tf.reshape(tf.range(0, rows), [rows, 1]);
  const lower = tf.cast(tf.greaterEqual(row, tf.reshape(tf.range(0, columns), [1, columns])), "float32");
  return padding ? tf.mul(padding, lower) : lower;
}
