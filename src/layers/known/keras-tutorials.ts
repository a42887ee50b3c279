import * as tf from "@tensorflow/tfjs";
import { dense, knownLayer, normalized, otherWeights, type KnownLayer } from "./known-layer.js";

/** The layers that Keras's own tutorials define, "Text classification with Transformer" and its kin. */
export const KERAS_TUTORIALS: readonly KnownLayer[] = [
  block("TransformerBlock", "keras-io, examples/nlp/text_classification_with_transformer.py", 0.1),
  block("TransformerEncoder", "keras-io, examples/nlp/neural_machine_translation_with_transformer.py", 0),
  knownLayer({
    className: "TokenAndPositionEmbedding",
    aliases: ["PositionalEmbedding"],
    title: "Embeddings of tokens and of their positions, added",
    source: "keras-io, examples/nlp/text_classification_with_transformer.py",
    compute: ([x], { weights, args }) => {
      const length = x!.shape.at(-1)!;
      const rows = weights.map(({ shape }) => shape[0]!);
      const [tokens, positions] = positionsFirst((name) => args.raw(name), rows, length)
        ? [weights[1]!, weights[0]!]
        : [weights[0]!, weights[1]!];
      const placed = tf.slice(positions, [0, 0], [length, positions.shape[1]!]);
      return tf.add(tf.gather(tokens, tf.cast(x!, "int32")), placed);
    },
  }),
];

/** @param usual the share that is dropped out in training where the config has none: the tutorial's own default */
function block(className: string, source: string, usual: number): KnownLayer {
  return knownLayer({
    className,
    title: "Self attention and two dense layers, each added to its input and normalised",
    source,
    compute: ([x], { weights, name, args, training }) => {
      const { attention, first, second, norms } = partsOf(weights, name);
      const rate = args.number("rate", args.number("dropout_rate", args.number("dropout", usual)));
      const drop = (y: tf.Tensor) => (training && rate > 0 && rate < 1 ? tf.dropout(y, rate) : y);
      const attended = drop(selfAttention(x!, attention));
      const middle = normalized(tf.add(x!, attended), norms[0]!, norms[1]!, 1e-6);
      const wide = tf.relu(dense(middle, first[0]!, first[1]));
      const outer = drop(dense(wide, second[0]!, second[1]));
      return normalized(tf.add(middle, outer), norms[2]!, norms[3]!, 1e-6);
    },
  });
}

/**
 * A .keras archive lists the parts by name, "pos_emb" before "token_emb"; a .h5 file as they were made. The config says
 * how many of each there are; without one, the table that is as long as the sequence is that of the positions.
 * @param rows of the two tables
 */
export function positionsFirst(
  argument: (name: string) => unknown,
  rows: readonly number[],
  length: number,
): boolean {
  const size = argument("maxlen") ?? argument("max_len") ?? argument("sequence_length");
  const words = argument("vocab_size");
  if (size !== undefined && words !== undefined) return rows[0] === size && rows[1] === words;
  return rows[0] === length && rows[1] !== length;
}

interface BlockParts {
  readonly attention: readonly tf.Tensor[];
  readonly first: readonly tf.Tensor[];
  readonly second: readonly tf.Tensor[];
  readonly norms: readonly tf.Tensor[];
}

/** Attention (4 kernels and biases), two dense layers, two normalisations: the order in which the block makes them. */
function partsOf(weights: readonly tf.Tensor[], name: string): BlockParts {
  const ranks = weights.map(({ rank }) => rank).join("");
  if (ranks !== "3232323121211111") {
    throw otherWeights(
      weights,
      name,
      "the tutorial's block has 16: four projections, two dense layers, two normalisations",
    );
  }
  return {
    attention: weights.slice(0, 8),
    first: weights.slice(8, 10),
    second: weights.slice(10, 12),
    norms: weights.slice(12),
  };
}

function selfAttention(x: tf.Tensor, weights: readonly tf.Tensor[]): tf.Tensor {
  const [features, heads, size] = weights[0]!.shape as [number, number, number];
  const project = (kernel: tf.Tensor, bias: tf.Tensor) => {
    const flat = dense(x, tf.reshape(kernel, [features, heads * size]), tf.reshape(bias, [heads * size]));
    return tf.transpose(tf.reshape(flat, [x.shape[0]!, x.shape[1]!, heads, size]), [0, 2, 1, 3]);
  };
  const query = tf.div(project(weights[0]!, weights[1]!), Math.sqrt(size));
  const shares = tf.softmax(tf.matMul(query, project(weights[2]!, weights[3]!), false, true));
  const mixed = tf.transpose(tf.matMul(shares, project(weights[4]!, weights[5]!)), [0, 2, 1, 3]);
  const flat = tf.reshape(mixed, [x.shape[0]!, x.shape[1]!, heads * size]);
  return dense(flat, tf.reshape(weights[6]!, [heads * size, weights[6]!.shape[2]!]), weights[7]);
}
