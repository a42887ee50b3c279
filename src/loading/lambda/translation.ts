import type * as tf from "@tensorflow/tfjs";
import { asTensor, type Value } from "./value.js";

export interface Translation {
  /** `(x) => tf.sub(tf.div(x, 127.5), 1)` */
  readonly text: string;
  /** True where the Python function draws random numbers, so that no two runs agree. */
  readonly random: boolean;
  run(inputs: Value, call?: { readonly training: boolean; readonly mask?: tf.Tensor | null }): Value;
}

/** A translation in parts: what is used more than once is computed once, before what is returned. */
export interface Body {
  readonly statements: readonly string[];
  readonly returned: string;
  readonly random: boolean;
  /** True where the text calls the layer's `operation`. */
  readonly asksLayer: boolean;
  run(inputs: Value, mask?: tf.Tensor): Value;
}

function arrow(given: string, { statements, returned }: Body): string {
  return statements.length === 0
    ? `(${given}) => ${returned}`
    : `(${given}) => { ${statements.join(" ")} return ${returned}; }`;
}

export function inOneMode(input: string, body: Body): Translation {
  return {
    text: arrow(body.asksLayer ? `${input}, layer` : input, body),
    random: body.random,
    run: (inputs) => body.run(inputs),
  };
}

/** What is computed in prediction, and what in training, where that is something else. */
export function inBothModes(input: string, predicting: Body, training: Body): Translation {
  if (arrow(input, predicting) === arrow(input, training)) return inOneMode(input, predicting);
  const [there, here] = [training, predicting].map((body) => arrow("", body));
  return {
    text: `(${input}, layer) => layer.training ? (${there})() : (${here})()`,
    random: predicting.random,
    run: (inputs, layer) => (layer?.training ? training : predicting).run(inputs),
  };
}

/** What is computed without a mask, and what with one; null where that has no translation. */
export function inBothMasks(input: string, without: Translation, masked: Body | null): Translation {
  const inner = masked ? `(${arrow("", masked)})()` : "null";
  return {
    text: `(${input}, layer) => layer.mask ? ${inner} : (${without.text})(${input}, layer)`,
    random: without.random || masked?.random === true,
    run: (inputs, layer) => {
      if (!layer?.mask) return without.run(inputs, layer);
      if (!masked)
        throw new Error("The function does something else where there is a mask, which has no translation.");
      return masked.run(inputs, layer.mask);
    },
  };
}

/** A translation that went by the shape of its inputs, or by the type of their numbers, for such inputs alone. */
export function guarded(translation: Translation, check: (input: tf.Tensor, i: number) => void): Translation {
  return {
    ...translation,
    run: (inputs, layer) => {
      const given = Array.isArray(inputs) ? (inputs as readonly Value[]) : [inputs];
      given.forEach((input, i) => check(asTensor(input), i));
      return translation.run(inputs, layer);
    },
  };
}

/** @throws Error where the numbers are none of float32 */
export function checkType({ dtype }: tf.Tensor): void {
  if (dtype !== "float32")
    throw new Error(
      `The function was translated for float32, by which it branches; this input is ${dtype}. Register a function for both.`,
    );
}

/** @throws Error where a length differs; null is any */
export function checkShape({ shape }: tf.Tensor, wanted: readonly (number | null)[]): void {
  const same =
    shape.length === wanted.length && wanted.every((length, i) => length === null || length === shape[i]);
  if (!same)
    throw new Error(
      `The function was translated for inputs of shape [${wanted.map((length) => length ?? "any").join(", ")}], ` +
        `by which it branches; this one is [${shape.join(", ")}]. Register a function for both.`,
    );
}
