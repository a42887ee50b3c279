import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { activationOf } from "./activations.js";
import { Arguments } from "./arguments/arguments.js";
import { ComputedLayer, type Computation, type Shape, type WeightSpec } from "./computed-layer.js";
import { DENSE } from "./dense.js";
import { dtypePolicy } from "./quantized/dtype-policy.js";
import { identity } from "./identity.js";
import { loraOf } from "./quantized/lora.js";
import { trainsKernel } from "./quantized/quantized-dense.js";
import { inputRounding } from "./quantized/quantized-inputs.js";
import type { LayerDefinition } from "./registry.js";

/** keras/layers/core. */
export const CORE: readonly LayerDefinition[] = [
  {
    className: "InputLayer",
    majors: [1, 2, 3],
    arguments: ["batch_shape", "batch_input_shape", "shape", "input_shape", "sparse", "ragged", "optional"],
    inert: ["input_dtype", "input_tensor", "type_spec", "batch_size"],
    create() {
      throw new Error("An InputLayer is made where the model is connected.");
    },
  },
  DENSE,
  {
    className: "Activation",
    majors: [1, 2, 3],
    arguments: ["activation"],
    create(spec, { origin }) {
      const activation = activationOf(new Arguments(spec).raw("activation"), origin);
      return new ComputedLayer("Activation", spec, {
        outputShape: ([x]) => (activation.kerasName === "glu" ? [...x!.slice(0, -1), half(x!.at(-1)!)] : x!),
        compute: ([x]) => activation.apply(x!),
      });
    },
  },
  {
    className: "Embedding",
    majors: [1, 2, 3],
    arguments: ["input_dim", "output_dim", "mask_zero"],
    inert: ["input_length", "lora_rank", "lora_alpha", "quantization_config", "sparse", "weights"],
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const vocabulary = args.integer("input_dim", undefined, 1);
      const width = args.integer("output_dim", undefined, 1);
      const lora = loraOf(spec, "embeddings");
      // Keras looks an adaptation up where the table is quantised, and adds it to the whole table where it is not.
      const adapted = lora !== null && !trainsKernel(dtypePolicy(spec.config)?.quantized ?? null);
      const lookups: Computation["lookups"] = { weight: adapted ? 1 : 0, tap: null };
      return new ComputedLayer("Embedding", spec, {
        storedInOrder: true,
        ...(lora && !adapted ? {} : { lookups }),
        weights: () => {
          const own = [embeddings(spec, vocabulary, width)];
          return lora?.weights(own) ?? own;
        },
        outputShape: ([x]) => [...x!, width],
        compute: ([x], { weights }) => {
          const tokens = origin.major === 3 ? fromStart(x!, vocabulary) : tf.cast(x!, "int32");
          const found = tf.gather(weights[0]!, tokens);
          if (!lora) return lookups.tap?.(found, tokens) ?? found;
          return tf.add(found, lora.rows(weights, tokens, adapted ? lookups.tap : null));
        },
      });
    },
  },
  {
    className: "ReversibleEmbedding",
    majors: [3],
    arguments: ["input_dim", "output_dim", "tie_weights", "mask_zero", "logit_soft_cap"],
    inert: ["reverse_dtype", "quantization_config", "lora_rank", "lora_alpha"],
    namedArguments: ["reverse"],
    create: reversibleEmbedding,
  },
  {
    className: "Masking",
    majors: [1, 2, 3],
    arguments: ["mask_value"],
    create(spec) {
      const value = new Arguments(spec).number("mask_value", 0);
      return new ComputedLayer("Masking", spec, {
        outputShape: ([x]) => x!,
        compute: ([x]) => tf.mul(x!, tf.cast(tf.any(tf.notEqual(x!, value), -1, true), "float32")),
      });
    },
  },
  {
    className: "Identity",
    majors: [2, 3],
    arguments: [],
    create: (spec) => identity(spec),
  },
];

function embeddings(spec: LayerSpec, vocabulary: number, width: number): WeightSpec {
  const trainable = trainsKernel(dtypePolicy(spec.config)?.quantized ?? null);
  return { name: "embeddings", shape: [vocabulary, width], initializer: "glorotUniform", trainable };
}

/** An embedding that with `reverse` turns vectors back into scores of the vocabulary. */
function reversibleEmbedding(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const vocabulary = args.integer("input_dim", undefined, 1);
  const width = args.integer("output_dim", undefined, 1);
  const tied = args.flag("tie_weights", true);
  const cap = args.has("logit_soft_cap") ? args.number("logit_soft_cap") : null;
  const rounding = inputRounding(spec);
  const mode = dtypePolicy(spec.config)?.quantized ?? null;
  const lora = loraOf(spec, "embeddings");
  const layer: ComputedLayer = new ComputedLayer("ReversibleEmbedding", spec, {
    storedInOrder: true,
    weights: () => {
      const back = { name: "reverse_embeddings", shape: [width, vocabulary], trainable: trainsKernel(mode) };
      const own = [embeddings(spec, vocabulary, width), ...(tied ? [] : [back])];
      return lora?.weights(own) ?? own;
    },
    outputShape: ([x]) => {
      const reverse = layer.signature?.kwargs["reverse"];
      const back = reverse?.kind === "constant" && reverse.value === true;
      return back ? [...x!.slice(0, -1), vocabulary] : [...x!, width];
    },
    compute: ([x], { weights, named }) => {
      if (named["reverse"] !== true) {
        const tokens = fromStart(x!, vocabulary);
        const found = tf.gather(weights[0]!, tokens);
        return lora ? tf.add(found, lora.rows(weights, tokens)) : found;
      }
      const rounded = rounding?.(x!, [x!.rank - 1]) ?? x!;
      const flat = tf.reshape(rounded, [x!.size / width, width]) as tf.Tensor2D;
      // Of a quantised layer the way back leaves the adaptation out.
      const adapted = lora && tied && mode === null;
      const matrix = adapted ? tf.add(weights[0]!, lora.product(weights)) : weights[tied ? 0 : 1]!;
      const scores = tf.matMul(flat, matrix as tf.Tensor2D, false, tied);
      const capped = cap === null ? scores : tf.mul(tf.tanh(tf.div(scores, cap)), cap);
      return tf.reshape(capped, [...x!.shape.slice(0, -1), vocabulary]);
    },
  });
  return layer;
}

function half(size: Shape[number]): Shape[number] {
  return size === null ? null : size / 2;
}

/** Keras 3 counts negative tokens from the end (keras/src/backend/tensorflow/numpy.py `take`). */
function fromStart(tokens: tf.Tensor, vocabulary: number): tf.Tensor {
  const whole = tf.cast(tokens, "int32");
  return tf.where(tf.less(whole, 0), tf.add(whole, tf.scalar(vocabulary, "int32")), whole);
}
