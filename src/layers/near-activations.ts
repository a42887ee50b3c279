import { nearestNames } from "../names/nearest-names.js";

/** What projects call a function that Keras has under another name, without `_`. */
const CALLED: ReadonlyMap<string, string> = new Map([
  ["hswish", "hard_silu"],
  ["hsigmoid", "hard_sigmoid"],
  ["lrelu", "leaky_relu"],
  ["quickgelu", "gelu"],
  ["none", "linear"],
  ["null", "linear"],
  ["identity", "linear"],
]);

/** Whether a name is one of Keras's in other letters (`TANH`, `leakyrelu`), or what others call that one. */
export function isSameActivation(name: string, known: string): boolean {
  const plain = (word: string) => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return plain(name) === plain(known) || CALLED.get(plain(name)) === known;
}

/**
 * The activations of Keras's that an unknown name may mean, the likeliest first, at most three: what others call so, what
 * the name holds as a word (`my_relu`, `swish_activation`), what is spelled alike.
 */
export function nearActivations(name: string, known: readonly string[]): string[] {
  const called = CALLED.get(name.toLowerCase().replaceAll("_", ""));
  const text = `_${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase()}_`;
  const within = known
    .filter((word) => text.includes(`_${word}_`))
    .sort((one, other) => other.length - one.length);
  return [
    ...new Set([...(called === undefined ? [] : [called]), ...within, ...nearestNames(name, known)]),
  ].slice(0, 3);
}
