// npm start: from a fresh clone to a running JupyterLab with the kernel. Needs no package, it installs them.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./setup/build.mjs";
import { installKernelspec } from "./setup/kernelspec.mjs";
import { MissingPart } from "./setup/missing-part.mjs";
import { installNodePackages } from "./setup/node-packages.mjs";
import { requireNodeVersion } from "./setup/node-version.mjs";
import { installPythonPackages, VENV_PYTHON } from "./setup/python.mjs";
import { inRoot } from "./setup/repository.mjs";
import { runProgram } from "./setup/run-program.mjs";

try {
  requireNodeVersion();
  await installNodePackages();
  await build();
  await installPythonPackages("lab");
  await installKernelspec();
  process.exitCode = await runJupyterLab(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof MissingPart ? `\n${error}` : `\n${error.stack}`);
  process.exitCode = 1;
}

/** @returns {Promise<number>} its exit status */
async function runJupyterLab(userArguments) {
  const lab = spawn(VENV_PYTHON, ["-m", "jupyterlab", ...labArguments(userArguments)], { stdio: "inherit" });
  const ended = new Promise((resolve) => lab.once("exit", (code, signal) => resolve(signal ? 1 : code)));
  passSignals(lab);
  const stopLooking = new AbortController();
  void printAddress(lab.pid, stopLooking.signal);
  const code = await ended;
  stopLooking.abort();
  return code;
}

/** The user's own arguments come last and win. */
function labArguments(userArguments) {
  const defaults = [`--ServerApp.root_dir=${inRoot("notebooks")}`, "--ServerApp.log_level=WARN"];
  // Ctrl-C ends the server at once, instead of asking on the terminal.
  defaults.push("--ServerApp.answer_yes=True");
  if (process.getuid?.() === 0) defaults.push("--allow-root");
  return [...defaults, ...userArguments];
}

/** A terminal sends Ctrl-C to the whole group, so JupyterLab has it already; anything else is passed on. */
function passSignals(lab) {
  process.on("SIGINT", () => process.stdin.isTTY || lab.kill("SIGINT"));
  process.on("SIGTERM", () => lab.kill("SIGTERM"));
}

/** Jupyter Server notes its address in its runtime folder when it listens. */
async function printAddress(pid, signal) {
  const script = "from jupyter_core.paths import jupyter_runtime_dir as d; print(d())";
  const folder = (await runProgram(VENV_PYTHON, ["-c", script])).stdout.trim();
  while (!signal.aborted) {
    const server = readServerInfo(join(folder, `jpserver-${pid}.json`));
    if (server !== null) {
      const token = server.token ? `?token=${server.token}` : "";
      console.log(`\nJupyterLab with the TypeScript kernel: ${server.url}lab${token}\nCtrl-C ends it.\n`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function readServerInfo(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
