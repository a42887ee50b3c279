import path from "node:path";
import type { Magic } from "./magic.js";

export const autoreload: Magic = {
  name: "autoreload",
  kinds: ["line"],
  summary: "Loads local files again when they have changed; variables of the notebook keep their values.",
  arguments: [
    {
      name: "WHEN",
      summary: "on: before each cell; off: never; left out: once, now (0, 1, 2 as in IPython)",
      type: "word",
      choices: ["on", "off", "0", "1", "2"],
    },
  ],
  examples: ["%autoreload on", "%autoreload"],
  async run({ arguments: { WHEN: when } }, { engine, output, folder }) {
    if (when === undefined) {
      const files = await engine.modules.reload();
      const names = files.map((file) => path.relative(folder, file)).join(", ");
      output.stream("stdout", names ? `Loaded again: ${names}\n` : "No local file has changed.\n");
      return undefined;
    }
    engine.modules.auto = when !== "off" && when !== "0";
    output.stream(
      "stdout",
      engine.modules.auto
        ? "Local files that have changed are loaded again before each cell.\n"
        : "Local files stay as they were loaded.\n",
    );
    return undefined;
  },
};
