import { VENV } from "./python.mjs";
import { inRoot } from "./repository.mjs";
import { runProgram } from "./run-program.mjs";

/** Writes the kernelspec into .venv; again at each start, since the paths of Node and of the checkout are in it. */
export async function installKernelspec() {
  const { ok, output } = await runProgram(process.execPath, [
    inRoot("dist", "kernel", "commands", "main.js"),
    ...["install", "--prefix", VENV],
  ]);
  if (!ok) throw new Error(`The kernelspec could not be installed.\n${output}`);
}
