import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { LoadSession } from "../../src/index.js";
import { UsageError } from "./usage-error.js";

/**
 * Writes the decisions of a load as a recipe.
 * @returns what was written, in a line
 */
export async function saveRecipe(session: LoadSession, file: string, folder: string): Promise<string> {
  if (file === "") throw new UsageError("%step save needs the file to write: %step save fix.json");
  const recipe = await session.recipe();
  await writeFile(path.resolve(folder, file), `${JSON.stringify(recipe, null, 2)}\n`);
  const number = recipe.decisions.length;
  return `${file}: ${number} ${number === 1 ? "decision" : "decisions"}.`;
}
