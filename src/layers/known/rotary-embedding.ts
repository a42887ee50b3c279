import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../arguments/arguments.js";

/**
 * keras-hub's RotaryEmbedding (keras_hub/src/layers/modeling/rotary_embedding.py): the two halves of the features are
 * turned against each other, by an angle that grows with the position.
 */
export function rotated(x: tf.Tensor, args: Arguments, start: number, given: tf.Tensor | null): tf.Tensor {
  const { rank } = x;
  const place = (axis: number) => (axis < 0 ? axis + rank : axis);
  const steps = place(args.integer("sequence_axis", 1, -rank, rank - 1));
  const features = place(args.integer("feature_axis", -1, -rank, rank - 1));
  const width = x.shape[features]!;
  if (width % 2 !== 0 || steps === features)
    throw args.wrong("feature_axis", "an axis of even length, not that of the sequence");
  const order = moved(rank, steps, features);
  const laid = tf.transpose(x, order);
  const positions = given ? tf.cast(given, "float32") : tf.range(start, start + x.shape[steps]!);
  const rows = positions.rank === 1 ? tf.expandDims(positions, 0) : positions;
  const single = tf.mul(tf.expandDims(rows, -1), tf.tensor1d(frequencies(width, args)));
  const both = tf.concat([single, single], -1);
  const between = Array.from({ length: rank - 3 }, () => 1);
  const angles = tf.reshape(both, [both.shape[0]!, both.shape[1]!, ...between, width]);
  const [first, second] = tf.split(laid, 2, -1);
  const turned = tf.concat([tf.neg(second!), first!], -1);
  const scale =
    args.text("rope_type", "linear") === "yarn" ? 0.1 * Math.log(args.number("scaling_factor", 1)) + 1 : 1;
  const output = tf.mul(tf.add(tf.mul(laid, tf.cos(angles)), tf.mul(turned, tf.sin(angles))), scale);
  return tf.transpose(
    output,
    order.map((_, i) => order.indexOf(i)),
  );
}

/** The steps second and the features last, the other axes as they follow. */
function moved(rank: number, steps: number, features: number): number[] {
  const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== steps && i !== features);
  return [others[0]!, steps, ...others.slice(1), features];
}

function frequencies(width: number, args: Arguments): number[] {
  const base = args.number("max_wavelength", 10000);
  const factor = args.number("scaling_factor", 1);
  const below = args.has("denominator_dim") ? args.number("denominator_dim") : width;
  const half = Array.from({ length: width / 2 }, (_, i) => i);
  const plain = half.map((i) => base ** (-(2 * i) / below));
  switch (args.text("rope_type", "linear")) {
    case "linear":
      return plain.map((f) => f / factor);
    case "dynamic":
      return plain.map((f) => f / factor ** (width / Math.max(1, width - 2)));
    case "yarn":
      return stretched(width, base, factor, args);
    default:
      return plain;
  }
}

/** High frequencies stay, low ones are stretched, between the two a ramp (YaRN, arXiv 2309.00071). */
function stretched(width: number, base: number, factor: number, args: Arguments): number[] {
  const longest = args.number("original_max_position_embeddings", 4096);
  const turning = (turns: number) =>
    (width * Math.log(longest / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const whole = args.flag("truncate", true);
  const from = turning(args.number("beta_fast", 32));
  const to = turning(args.number("beta_slow", 1));
  const low = Math.max(whole ? Math.floor(from) : from, 0);
  const high = Math.min(whole ? Math.ceil(to) : to, width - 1);
  return Array.from({ length: width / 2 }, (_, i) => {
    const ramp = Math.min(Math.max((i - low) / Math.max(high - low, 0.001), 0), 1);
    const plain = base ** (-(2 * i) / width);
    return (plain / factor) * ramp + plain * (1 - ramp);
  });
}
