import type { LoadReport, Saved } from "../../src/index.js";
import { type Command, UsageError } from "./command.js";
import { registerFile } from "./register-file.js";
import { reportJson } from "./report-json.js";

export const repair: Command = {
  name: "repair",
  summary: "Load a model file, with the decisions of a recipe where it needs some, and save what came of it.",
  positionals: [{ name: "PATH", summary: "the model file", required: true }],
  options: [
    { name: "recipe", summary: "decisions, from %step save in a notebook", value: "FILE" },
    {
      name: "register",
      summary: "a .ts or .js file whose exported classes and functions the model names",
      value: "FILE",
    },
    { name: "out", summary: "the file to write: .keras, .h5 or .json", value: "FILE" },
    { name: "json", summary: "print what was found, done and written as JSON" },
    { name: "overwrite", summary: "replace the file if it is there" },
  ],
  async run({ positionals, options }) {
    const { cardText, openModel, saveModel } = await import("../../src/index.js");
    if (typeof options["out"] !== "string") throw new UsageError("--out is missing: the file to write.");
    const recipe = await recipeOf(options["recipe"]);
    if (typeof options["register"] === "string") await registerFile(options["register"]);
    const session = await openModel(positionals[0]!, recipe ? { recipe } : {});
    const report = session.report();
    const json = options["json"] === true ? await reportJson(session) : null;
    const print = ({ files, notes }: Saved) =>
      console.log(JSON.stringify({ ...json, notes: [...report.notes, ...notes], files }, null, 2));
    try {
      if (json && session.state !== "loaded") print({ files: [], notes: [] });
      if (session.state !== "loaded") return stopped(report, cardText(report), recipe !== null);
      if (!session.model) {
        console.error("The file runs as a graph of operations, which has no layers to save.");
        return 2;
      }
      const { files, notes } = await saveModel(session.model, options["out"], {
        overwrite: options["overwrite"] === true,
      });
      if (json) print({ files, notes });
      else
        console.log(
          [
            ...repairs(report),
            ...report.notes,
            ...files.map(({ path, bytes }) => `${path}: ${bytes} bytes`),
            ...notes,
          ].join("\n"),
        );
      return 0;
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      const hint = error.message.endsWith("there already.") ? " --overwrite replaces it." : "";
      console.error(`${error.message}${hint}`);
      return 2;
    } finally {
      session.abort();
    }
  },
};

async function recipeOf(file: string | boolean | undefined) {
  if (typeof file !== "string") return null;
  const { readRecipe } = await import("../../src/index.js");
  try {
    return await readRecipe(file);
  } catch (error) {
    throw new UsageError(`--recipe ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** 1 where a person's decision would help, 2 where nothing does. */
function stopped({ state, waiting }: LoadReport, card: string, withRecipe: boolean): number {
  console.error(card);
  if (state === "refused") return 2;
  const hint = withRecipe
    ? "The recipe does not answer all of it: make it anew from this file."
    : "Decide in a notebook (%load_model, %step), write %step save fix.json, and give it with --recipe fix.json.";
  const register = waiting.some(({ remedies }) => remedies.some(({ id }) => id === "register"))
    ? " A class or function that you write is given with --register FILE.ts."
    : "";
  console.error(`\n${hint}${register}`);
  return 1;
}

function repairs({ settled }: LoadReport): string[] {
  const taken = settled.filter(({ applied, ordinary }) => applied !== null && !ordinary);
  return taken.map(
    ({ code, title, applied }) => `${code} ${title}: ${applied!.title} (${applied!.fidelity})`,
  );
}
