import * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../formats/model-file.js";
import type { Fidelity } from "../layers/fidelity.js";
import { dtypePolicy, type QuantizedMode } from "../layers/quantized/dtype-policy.js";
import { roundToFloat8 } from "../layers/quantized/quantized-inputs.js";
import { roundToHalf } from "../ops/half-precision.js";
import type { Conversion } from "./convert-weights.js";
import type { LayerSpec } from "./graph.js";

/** A variable of a layer: its name without the layer's, and its shape. */
export interface Wanted {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** The arrays of one kernel, by Keras's names (`variable_serialization_spec` of the layer). */
type Arrays = ReadonlyMap<string, tf.Tensor>;

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

/** The stored arrays by the projection they belong to, "" where the layer has only one. */
function grouped(stored: readonly StoredWeight[]): Map<string, StoredWeight[]> {
  const groups = new Map<string, StoredWeight[]>();
  for (const weight of stored) {
    const part = partOf(weight);
    groups.set(part, [...(groups.get(part) ?? []), weight]);
  }
  return groups;
}

const PARTS = ["query", "key", "value", "gate", "attention_output"];

/** `query` of `.../query_dense/vars/0` and of `.../query/kernel`. */
function partOf({ name, path }: StoredWeight): string {
  const at = isNumbered(path) ? path.split("/").at(-3) : name.split("/").at(-2);
  const bare = (at ?? "").replace(/^_/, "").replace(/_dense$/, "");
  const part = bare === "output" ? "attention_output" : bare;
  return PARTS.includes(part) ? part : "";
}

function isNumbered(path: string): boolean {
  return /(^|\/)vars\/\d+$/.test(path);
}

function kernelOf(part: string, wanted: readonly Wanted[]): Wanted | undefined {
  return wanted.find(({ name }) => partAndLast(name)[0] === part && /(kernel|embeddings)$/.test(name));
}

function partAndLast(name: string): [part: string, last: string] {
  const pieces = name.split("/");
  const part = pieces.at(-2) ?? "";
  return [PARTS.includes(part) ? part : "", pieces.at(-1)!];
}

/** From the layer's dtype policy; a layer made of others does not say it, there the arrays tell. */
function modeOf(
  spec: LayerSpec,
  group: readonly StoredWeight[],
  kernel: Wanted | undefined,
): QuantizedMode | null {
  const policy = dtypePolicy(spec.config)?.quantized ?? null;
  if (policy !== null) return policy;
  const first = group.find(({ dtype, shape }) => shape.length > 1 && /^u?int8$/.test(dtype));
  // Three scales, of the inputs, the kernel and the gradient of the outputs.
  if (!first) return group.filter(({ shape }) => shape.length === 0).length === 3 ? "float8" : null;
  if (first.dtype === "uint8") return group.some(({ name }) => name.endsWith("awq_scales")) ? "awq" : "gptq";
  const whole = kernel && first.shape.join() === kernel.shape.join();
  return whole && !group.some(({ dtype }, i) => dtype === "int8" && group[i] !== first) ? "int8" : "int4";
}

/** Names of the arrays: those of the file, or, where it only numbers them, by Keras's order for the mode. */
function namedArrays(
  group: readonly StoredWeight[],
  mode: QuantizedMode | null,
  tensors: ReadonlyMap<StoredWeight, tf.Tensor>,
): Arrays {
  const names = group.every(({ path }) => isNumbered(path)) ? orderOf(group, mode) : null;
  return new Map(group.map((weight, i) => [names?.[i] ?? nameOf(weight), tensors.get(weight)!]));
}

/** The packed kernel of a calibrated layer has the name of the one it took the place of. */
function nameOf({ name, dtype }: StoredWeight): string {
  const last = name.split("/").at(-1)!;
  return dtype === "uint8" && last === "kernel" ? "quantized_kernel" : last;
}

const FLOAT8 = ["inputs_scale", "inputs_amax_history", "kernel_scale", "kernel_amax_history"];
const FLOAT8_GRADIENT = ["outputs_grad_scale", "outputs_grad_amax_history"];

function orderOf(group: readonly StoredWeight[], mode: QuantizedMode | null): string[] {
  const count = group.length;
  const bias = (has: boolean) => (has ? ["bias"] : []);
  switch (mode) {
    case "int8":
    case "int4": {
      const zero = mode === "int4" && count > 3 && group.at(-1)!.shape.length === 1;
      return ["kernel", ...bias(count % 2 === 1), "kernel_scale", ...(zero ? ["kernel_zero", "g_idx"] : [])];
    }
    case "ternary":
      return ["kernel", ...bias(count === 3), "kernel_scale"];
    case "float8":
      return ["kernel", ...bias(count === 8), ...FLOAT8, ...FLOAT8_GRADIENT];
    case "gptq":
    case "awq":
      return calibratedOrder(group, mode);
    default:
      return ["kernel", "bias"];
  }
}

/** bias, kernel, kernel_scale, kernel_zero, awq_scales, g_idx; Keras 3.15 leaves the zeros out of `.keras` files. */
function calibratedOrder(group: readonly StoredWeight[], mode: "gptq" | "awq"): string[] {
  const kernel = group.findIndex(({ dtype }) => dtype === "uint8");
  const zero = group.some(({ dtype }, i) => dtype === "uint8" && i > kernel);
  return [
    ...(kernel > 0 ? ["bias"] : []),
    ...["quantized_kernel", "kernel_scale"],
    ...(zero ? ["kernel_zero"] : []),
    ...(mode === "awq" ? ["awq_scales"] : []),
    "g_idx",
  ];
}

/** What a calibrated layer cannot be computed without and the file leaves out. */
function missingArrays(
  groups: ReadonlyMap<string, readonly StoredWeight[]>,
  mode: QuantizedMode | null,
): string[] {
  if (mode !== "gptq" && mode !== "awq") return [];
  const isWhole = (list: readonly StoredWeight[]) =>
    list.filter(({ dtype }) => dtype === "uint8").length > 1 ||
    list.some((weight) => nameOf(weight) === "kernel");
  return [...groups].flatMap(([part, list]) =>
    !isWhole(list) ? [part === "" ? "kernel_zero" : `${part}/kernel_zero`] : [],
  );
}

/** embeddings, its scale, and where there are groups their zeros; then the same of the reverse matrix. */
function embeddingOrder(tensors: readonly tf.Tensor[], mode: QuantizedMode | null): string[] {
  if (mode === null) return ["embeddings", "reverse_embeddings"];
  const scale = tensors[1];
  const zero = tensors[2] && scale && tf.util.arraysEqual(tensors[2].shape, scale.shape) && scale.rank === 2;
  const forward = ["embeddings", "embeddings_scale", ...(zero ? ["embeddings_zero", "g_idx"] : [])];
  return [...forward, "reverse_embeddings", "reverse_embeddings_scale", "reverse_embeddings_zero"];
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

function embeddingArrays(arrays: Arrays, mode: QuantizedMode | null): Arrays {
  if (arrays.has("embeddings")) return arrays;
  const tensors = [...arrays.values()];
  const names = embeddingOrder(tensors, mode);
  return new Map(tensors.map((tensor, i) => [names[i]!, tensor]));
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

function floatKernel(
  spec: LayerSpec,
  part: string,
  name: string,
  arrays: Arrays,
  mode: QuantizedMode | null,
  shape: number[],
): tf.Tensor {
  const stored = arrays.get(name) ?? arrays.get("quantized_kernel") ?? arrays.get("kernel");
  if (!stored) return tf.zeros(shape);
  const scale = arrays.get(`${name}_scale`);
  switch (mode) {
    case "int8":
      return tf.div(stored, alignedScale(spec, part, name, scale!, shape));
    case "int4":
      return fourBits(name, stored, arrays, shape);
    case "ternary":
      return tf.mul(fiveTrits(stored, shape), tf.reshape(scale ?? tf.scalar(1), []));
    case "float8":
      return roundToFloat8(stored, tf.reshape(scale ?? tf.scalar(1), []));
    case "gptq":
    case "awq":
      // A layer that was not calibrated keeps its kernel as it was.
      return arrays.has(name) ? stored : calibrated(stored, arrays, shape);
    default:
      return stored;
  }
}

/** A scale for each number of the axes that are not summed over, in the shape of the kernel with ones elsewhere. */
function alignedScale(
  spec: LayerSpec,
  part: string,
  name: string,
  scale: tf.Tensor,
  shape: readonly number[],
): tf.Tensor {
  if (name === "embeddings") return tf.reshape(scale, [shape[0]!, 1]);
  const summed = summedAxes(spec, part);
  const kept = shape.map((_, axis) => axis).filter((axis) => !summed.includes(axis));
  const order = outputOrder(spec, kept);
  const inOutput = tf.reshape(
    scale,
    order.map((axis) => shape[axis]!),
  );
  const turned = tf.transpose(
    inOutput,
    kept.map((axis) => order.indexOf(axis)),
  );
  return tf.reshape(
    turned,
    shape.map((n, axis) => (kept.includes(axis) ? n : 1)),
  );
}

function letters(spec: LayerSpec): { kernel: string; output: string } | null {
  const equation = spec.config["equation"];
  const match = typeof equation === "string" ? /,([a-zA-Z]+)->(.*)$/.exec(equation) : null;
  return match ? { kernel: match[1]!, output: match[2]! } : null;
}

function summedAxes(spec: LayerSpec, part: string): number[] {
  if (part === "attention_output") return [0, 1];
  const equation = letters(spec);
  if (!equation) return [0];
  return [...equation.kernel].flatMap((letter, axis) => (equation.output.includes(letter) ? [] : [axis]));
}

/** The kept axes of a kernel in the order in which the layer's output has them. */
function outputOrder(spec: LayerSpec, kept: readonly number[]): number[] {
  const equation = letters(spec);
  if (!equation) return [...kept];
  const place = (axis: number) => equation.output.indexOf(equation.kernel[axis]!);
  return [...kept].sort((a, b) => place(a) - place(b));
}

/** Two numbers a byte, in rows of what is summed over and columns of what is kept, scaled a column or a group. */
function fourBits(name: string, packed: tf.Tensor, arrays: Arrays, shape: number[]): tf.Tensor {
  const scale = arrays.get(`${name}_scale`)!;
  const zero = arrays.get(`${name}_zero`);
  const groups = arrays.get("g_idx");
  if (name === "embeddings") {
    const rows = unpack(packed, 1, shape[1]!, true);
    if (!zero || !groups) return tf.div(rows, tf.reshape(scale, [shape[0]!, 1]));
    return byGroup(rows, scale, zero, groups, 1);
  }
  const axis = name === "reverse_embeddings" || packed.shape[0] !== rowsOf(packed, scale, shape) ? 0 : 1;
  const columns = scale.shape.at(-1)!;
  const rows = shape.reduce((a, b) => a * b, 1) / columns;
  const flat = unpack(packed, axis, axis === 0 ? rows : columns, true);
  const value =
    zero && groups ? byGroup(flat, scale, zero, groups, 0) : tf.div(flat, tf.reshape(scale, [1, -1]));
  return tf.reshape(value, shape);
}

function rowsOf(packed: tf.Tensor, scale: tf.Tensor, shape: readonly number[]): number {
  const rows = shape.reduce((a, b) => a * b, 1) / scale.shape.at(-1)!;
  return packed.shape[1] === Math.ceil(scale.shape.at(-1)! / 2) ? rows : -1;
}

function byGroup(
  values: tf.Tensor,
  scale: tf.Tensor,
  zero: tf.Tensor,
  groups: tf.Tensor,
  axis: number,
): tf.Tensor {
  const index = tf.cast(groups, "int32") as tf.Tensor1D;
  return tf.mul(tf.sub(values, tf.gather(zero, index, axis)), tf.gather(scale, index, axis));
}

/** GPTQ and AWQ keep the kernel turned, [columns, rows], with a scale and a zero a group of rows. */
function calibrated(stored: tf.Tensor, arrays: Arrays, shape: number[]): tf.Tensor {
  const scale = arrays.get("kernel_scale")!;
  const columns = scale.shape[0]!;
  const whole = stored.shape[0] === columns ? stored : unpack(stored, 0, columns, false);
  const zero = arrays.get("kernel_zero") ?? arrays.get("zero_point") ?? tf.zerosLike(scale);
  const turned = tf.transpose(byGroup(whole, scale, zero, arrays.get("g_idx")!, 1));
  const magnitude = arrays.get("awq_scales");
  return tf.reshape(magnitude ? tf.div(turned, tf.expandDims(magnitude, -1)) : turned, shape);
}

/** Five numbers of -1, 0 and 1 a byte, in base 3 with the first lowest, down the rows (keras.quantizers.unpack_ternary). */
function fiveTrits(packed: tf.Tensor, shape: number[]): tf.Tensor {
  const bytes = tf.mod(tf.add(packed, 256), 256);
  const digits = [1, 3, 9, 27, 81].map((place) => {
    const whole = tf.round(tf.div(tf.sub(bytes, tf.mod(bytes, place)), place));
    return tf.sub(tf.mod(whole, 3), 1);
  });
  const [rows, ...columns] = shape;
  const all = tf.reshape(tf.stack(digits, 1), [-1, ...columns]);
  return tf.slice(all, 0, rows);
}

/** Two four-bit numbers of each byte, the low one first (keras.quantizers.unpack_int4). */
function unpack(packed: tf.Tensor, axis: number, length: number, signed: boolean): tf.Tensor {
  const bytes = tf.mod(tf.add(packed, 256), 256);
  const low = tf.mod(bytes, 16);
  const pair = tf.stack([low, tf.div(tf.sub(bytes, low), 16)], axis + 1);
  const shape = packed.shape.map((n, i) => (i === axis ? 2 * n : n));
  const all = tf.reshape(pair, shape);
  const cut = tf.slice(
    all,
    shape.map(() => 0),
    shape.map((n, i) => (i === axis ? length : n)),
  );
  return signed ? tf.sub(cut, tf.mul(16, tf.cast(tf.greaterEqual(cut, 8), "float32"))) : cut;
}
