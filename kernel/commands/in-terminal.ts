import type { LoadReport } from "../../src/index.js";
import { commandLine } from "../../src/command-line.js";

/** How to go on from a card in a terminal, where its magics cannot be typed; null where nothing waits. */
export function inTerminal({ state, waiting, file }: LoadReport): string | null {
  if (state !== "waiting") return null;
  const repair = commandLine(`repair ${shellWord(file.path)} --out fixed.keras`);
  const register = waiting.some(({ remedies }) => remedies.some(({ id }) => id === "register"));
  return [
    "What begins with % is for cells of a notebook. In a terminal:",
    ...(register ? [`  ${repair} --register FILE.ts`, "    with a class or function that you write"] : []),
    `  ${repair} --recipe fix.json`,
    "    with decisions made in a notebook: %load_model, %step, then %step save fix.json",
  ].join("\n");
}

/** As a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
