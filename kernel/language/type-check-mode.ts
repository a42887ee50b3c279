/** `warn` shows type errors below the cell; `strict` does not run a cell that has one. */
export const TYPE_CHECK_MODES = ["warn", "strict", "off"] as const;
export type TypeCheckMode = (typeof TYPE_CHECK_MODES)[number];

/**
 * What `%typecheck MODE` in a cell asks for; null without one. Read line by line: taking the cell apart as the runner
 * does would load TypeScript into the kernel process, half a second before it can answer.
 */
export function typeCheckModeIn(code: string): TypeCheckMode | null {
  if (/^\s*%%/.test(code)) return null;
  const lines = [...code.matchAll(/^%typecheck[ \t]+(\w+)[ \t]*$/gm)];
  return TYPE_CHECK_MODES.find((mode) => mode === lines.at(-1)?.[1]) ?? null;
}
