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

/** Jupyter accepts an argument only once, so a default gives way to any form of it that the user types. */
function labArguments(userArguments) {
  const defaults = [
    { forms: ["--notebook-dir", "--ServerApp.root_dir"], argument: `--notebook-dir=${inRoot("notebooks")}` },
    { forms: ["--debug", "--log-level", "--Application.log_level"], argument: "--log-level=WARN" },
    // Ctrl-C ends the server at once, instead of asking on the terminal.
    { forms: ["-y", "--ServerApp.answer_yes"], argument: "-y" },
  ];
  if (process.getuid?.() === 0) defaults.push({ forms: ["--allow-root"], argument: "--allow-root" });
  const names = userArguments.map((argument) => argument.split("=")[0]);
  const wanted = defaults.filter(({ forms }) => !forms.some((form) => names.includes(form)));
  return [...wanted.map(({ argument }) => argument), ...userArguments];
}

/** A terminal sends Ctrl-C to the whole group, so JupyterLab has it already; anything else is passed on. */
function passSignals(lab) {
  process.on("SIGINT", () => process.stdin.isTTY || lab.kill("SIGINT"));
  process.on("SIGTERM", () => lab.kill("SIGTERM"));
  if (process.env.npm_lifecycle_event === undefined) return;
  // npm runs this in a shell that does not pass SIGTERM on: it is just gone.
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid === parent || lab.kill("SIGTERM"), 500);
  lab.once("exit", () => clearInterval(watch));
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
