import * as tf from "@tensorflow/tfjs";
import { activationOf } from "./activations.js";
import { Arguments } from "./arguments/arguments.js";
import { ComputedLayer, type Shape, type WeightSpec } from "./computed-layer.js";
import { dtypePolicy } from "./quantized/dtype-policy.js";
import { loraOf } from "./quantized/lora.js";
import { INPUTS_SCALE, trainsKernel } from "./quantized/quantized-dense.js";
import { inputRounding, roundToFloat8 } from "./quantized/quantized-inputs.js";
import type { LayerDefinition } from "./registry.js";

/** keras/layers/core/einsum_dense.py */
export const EINSUM_DENSE: LayerDefinition = {
  className: "EinsumDense",
  majors: [2, 3],
  arguments: ["equation", "output_shape", "activation", "bias_axes"],
  inert: ["lora_rank", "lora_alpha", "quantization_config", "gptq_unpacked_column_size"],
  create(spec, { origin }) {
    const args = new Arguments(spec);
    const equation = args.text("equation");
    const target = outputShape(args);
    const biasAxes = args.has("bias_axes") ? args.text("bias_axes") : null;
    const letters = equation.slice(equation.indexOf("->") + 2);
    const biased = equation.includes("->") ? [...(biasAxes ?? "")] : [];
    if (!biased.every((letter) => letters.includes(letter)))
      throw args.wrong("bias_axes", `letters of the output, "${letters}"`);
    const activation = activationOf(args.raw("activation"), origin);
    const rounding = inputRounding(spec);
    const lora = loraOf(spec);
    const mode = dtypePolicy(spec.config)?.quantized ?? null;
    const float8 = mode === "float8";
    const analysis = (input: Shape) => analyse(args, equation, target, biasAxes, input);
    return new ComputedLayer("EinsumDense", spec, {
      storedInOrder: lora !== null || !trainsKernel(mode),
      weights: ([x]) => {
        const { kernel, bias } = analysis(x!);
        const own: WeightSpec[] = [
          { name: "kernel", shape: kernel, initializer: "glorotUniform", trainable: trainsKernel(mode) },
          ...(bias ? [{ name: "bias", shape: bias }] : []),
        ];
        return [...(lora?.weights(own) ?? own), ...(float8 ? [INPUTS_SCALE] : [])];
      },
      outputShape: ([x]) => analysis(x!).output,
      compute: ([x], { weights }) => {
        const { equation: whole, summed } = analysis(x!.shape);
        const inputs = float8 ? roundToFloat8(x!, weights.at(-1)!) : (rounding?.(x!, summed) ?? x!);
        let product = tf.einsum(whole, inputs, weights[0]!);
        if (lora) product = tf.add(product, tf.einsum(whole, x!, lora.product(weights)));
        return activation.apply(biasAxes === null ? product : tf.add(product, weights[1]!));
      },
    });
  },
};

function outputShape(args: Arguments): (number | null)[] {
  const value = args.raw("output_shape");
  return Array.isArray(value) ? (value as (number | null)[]) : [args.integer("output_shape")];
}

interface Analysis {
  /** With letters in the place of an ellipsis. */
  readonly equation: string;
  readonly kernel: number[];
  readonly bias: number[] | null;
  readonly output: Shape;
  /** Axes of the input that are summed over. */
  readonly summed: readonly number[];
}

/**
 * Sizes of all letters, as Keras finds them (`_analyze_split_string`): those of the input from its shape, the others
 * from `output_shape`, which has neither the batch nor what an ellipsis stands for.
 */
function analyse(
  args: Arguments,
  equation: string,
  target: readonly (number | null)[],
  biasAxes: string | null,
  input: Shape,
): Analysis {
  const match = /^([a-zA-Z]*|\.\.\.[a-zA-Z]+|[a-zA-Z]+\.\.\.),([a-zA-Z]+)->([a-zA-Z.]+)$/.exec(equation);
  if (!match)
    throw args.wrong("equation", 'of the form "abc,cd->abd", with an ellipsis at the same side of both');
  const [, left, kernel, right] = match as unknown as [string, string, string, string];
  const letters = left.replace("...", "");
  const free = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((letter) => !equation.includes(letter));
  const elided = left.includes("...") ? free.slice(0, input.length - letters.length).join("") : "";
  const inside = left.replace("...", elided);
  const outside = right.replace("...", elided);
  const before = left.startsWith("...") ? input.slice(0, elided.length) : input.slice(0, 1);
  const behind = left.endsWith("...") ? input.slice(input.length - elided.length) : [];
  const given = [...before, ...target, ...behind];
  const sizes = new Map([...inside].map((letter, i) => [letter, input[i] ?? null]));
  [...outside].forEach((letter, i) => {
    const size = given[i];
    const known = sizes.get(letter) ?? null;
    if (size === undefined || (known !== null && size !== null && size !== known))
      throw args.wrong("output_shape", `the sizes of ${equation} behind the batch, of ${text(input)}`);
    sizes.set(letter, known ?? size);
  });
  const shape = [...kernel].map((letter) => sizes.get(letter) ?? 0);
  return {
    equation: `${inside},${kernel}->${outside}`,
    kernel: shape,
    bias: biasAxes === null ? null : biasShape(outside, biasAxes, sizes),
    output: [...outside].map((letter) => sizes.get(letter) ?? null),
    summed: [...inside].flatMap((letter, axis) => (outside.includes(letter) ? [] : [axis])),
  };
}

function text(shape: Shape): string {
  return `[${shape.map((size) => size ?? "null").join(", ")}]`;
}

/** From the first biased axis on: its size where it is biased, 1 where not. */
function biasShape(output: string, axes: string, sizes: ReadonlyMap<string, number | null>): number[] {
  const first = Math.min(...[...axes].map((letter) => output.indexOf(letter)));
  return [...output.slice(first)].map((letter) => (axes.includes(letter) ? (sizes.get(letter) ?? 1) : 1));
}
