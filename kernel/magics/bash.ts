import type { Magic } from "./magic.js";
import { runCommand } from "./run-command.js";

export const bash: Magic = {
  name: "bash",
  kinds: ["line", "cell"],
  summary: "Runs a shell command, or the lines below, in the notebook's folder; !command is the same.",
  arguments: [{ name: "COMMAND", summary: "the command", type: "rest" }],
  examples: ["!ls -l models", "%bash du -sh .", "%%bash\nfor f in *.h5; do echo $f; done"],
  async run({ arguments: { COMMAND: command }, body }, context) {
    const script = [command, body].filter((part) => typeof part === "string").join("\n");
    await runCommand("bash", ["-c", script], context);
    return undefined;
  },
};
