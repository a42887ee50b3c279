import { mkdir, writeFile } from "node:fs/promises";
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
  const target = path.resolve(folder, file);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, `${JSON.stringify(recipe, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`%step save: ${file} cannot be written: ${(error as Error).message}`);
  }
  const number = recipe.decisions.length;
  return [`${file}: ${number} ${number === 1 ? "decision" : "decisions"}.`, ...registered(session)].join(
    "\n",
  );
}

/** A recipe holds decisions, not code: what the user registered has to be registered again. */
function registered({ registered }: LoadSession): string[] {
  if (registered.length === 0) return [];
  return [`What you registered is not in it: register ${registered.join(", ")} before you load with it.`];
}
