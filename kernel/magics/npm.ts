import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Magic } from "./magic.js";
import { runCommand } from "./run-command.js";

export const npm: Magic = {
  name: "npm",
  kinds: ["line"],
  summary: "Runs npm in the notebook's folder; a package that it installs can be imported at once.",
  arguments: [
    { name: "COMMAND", summary: "what npm is to do, `install` for example", type: "word", required: true },
    { name: "PACKAGES", summary: "packages and options, as npm takes them", type: "rest" },
  ],
  examples: ["%npm install lodash", "%npm install -D @types/lodash", "%npm ls"],
  async run({ arguments: { COMMAND, PACKAGES } }, context) {
    const words = String(PACKAGES ?? "")
      .split(/\s+/)
      .filter(Boolean);
    // Without a package.json here, npm would install into a folder further up.
    const manifest = path.join(context.folder, "package.json");
    if (/^(?:i|install|add)$/.test(String(COMMAND)) && !existsSync(manifest)) {
      writeFileSync(manifest, `${JSON.stringify({ private: true, type: "module" }, null, 2)}\n`);
      context.output.stream("stdout", `Created ${manifest}\n`);
    }
    await runCommand("npm", [String(COMMAND), "--no-fund", "--no-audit", ...words], context);
    return undefined;
  },
};
