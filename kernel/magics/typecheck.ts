import { TYPE_CHECK_MODES } from "../language/type-check-mode.js";
import type { Magic } from "./magic.js";

const SAID: Readonly<Record<string, string>> = {
  warn: "Type errors are shown below the cell; it runs all the same.",
  strict: "A cell with a type error does not run.",
  off: "Types are not checked.",
};

/** The kernel process reads the mode from the cell's text (kernel/language/type-check-mode.ts); here it is confirmed. */
export const typecheck: Magic = {
  name: "typecheck",
  kinds: ["line"],
  summary: "Says what happens to type errors of the cells that follow.",
  arguments: [
    {
      name: "MODE",
      summary: "warn: show them below the cell; strict: do not run such a cell; off: do not look",
      type: "word",
      choices: TYPE_CHECK_MODES,
      required: true,
    },
  ],
  examples: ["%typecheck strict", "%typecheck warn", "%typecheck off"],
  async run({ arguments: { MODE } }, { output }) {
    output.stream("stdout", `${SAID[String(MODE)]}\n`);
    return undefined;
  },
};
