import * as tf from "@tensorflow/tfjs";
import { activationOf, type Activation } from "../activations.js";
import {
  dense,
  knownLayer,
  WeightQueue,
  type KnownCall,
  type KnownLayer,
  type KnownRow,
} from "./known-layer.js";

const BERT = "keras-bert 0.89, keras_bert/layers";

/** The layers of which keras-bert builds its models, with those of the packages that it needs. */
export const KERAS_BERT: readonly KnownLayer[] = [
  ...["TokenEmbedding", "EmbeddingRet"].map((className) =>
    knownLayer({
      className,
      title: "Embedding that returns its matrix too",
      source: className === "TokenEmbedding" ? `${BERT}/embedding.py` : "keras-embed-sim 0.10, embeddings.py",
      compute: ([x], { weights }) => [tf.gather(weights[0]!, tf.cast(x!, "int32")), tf.clone(weights[0]!)],
    }),
  ),
  ...["EmbeddingSimilarity", "EmbeddingSim"].map((className) =>
    knownLayer({
      className,
      title: "Scores of all tokens by their embeddings",
      source: className === "EmbeddingSim" ? "keras-embed-sim 0.10, embeddings.py" : `${BERT}/embedding.py`,
      compute: ([x, embeddings], { weights }) => tf.softmax(dense(x!, tf.transpose(embeddings!), weights[0])),
    }),
  ),
  knownLayer(positionEmbedding()),
  knownLayer({
    className: "TrigPosEmbedding",
    title: "Sines and cosines of positions",
    source: "keras-pos-embd 0.13, keras_pos_embd/trig_pos_embd.py",
    compute: ([x], { args }) => {
      const mode = args.choice("mode", ["expand", "add", "concat"], "add");
      if (mode === "expand") return waves(tf.cast(x!, "float32"), args.integer("output_dim", undefined, 1));
      const [batch, time, features] = x!.shape as [number, number, number];
      const width = mode === "add" ? features : args.integer("output_dim", undefined, 1);
      const positions = waves(tf.reshape(tf.range(0, time), [1, time]), width);
      return mode === "add" ? tf.add(x!, positions) : tf.concat([x!, tf.tile(positions, [batch, 1, 1])], -1);
    },
  }),
  knownLayer({
    className: "FeedForward",
    title: "Two dense layers at each position",
    source: "keras-position-wise-feed-forward 0.8, feed_forward.py",
    compute: ([x], call) => {
      const { weights, args, name, training } = call;
      const queue = new WeightQueue(weights, name);
      const bias = args.flag("use_bias", true);
      const rate = args.number("dropout_rate", 0);
      const layer = (y: tf.Tensor) => dense(y, queue.take(), bias ? queue.take() : undefined);
      const inner = activationOfBert(call, "relu").apply(layer(x!));
      return layer(training && rate > 0 && rate < 1 ? tf.dropout(inner, rate) : inner);
    },
  }),
  knownLayer({
    className: "Extract",
    title: "One step of a sequence",
    source: `${BERT}/extract.py`,
    compute: ([x], { args }) => {
      const index = args.integer("index");
      const [batch, time, ...rest] = x!.shape as [number, number, ...number[]];
      const at = index < 0 ? index + time : index;
      return tf.squeeze(tf.slice(x!, [0, at, ...rest.map(() => 0)], [batch, 1, ...rest]), [1]);
    },
  }),
  knownLayer({
    className: "Masked",
    title: "The predictions of masked tokens",
    source: `${BERT}/masked.py`,
    masked: true,
    compute: ([x, masked], { args, named }) => {
      if (!args.flag("return_masked", false)) return tf.clone(x!);
      const chosen = tf.cast(tf.notEqual(masked!, 0), "float32");
      const mask = named["mask"];
      return [tf.clone(x!), mask instanceof tf.Tensor ? tf.mul(chosen, mask) : chosen];
    },
  }),
  knownLayer({
    className: "MaskedGlobalMaxPool1D",
    title: "Maximum over the steps that count",
    source: `${BERT}/pooling.py`,
    masked: true,
    compute: ([x], { named }) => {
      const mask = named["mask"];
      if (!(mask instanceof tf.Tensor)) return tf.max(x!, -2);
      return tf.max(tf.sub(x!, tf.expandDims(tf.mul(tf.sub(1, tf.cast(mask, "float32")), 1e6), -1)), -2);
    },
  }),
  knownLayer({
    className: "TaskEmbedding",
    title: "Embedding of a task, added to each position",
    source: `${BERT}/task_embed.py`,
    compute: ([x, task], { weights, args }) => {
      const index = tf.cast(task!, "int32");
      const rows = tf.gather(weights[0]!, index);
      const kept = args.flag("mask_zero", false)
        ? tf.mul(rows, tf.expandDims(tf.cast(tf.notEqual(index, tf.scalar(0, "int32")), "float32"), -1))
        : rows;
      return tf.add(x!, kept);
    },
  }),
];

/** What keras-transformer, and so keras-bert, names the layers of its blocks. */
const IN_TRANSFORMER = /^(Encoder|Decoder)-\d+-/;

/** `gelu` in the blocks of keras-transformer is its own, which is the approximate one (keras-transformer 0.40, gelu.py). */
export function activationOfBert({ args, origin, name }: KnownCall, otherwise: string | null): Activation {
  const saved = args.raw("activation") ?? otherwise;
  return activationOf(saved === "gelu" && IN_TRANSFORMER.test(name) ? "gelu_approximate" : saved, origin);
}

/** [batch, time] to [batch, time, width]: sine and cosine in turn, each pair slower than the one before. */
function waves(positions: tf.Tensor, width: number): tf.Tensor {
  const half = Math.floor(width / 2);
  const speeds = Array.from({ length: half }, (_, i) => 10000 ** ((-2 * i) / width));
  const angles = tf.mul(tf.expandDims(positions, -1), tf.tensor1d(speeds));
  const pairs = tf.stack([tf.sin(angles), tf.cos(angles)], -1);
  return tf.reshape(pairs, [...positions.shape, 2 * half]);
}

/** Positions are rows of a learned matrix: added to the input, joined to it, or looked up by it. */
function positionEmbedding(): KnownRow {
  return {
    className: "PositionEmbedding",
    title: "Learned embedding of positions",
    source: "keras-pos-embd 0.13, keras_pos_embd/pos_embd.py",
    compute: ([x], { weights, args }) => {
      const mode = args.choice("mode", ["expand", "add", "concat"], "expand");
      if (mode === "expand") {
        const most = args.integer("input_dim", undefined, 1);
        const index = tf.add(tf.clipByValue(tf.cast(x!, "float32"), -most, most), most);
        return tf.gather(weights[0]!, tf.cast(index, "int32"));
      }
      const [batch, time] = x!.shape as [number, number];
      const width = weights[0]!.shape[1]!;
      const rows = tf.expandDims(tf.slice(weights[0]!, [0, 0], [time, width]), 0);
      return mode === "add" ? tf.add(x!, rows) : tf.concat([x!, tf.tile(rows, [batch, 1, 1])], -1);
    },
  };
}
