import * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../formats/model-file.js";
import { dtypePolicy, type QuantizedMode } from "../layers/quantized/dtype-policy.js";
import type { LayerSpec } from "./graph.js";

/** A variable of a layer: its name without the layer's, and its shape. */
export interface Wanted {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** The arrays of one kernel, by Keras's names (`variable_serialization_spec` of the layer). */
export type Arrays = ReadonlyMap<string, tf.Tensor>;

/** The stored arrays by the projection they belong to, "" where the layer has only one. */
export function grouped(stored: readonly StoredWeight[]): Map<string, StoredWeight[]> {
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

export function kernelOf(part: string, wanted: readonly Wanted[]): Wanted | undefined {
  return wanted.find(({ name }) => partAndLast(name)[0] === part && /(kernel|embeddings)$/.test(name));
}

export function partAndLast(name: string): [part: string, last: string] {
  const pieces = name.split("/");
  const part = pieces.at(-2) ?? "";
  return [PARTS.includes(part) ? part : "", pieces.at(-1)!];
}

/** From the layer's dtype policy; a layer made of others does not say it, there the arrays tell. */
export function modeOf(
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
export function namedArrays(
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
export function missingArrays(
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

export function embeddingArrays(arrays: Arrays, mode: QuantizedMode | null): Arrays {
  if (arrays.has("embeddings")) return arrays;
  const tensors = [...arrays.values()];
  const names = embeddingOrder(tensors, mode);
  return new Map(tensors.map((tensor, i) => [names[i]!, tensor]));
}
