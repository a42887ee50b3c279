import path from "node:path";
import { library } from "./library.js";
import { modelVariable } from "./model-variable.js";
import type { Magic } from "./magic.js";
import { UsageError } from "./usage-error.js";

export const saveModelMagic: Magic = {
  name: "save_model",
  kinds: ["line"],
  summary: "Saves a model for Keras 3 (.keras), Keras 2 (.h5) or TensorFlow.js (.json).",
  arguments: [
    { name: "PATH", summary: "the file to write; its ending says which kind", type: "path", required: true },
    { name: "--model", summary: "the variable of the model, `model` if left out", type: "identifier" },
    { name: "--overwrite", summary: "replace a file that is there", type: "flag" },
  ],
  examples: ["%save_model fixed.keras", "%save_model fixed.h5 --model net --overwrite"],
  async run({ arguments: given }, { engine, folder, output }) {
    const { saveModel } = await library();
    const model = await modelVariable("save_model", given["--model"], engine);
    const file = path.resolve(folder, String(given["PATH"]));
    try {
      const { files, notes } = await saveModel(model, file, { overwrite: given["--overwrite"] === true });
      const lines = files.map(({ path: name, bytes }) => `${path.relative(folder, name)}: ${bytes} bytes`);
      output.stream("stdout", `${[...lines, ...notes].join("\n")}\n`);
    } catch (error) {
      if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
      const hint = error.message.endsWith("there already.") ? " --overwrite replaces it." : "";
      throw new UsageError(`%save_model: ${error.message}${hint}`);
    }
    return undefined;
  },
};
