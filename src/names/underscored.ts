/** `numHeads` to `num_heads`, `beta1` to `beta_1` where `known` has that: the name that Keras has for an argument. */
export function underscored(name: string, known: readonly string[] = []): string {
  const plain = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return known.find((each) => each.replaceAll("_", "") === plain.replaceAll("_", "")) ?? plain;
}
