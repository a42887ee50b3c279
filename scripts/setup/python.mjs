import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MissingPart, pythonInstallCommand } from "./missing-part.mjs";
import { inRoot } from "./repository.mjs";
import { announced, runProgram } from "./run-program.mjs";

/** Private to this checkout; deleting it is always safe. */
export const VENV = inRoot(".venv");
export const VENV_PYTHON = join(
  VENV,
  ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
);

/** JupyterLab 4.6 asks for it. */
const OLDEST = [3, 10];
const STAMP = join(VENV, "loadlab.json");

/**
 * Makes .venv hold a set of requirements: `lab` to run JupyterLab, `test` for the tests besides.
 * What is installed is noted in the venv, so a second call does nothing.
 * @throws MissingPart when there is no usable Python or no network.
 */
export async function installPythonPackages(set) {
  const wanted = requirementsHash(set);
  const stamp = await readStamp();
  if (stamp.requirements[set] === wanted) return;
  if (stamp.folder !== VENV) await createVenv();
  await announced(`Installing JupyterLab into .venv (pip, about a minute)`, () => pipInstall(set));
  const requirements = { ...stamp.requirements, [set]: wanted };
  if (set === "test") requirements.lab = requirementsHash("lab");
  prepareJupyterLab();
  writeFileSync(STAMP, JSON.stringify({ folder: VENV, requirements }, null, 2));
}

/** Empty when the venv is not there, was moved, or its Python is gone: it is made again then. */
async function readStamp() {
  const none = { folder: "", requirements: {} };
  if (!existsSync(STAMP)) return none;
  const stamp = JSON.parse(readFileSync(STAMP, "utf8"));
  const works = stamp.folder === VENV && (await runProgram(VENV_PYTHON, ["-c", "import jupyterlab"])).ok;
  return works ? stamp : none;
}

async function createVenv() {
  const python = await findPython();
  await announced("Making a private Python environment in .venv", async () => {
    const { ok, output } = await runProgram(python.program, [...python.args, "-m", "venv", "--clear", VENV]);
    if (!ok) throw venvMissing(output);
  });
}

/** @returns {Promise<{ program: string, args: string[] }>} */
async function findPython() {
  const candidates = process.platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
  const found = [];
  for (const [program, ...args] of candidates) {
    const script = "import sys; print(*sys.version_info[:2])";
    const { ok, stdout } = await runProgram(program, [...args, "-c", script]);
    if (!ok) continue;
    const [major, minor] = stdout.trim().split(" ").map(Number);
    if (major === OLDEST[0] && minor >= OLDEST[1]) return requireVenv({ program, args });
    found.push(`${program} is ${major}.${minor}`);
  }
  const looked = candidates.map((candidate) => candidate.join(" ")).join(", ");
  throw new MissingPart(
    `JupyterLab needs Python ${OLDEST.join(".")} or newer; ${found.join(", ") || `none was found (looked for ${looked})`}.`,
    ["Install it, then try again:", pythonInstallCommand()],
  );
}

async function requireVenv(python) {
  const { ok, output } = await runProgram(python.program, [...python.args, "-c", "import venv, ensurepip"]);
  if (!ok) throw venvMissing(output);
  return python;
}

function venvMissing(output) {
  return new MissingPart(
    "This Python cannot make virtual environments: its venv or pip part is not installed.",
    ["Install it, then try again:", pythonInstallCommand()],
    output,
  );
}

async function pipInstall(set) {
  const { ok, output } = await runProgram(VENV_PYTHON, [
    ...["-m", "pip", "install", "--disable-pip-version-check", "--no-input"],
    ...["--requirement", requirementsFile(set)],
  ]);
  if (ok) return;
  if (/NewConnectionError|ConnectTimeout|NameResolutionError|ProxyError|ConnectionResetError/.test(output)) {
    throw new MissingPart(
      "JupyterLab cannot be downloaded: the Python package index does not answer.",
      ["Connect this machine to the network, then try again. Behind a proxy, set HTTPS_PROXY."],
      output,
    );
  }
  throw new MissingPart("pip install failed.", ["What pip says is below."], output);
}

function prepareJupyterLab() {
  // JupyterLab runs its own yarn.js as CommonJS, which the "type" of the package.json above .venv would break.
  writeFileSync(join(VENV, "package.json"), '{ "type": "commonjs" }\n');
  // The question about news would lie over the first notebook; the version is pinned here anyway.
  const settings = join(VENV, "share", "jupyter", "lab", "settings");
  mkdirSync(settings, { recursive: true });
  const notification = { fetchNews: "false", checkForUpdates: false };
  const overrides = { "@jupyterlab/apputils-extension:notification": notification };
  writeFileSync(join(settings, "overrides.json"), JSON.stringify(overrides, null, 2));
}

function requirementsFile(set) {
  return inRoot("scripts", "setup", `requirements-${set}.txt`);
}

function requirementsHash(set) {
  const files = set === "lab" ? ["lab"] : ["lab", set];
  const text = files.map((name) => readFileSync(requirementsFile(name), "utf8")).join("\n");
  return createHash("sha256").update(text).digest("hex");
}
