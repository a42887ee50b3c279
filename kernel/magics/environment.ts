import path from "node:path";
import { writeFile } from "node:fs/promises";
import { library } from "./library.js";
import type { Magic } from "./magic.js";
import { UsageError } from "./usage-error.js";

export const environment: Magic = {
  name: "environment",
  kinds: ["line"],
  summary:
    "Shows which Python, TensorFlow and Keras made a model file and will load it, as a requirements.txt.",
  arguments: [
    { name: "PATH", summary: "the model file", type: "path", required: true },
    { name: "--out", summary: "write the requirements.txt", type: "path" },
  ],
  examples: ["%environment model.h5", "%environment model.h5 --out requirements.txt"],
  async run({ arguments: given }, { folder, output }) {
    const {
      environmentBundle,
      environmentOf,
      findingsForTodaysKeras,
      FormatError,
      openModelFile,
      requirementsText,
    } = await library();
    const shown = String(given["PATH"]);
    try {
      const full = path.resolve(folder, shown);
      const file = await openModelFile(full);
      const found = { ...environmentOf(file, await findingsForTodaysKeras(full)), path: shown };
      file.close();
      if (given["--out"] !== undefined) {
        await writeFile(path.resolve(folder, String(given["--out"])), `${requirementsText(found)}\n`, {
          flag: "wx",
        });
      }
      output.display(environmentBundle(found));
    } catch (error) {
      if (error instanceof FormatError) throw new UsageError(`%environment: ${error.message}`);
      if ((error as NodeJS.ErrnoException).code === "EEXIST")
        throw new UsageError(`%environment: ${given["--out"]} is there already.`);
      throw error;
    }
    return undefined;
  },
};
