import type { CallValue } from "../../layers/computed-layer.js";
import type { NamedFunction } from "../../ops/call-by-name.js";
import { IGNORED } from "./bound-arguments.js";
import type { Expression } from "./expression.js";
import type { Translator } from "./translate.js";
import { NotTranslated, type Term } from "./value.js";

/** A function that has no one counterpart in TensorFlow.js: the operation that computes it in saved graphs. */
export function operationTerm(
  translator: Translator,
  name: string,
  { positional: parameters, named: settings, call }: NamedFunction,
  positional: readonly Expression[],
  named: readonly (readonly [string, Expression])[],
): Term {
  const unknown = named.find(
    ([key]) => settings !== null && !IGNORED.has(key) && !parameters.includes(key) && !settings.includes(key),
  );
  if (unknown) throw new NotTranslated(`\`${name}\` with \`${unknown[0]}=\` is not known`);
  if (positional.length > parameters.length)
    throw new NotTranslated(`\`${name}\` has more arguments than are known`);
  const args = positional.map((argument) => translator.term(maskOf(argument) ?? argument));
  const rest = named
    .filter(([key]) => !IGNORED.has(key))
    .map(([key, argument]) => [key, translator.term(argument)] as const);
  const texts = [`[${args.map(({ text }) => text).join(", ")}]`];
  if (rest.length > 0) texts.push(`{ ${rest.map(([key, { text }]) => `${key}: ${text}`).join(", ")} }`);
  translator.asksLayer = true;
  return {
    kind: SEVERAL_RESULTS.test(name) ? "tensors" : "tensor",
    text: `layer.operation("${name}", ${texts.join(", ")})`,
    run: (inputs) =>
      call(
        args.map((term) => term.run(inputs) as CallValue),
        Object.fromEntries(rest.map(([key, term]) => [key, term.run(inputs) as CallValue])),
      ),
  };
}

/** `tf.constant([True, False])`: its values, which may decide how much of a tensor is taken. */
function maskOf(expression: Expression): Expression | null {
  if (expression.kind !== "call" || expression.callee.kind !== "attribute") return null;
  if (!/^(constant|convert_to_tensor)$/.test(expression.callee.name)) return null;
  const [value] = expression.positional;
  if (value?.kind === "sequence") return value.items.every(isBoolean) ? value : null;
  const listed = value?.kind === "constant" && Array.isArray(value.value);
  return listed && value.value.flat().every((one) => typeof one === "boolean") ? value : null;
}

/** In Python 2 they are names. */
function isBoolean(expression: Expression): boolean {
  if (expression.kind === "global") return expression.name === "True" || expression.name === "False";
  return expression.kind === "constant" && typeof expression.value === "boolean";
}

/** Functions that return a list of tensors; transforms of `tf.signal` give one of complex numbers. */
const SEVERAL_RESULTS =
  /(?<!\bsignal)\.(linalg\.normalize|moments|unstack|split|array_split|svd|qr|lu|lu_factor|eigh?|meshgrid|top_k|unique|slogdet|divmod|frexp|modf|rfft|fft2?|stft|nonzero|histogram)$/;
