import type { Command } from "./command.js";

export const environment: Command = {
  name: "environment",
  summary:
    "Print a requirements.txt under which a model file loads in Python, with the reason for each line.",
  positionals: [{ name: "PATH", summary: "the model file", required: true }],
  options: [{ name: "json", summary: "print the result as JSON" }],
  async run({ positionals, options }) {
    const { environmentOf, findingsForTodaysKeras, FormatError, openModelFile, requirementsText } =
      await import("../../src/index.js");
    try {
      const file = await openModelFile(positionals[0]!);
      const found = environmentOf(file, await findingsForTodaysKeras(positionals[0]!));
      file.close();
      console.log(options["json"] === true ? JSON.stringify(found, null, 2) : requirementsText(found));
      return 0;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      console.error(error.message);
      return 2;
    }
  },
};
