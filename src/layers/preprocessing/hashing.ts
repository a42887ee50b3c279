import * as tf from "@tensorflow/tfjs";
import { fingerprint64 } from "../../ops/text/farmhash.js";
import { hashBucket, joinFingerprints } from "../../ops/text/text.js";
import { Arguments } from "../arguments/arguments.js";
import { encode, encodedShape } from "./categories.js";
import { ComputedLayer } from "../computed-layer.js";
import { saltOf, tokensOf } from "./lookup.js";
import type { LayerDefinition } from "../registry.js";

/** The key that `tf.sparse.cross_hashed` begins with (python/ops/sparse_ops.py). */
const CROSS_KEY = 0xdecafcaffen;

/** keras/layers/preprocessing/hashing.py and hashed_crossing.py. */
export const HASHING: readonly LayerDefinition[] = [
  {
    className: "Hashing",
    majors: [2, 3],
    arguments: ["num_bins", "mask_value", "salt", "output_mode", "sparse"],
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const bins = args.integer("num_bins", undefined, 1);
      const mode = args.choice("output_mode", ["int", "one_hot", "multi_hot", "count"], "int");
      const bin = binOf(args, bins);
      return new ComputedLayer("Hashing", spec, {
        outputShape: ([x]) => encodedShape(x!, mode, bins),
        compute: ([x]) => {
          const indices = tf.tensor(tokensOf(x!).map(bin), x!.shape, "int32");
          return encode(origin.major === 3 ? oneColumnLess(indices, mode) : indices, mode, bins);
        },
      });
    },
  },
  {
    className: "HashedCrossing",
    majors: [2, 3],
    arguments: ["num_bins", "output_mode", "sparse"],
    create(spec) {
      const args = new Arguments(spec);
      const bins = args.integer("num_bins", undefined, 1);
      const mode = args.choice("output_mode", ["int", "one_hot"], "int");
      return new ComputedLayer("HashedCrossing", spec, {
        outputShape: ([x]) => encodedShape(x!, mode, bins),
        compute: (inputs) => encode(tf.tensor(crossed(inputs, bins), inputs[0]!.shape, "int32"), mode, bins),
      });
    },
  },
];

/** Keras 3 drops a last axis of length 1 before it encodes `one_hot`, and a second one while it does. */
function oneColumnLess(indices: tf.Tensor, mode: string): tf.Tensor {
  const one = mode === "one_hot" && indices.rank > 0 && indices.shape.at(-1) === 1;
  return one ? tf.squeeze(indices, [indices.rank - 1]) : indices;
}

/** The bin of a value, by FarmHash, or with a salt by SipHash; bin 0 is the mask's. */
function binOf(args: Arguments, bins: number): (token: string) => number {
  const salt = saltOf(args);
  const mask = args.has("mask_value") && bins > 1 ? String(args.raw("mask_value")) : null;
  if (mask === null) return (token) => hashBucket(token, bins, salt);
  return (token) => (token === mask ? 0 : 1 + hashBucket(token, bins - 1, salt));
}

function crossed(inputs: readonly tf.Tensor[], bins: number): number[] {
  const columns = inputs.map((x) => tokensOf(x).map((token) => crossedPart(token, x.dtype === "string")));
  return columns[0]!.map((_, i) =>
    crossedBucket(
      columns.map((column) => column[i]!),
      bins,
    ),
  );
}

/** What one value gives to a cross: the fingerprint of a text, an integer as it is. */
export function crossedPart(token: string, text: boolean): bigint {
  return text ? fingerprint64(new TextEncoder().encode(token)) : BigInt.asUintN(64, BigInt(token));
}

/**
 * SparseCross: the parts of a sample's values, joined to one hash.
 * @param key what the joining begins with
 */
export function crossedBucket(parts: readonly bigint[], buckets: number, key = CROSS_KEY): number {
  return Number(parts.reduce(joinFingerprints, key) % BigInt(buckets));
}
