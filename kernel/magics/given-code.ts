import type { MagicCall } from "./magic.js";
import { UsageError } from "./usage-error.js";

/**
 * The code of a magic that runs some: behind its name, in the lines below it, or both.
 * @param example of a call, for the error
 * @returns the code, and how many of the cell's lines stand above its first
 * @throws UsageError where there is none
 */
export function givenCode(
  { arguments: given, body, line }: MagicCall,
  name: string,
  example: string,
): { readonly code: string; readonly lineOffset: number } {
  const behind = given["CODE"];
  const code = [behind, body].filter((part) => typeof part === "string" && part !== "").join("\n");
  if (code.trim() === "")
    throw new UsageError(`%${name} needs code: %${name} ${example}, or %%${name} with code below it.`);
  // Lines of the body stay where the user has them.
  return { code, lineOffset: behind ? line : line + 1 };
}
