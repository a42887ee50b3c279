import * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../formats/model-file.js";
import type { Fidelity } from "../layers/fidelity.js";
import type { QuantizedMode } from "../layers/quantized/dtype-policy.js";
import { roundToHalf } from "../ops/half-precision.js";
import type { Conversion } from "./convert-weights.js";
import { floatKernel } from "./dequantized-kernel.js";
import type { LayerSpec } from "./graph.js";
import {
  embeddingArrays,
  grouped,
  kernelOf,
  missingArrays,
  modeOf,
  namedArrays,
  partAndLast,
  type Arrays,
  type Wanted,
} from "./quantized-arrays.js";

const QUANTIZABLE = /^(\w+>)?((Einsum|Ternary)?Dense|(Reversible)?Embedding|\w+Attention|Conv[123]D)$/;

/**
 * How the stored arrays of a quantised or LoRA layer become the float32 variables of the layer here; null for a
 * layer that is stored plainly. Follows `variable_serialization_spec`, `_int8_call`, `_int4_call`, `_float8_call`,
 * `_gptq_call` and `_awq_call` of keras/src/layers/core/dense.py, einsum_dense.py, embedding.py and
 * reversible_embedding.py, and keras/src/quantizers/modes/ternary.py.
 */
export function quantizedConversion(
  spec: LayerSpec,
  wanted: readonly Wanted[],
  stored: readonly StoredWeight[],
): Conversion | null {
  const inner = spec.className === "TimeDistributed" ? spec.inner["layer"]?.[0] : undefined;
  if (inner) return quantizedConversion(inner, wanted, stored);
  if (!QUANTIZABLE.test(spec.className)) return null;
  const groups = grouped(stored);
  // Where the adaptation is in the stored kernel, none of its matrices is stored.
  const lora = stored.some(({ name }) => /lora_(kernel|embeddings)_a$/.test(name));
  const modes = new Map(
    [...groups].map(([part, list]) => {
      const own = wanted.filter(({ name }) => {
        const [at, last] = partAndLast(name);
        return at === part && (lora || !last.startsWith("lora_"));
      }).length;
      // Without a scale beside the kernel its numbers are the kernel's own, in whatever type and policy.
      return [part, list.length > own ? modeOf(spec, list, kernelOf(part, wanted)) : null] as const;
    }),
  );
  const mode = [...modes.values()].find((found) => found !== null) ?? null;
  const scale = loraScale(spec);
  if (mode === null && !lora && scale === null) return null;
  const said = notes(spec, mode, lora, scale);
  return {
    code: "W03",
    detail: said.join("; "),
    fidelity: fidelityOf(spec, mode, lora, scale),
    missing: missingArrays(groups, mode),
    convert: (tensors) => {
      const byWeight = new Map(stored.map((weight, i) => [weight, tensors[i]!]));
      const parts = new Map(
        [...groups].map(([part, list]) => [
          part,
          { mode: modes.get(part)!, arrays: namedArrays(list, modes.get(part)!, byWeight) },
        ]),
      );
      return wanted.map((variable) => valueOf(spec, variable, parts, scale ?? 1));
    },
  };
}

/** Layers made of projections, whose own config says nothing of how these are quantised or adapted. */
function hidesProjections({ className }: LayerSpec): boolean {
  return /Attention$/.test(className);
}

function fidelityOf(
  spec: LayerSpec,
  mode: QuantizedMode | null,
  lora: boolean,
  scale: number | null,
): Fidelity {
  if (lora && (scale === null || (mode !== null && hidesProjections(spec)))) return "approximate";
  return hidesProjections(spec) && (mode === "int8" || mode === "int4") ? "equivalent" : "exact";
}

function notes(spec: LayerSpec, mode: QuantizedMode | null, lora: boolean, scale: number | null): string[] {
  const rounded = mode === "int8" ? "they are rounded" : "they are not";
  return [
    mode === null ? "" : `${mode} weights de-quantised to float32`,
    (mode === "int8" || mode === "int4") && hidesProjections(spec)
      ? `the file does not say whether the projections' inputs are rounded: by Keras's default for ${mode} ${rounded}`
      : "",
    lora && hidesProjections(spec) ? "LoRA matrices multiplied and added to the kernel" : "",
    lora && !hidesProjections(spec) ? "LoRA matrices train, and the kernel they are added to does not" : "",
    lora && scale === null ? "their lora_alpha is not in the file: Keras's default, the rank, is taken" : "",
    !lora && scale !== null
      ? "LoRA is in the stored kernel: its matrices start at zero, as Keras reads them, and the kernel does not train"
      : "",
  ].filter((part) => part !== "");
}

interface Part {
  readonly mode: QuantizedMode | null;
  readonly arrays: Arrays;
}

function valueOf(
  spec: LayerSpec,
  { name, shape }: Wanted,
  parts: ReadonlyMap<string, Part>,
  loraScale: number,
): tf.Tensor {
  const [partName, last] = partAndLast(name);
  const part = parts.get(partName);
  const target = shape as number[];
  if (!part) return tf.zeros(target);
  const arrays = /Embedding$/.test(spec.className) ? embeddingArrays(part.arrays, part.mode) : part.arrays;
  if (last.startsWith("lora_")) return tf.reshape(arrays.get(last) ?? tf.zeros(target), target);
  if (last === "bias") return biasOf(arrays, part.mode, target);
  if (last === "inputs_scale") return tf.reshape(arrays.get("inputs_scale") ?? tf.scalar(1), target);
  const value = floatKernel(spec, partName, last, arrays, part.mode, target);
  const product = hidesProjections(spec) ? loraProduct(arrays, loraScale) : null;
  return product ? tf.add(value, product) : value;
}

function loraScale(spec: LayerSpec): number | null {
  const rank = spec.config["lora_rank"];
  if (typeof rank !== "number") return null;
  const alpha = spec.config["lora_alpha"];
  return (typeof alpha === "number" ? alpha : rank) / rank;
}

function loraProduct(arrays: Arrays, scale: number): tf.Tensor | null {
  const a = arrays.get("lora_kernel_a");
  const b = arrays.get("lora_kernel_b");
  if (!a || !b) return null;
  const [rank, columns] = b.shape as [number, number];
  const product = tf.matMul(tf.reshape(a, [-1, rank]) as tf.Tensor2D, b as tf.Tensor2D);
  return tf.mul(tf.reshape(product, [...a.shape.slice(0, -1), columns]), scale);
}

function biasOf(arrays: Arrays, mode: QuantizedMode | null, shape: number[]): tf.Tensor {
  const bias = tf.reshape(arrays.get("bias") ?? tf.zeros(shape), shape);
  return mode === "float8" ? roundToHalf(bias, "bfloat16") : bias;
}
