import path from "node:path";
import { isAddress } from "../../src/formats/download/address.js";
import type { Recipe } from "../../src/index.js";
import { askThrough } from "./ask.js";
import { library } from "./library.js";
import { keepLoad } from "./load-state.js";
import type { Magic } from "./magic.js";
import { showDownload } from "./show-download.js";
import { showLoad } from "./show-load.js";
import { UsageError } from "./usage-error.js";

export const loadModelMagic: Magic = {
  name: "load_model",
  kinds: ["line"],
  summary: "Opens a model file and binds the model to a variable; stops where a decision is needed.",
  arguments: [
    {
      name: "PATH",
      summary: "the model file, from the notebook's folder, or the address to download it from",
      type: "path",
      required: true,
    },
    {
      name: "--as",
      summary: "the variable for the model, `model` if left out",
      type: "identifier",
      default: "model",
    },
    {
      name: "--session",
      summary: "the variable for the load itself, `session` if left out: await session.fix(1, ...)",
      type: "identifier",
      default: "session",
    },
    { name: "--recipe", summary: "decisions of an earlier load, from %step save", type: "path" },
    {
      name: "--no-compile",
      summary: "leave out the loss, the metrics and the optimizer that the model was trained with",
      type: "flag",
    },
    {
      name: "--no-optimizer",
      summary: "compile, but let the optimizer start afresh: its stored state is left out",
      type: "flag",
    },
    {
      name: "--ask",
      summary: "ask at the prompt about each problem, for front ends without buttons",
      type: "flag",
    },
    { name: "--step", summary: "pause at every step and show what it did", type: "flag" },
  ],
  instead: {
    custom_objects:
      "A class or function is registered by name: %%register_custom NAME with its code below, before the load or when it asks.",
    compile: "The model is compiled as it was saved; --no-compile leaves that out.",
    safe_mode:
      "Code that a file holds is never run: a Lambda is shown with its translation, which you accept.",
    by_name:
      "Weights find their layers by name, path or order by themselves; where that is open, a card asks.",
    skip_mismatch: "A weight of another shape is asked about in a card, weight by weight.",
    options: "A SavedModel needs no options here: its variables are read on this machine.",
  },
  examples: [
    "%load_model models/mnist_cnn.h5",
    "%load_model models/custom_attention.h5 --as net --step",
    "%load_model https://example.org/models/mnist.keras",
  ],
  async run({ arguments: given }, context) {
    const file = fromFolder(String(given["PATH"]), context.folder);
    const { openModel } = await library();
    const recipe = await recipeOf(given["--recipe"], context.folder);
    const variable = String(given["--as"] ?? "model");
    const sessionVariable = String(given["--session"] ?? "session");
    const session = await openModel(file, {
      // Before the first step: an interrupt of that one leaves a load that %step goes on with.
      onBegin: (begun) => keepLoad(context.engine, { session: begun, variable, sessionVariable }),
      step: given["--step"] === true,
      compile: given["--no-compile"] !== true,
      includeOptimizer: given["--no-optimizer"] !== true,
      ...(isAddress(file) && { onProgress: showDownload(context.output, file) }),
      ...(recipe && { recipe }),
    });
    const load = { session, variable, sessionVariable };
    if (given["--ask"] === true) await askThrough(load, context);
    else await showLoad(load, context);
    return undefined;
  },
};

async function recipeOf(file: unknown, folder: string): Promise<Recipe | null> {
  if (file === undefined) return null;
  const { readRecipe } = await library();
  try {
    return await readRecipe(fromFolder(String(file), folder));
  } catch (error) {
    throw new UsageError(`%load_model: --recipe ${file}: ${(error as Error).message}`);
  }
}

/** Paths start in the notebook's folder, wherever the process is by now; as typed where that is the same. */
function fromFolder(file: string, folder: string): string {
  if (isAddress(file)) return file;
  return path.resolve(folder) === process.cwd() ? file : path.resolve(folder, file);
}
