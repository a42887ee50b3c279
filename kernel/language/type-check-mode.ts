/** `warn` shows type errors below the cell; `strict` does not run a cell that has one. */
export const TYPE_CHECK_MODES = ["warn", "strict", "off"] as const;
export type TypeCheckMode = (typeof TYPE_CHECK_MODES)[number];

/**
 * What `%typecheck MODE` in a cell asks for; null without one. Read line by line: taking the cell apart as the runner
 * does would load TypeScript into the kernel process, half a second before it can answer.
 */
export function typeCheckModeIn(code: string): TypeCheckMode | null {
  if (!code.includes("%typecheck") || /^\s*%%/.test(code)) return null;
  const lines = [...withoutLongTexts(code).matchAll(/^%typecheck[ \t]+(\w+)[ \t]*$/gm)];
  return TYPE_CHECK_MODES.find((mode) => mode === lines.at(-1)?.[1]) ?? null;
}

/** Comments, quoted strings and templates: what may span lines, and what may hold the signs that begin it. */
const TEXTS =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*(?:`|$)/g;

/** What stands in them is no line of its own. */
function withoutLongTexts(code: string): string {
  return code.replaceAll(TEXTS, (text) => (text.includes("\n") ? "``" : text));
}
