import { createHash } from "node:crypto";
import fs from "node:fs";
import { pipeline } from "node:stream/promises";
import { parseJson } from "../formats/json.js";
import { fileName } from "../notation.js";
import type { Decision } from "./problem.js";

/** The remedies that were taken on a file, to be taken again without asking. Plain JSON. */
export interface Recipe {
  readonly loadlab: "recipe";
  readonly version: 1;
  readonly file: {
    readonly name: string;
    /** Of the file's bytes; null for a folder. */
    readonly sha256: string | null;
  };
  readonly decisions: readonly Decision[];
}

/** The recipe of a file and the decisions on it. */
export async function makeRecipe(path: string, decisions: readonly Decision[]): Promise<Recipe> {
  const file = { name: fileName(path), sha256: await sha256(path) };
  return { loadlab: "recipe", version: 1, file, decisions: [...decisions] };
}

/**
 * Reads a recipe from its JSON text.
 * @throws TypeError that says what is wrong with it
 */
export function parseRecipe(text: string): Recipe {
  let value: unknown;
  try {
    value = JSON.parse(JSON.stringify(parseJson(text)));
  } catch (error) {
    throw new TypeError(`A recipe is JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isRecipe(value)) {
    throw new TypeError(
      'This is no recipe: it has no {"loadlab": "recipe", "version": 1, "decisions": [...]}.',
    );
  }
  return value;
}

/**
 * Reads the recipe in a file.
 * @throws TypeError that says what is wrong with it, or that it cannot be read
 */
export async function readRecipe(path: string): Promise<Recipe> {
  if (!fs.existsSync(path)) throw new TypeError("there is no such file");
  if (!isFile(path)) throw new TypeError("this is a folder");
  return parseRecipe(await fs.promises.readFile(path, "utf8"));
}

function isRecipe(value: unknown): value is Recipe {
  const recipe = value as Partial<Recipe> | null;
  return (
    typeof recipe === "object" &&
    recipe?.loadlab === "recipe" &&
    recipe.version === 1 &&
    typeof recipe.file?.name === "string" &&
    Array.isArray(recipe.decisions) &&
    recipe.decisions.every(isDecision)
  );
}

function isDecision(value: unknown): boolean {
  const decision = value as Partial<Decision> | null;
  return (
    typeof decision === "object" &&
    typeof decision?.code === "string" &&
    typeof decision.subject === "string" &&
    typeof decision.remedy === "string" &&
    (decision.argument === undefined || typeof decision.argument === "string")
  );
}

/** What speaks against a recipe for a file: null, or that it was made for another one. */
export async function mismatch(recipe: Recipe, path: string): Promise<string | null> {
  const { name, sha256: wanted } = recipe.file;
  if (wanted === null || !fs.existsSync(path)) return null;
  return wanted === (await sha256(path))
    ? null
    : `The recipe was made for another file (${name}, of other bytes).`;
}

function isFile(path: string): boolean {
  try {
    return fs.statSync(path).isFile();
  } catch {
    return false; // nothing there, a path that goes on behind a file, a folder that may not be read
  }
}

async function sha256(path: string): Promise<string | null> {
  if (!isFile(path)) return null;
  const hash = createHash("sha256");
  await pipeline(fs.createReadStream(path), hash);
  return hash.digest("hex");
}
