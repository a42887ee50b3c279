/** `restore_best_weights` to `restoreBestWeights`: a name of Keras's as TypeScript writes it. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}
