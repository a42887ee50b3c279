import type { Magic } from "./magic.js";
import { insertVariables } from "./insert-variables.js";
import { runCommand } from "./run-command.js";

export const bash: Magic = {
  name: "bash",
  kinds: ["line", "cell"],
  summary:
    "Runs a shell command, or the lines below, in the notebook's folder; !command is the same. {name} in the command is a variable of the notebook.",
  arguments: [{ name: "COMMAND", summary: "the command", type: "rest" }],
  examples: ["!ls -l models", "!du -sh {path}", "%bash du -sh .", "%%bash\nfor f in *.h5; do echo $f; done"],
  async run({ arguments: { COMMAND: command }, body }, context) {
    const line = typeof command === "string" ? insertVariables(command, context.engine.scope) : command;
    const script = [line, body].filter((part) => typeof part === "string").join("\n");
    await runCommand("bash", ["-c", script], context);
    return undefined;
  },
};
