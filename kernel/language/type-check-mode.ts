import { splitCell } from "../magics/split-cell.js";

/** `warn` shows type errors below the cell; `strict` does not run a cell that has one. */
export const TYPE_CHECK_MODES = ["warn", "strict", "off"] as const;
export type TypeCheckMode = (typeof TYPE_CHECK_MODES)[number];

/** What `%typecheck MODE` in a cell asks for; null without one. */
export function typeCheckModeIn(code: string): TypeCheckMode | null {
  if (!code.includes("%typecheck")) return null;
  const modes = splitCell(code).flatMap((part) =>
    part.kind === "line" && part.name === "typecheck"
      ? TYPE_CHECK_MODES.filter((mode) => mode === part.text)
      : [],
  );
  return modes.at(-1) ?? null;
}
