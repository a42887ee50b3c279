import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../cache-folder.js";
import { askPython, pythonOf, type PythonTensorFlow } from "./find-tensorflow.js";
import { BackendError } from "../backend-error.js";
import { addNativeLine } from "./add-native-line.js";

const run = promisify(execFile);

/**
 * Makes a Python environment in the cache folder and installs TensorFlow into it with pip. Called only by a
 * command with which the user asked for it: it downloads 200 MB, with CUDA's libraries several GB.
 * @throws BackendError with what venv or pip said.
 */
export async function makeEnvironment(
  { cuda, say }: { cuda: boolean; say: (line: string) => void },
  env: NodeJS.ProcessEnv = process.env,
): Promise<PythonTensorFlow> {
  const folder = environmentFolder(env);
  const python = pythonOf(folder);
  const wanted = cuda ? "tensorflow[and-cuda]" : cpuDistribution();
  // What an interrupted call left may have no pip, or a Python that is gone.
  if (!(await hasPip(python))) await rm(folder, { recursive: true, force: true });
  if (!existsSync(python)) {
    say(`Making a Python environment in ${folder} ...`);
    await step("python3", ["-m", "venv", folder], "sudo apt install python3-venv (Debian, Ubuntu)");
  }
  say(`Installing ${wanted} into it with pip ...`);
  await step(
    python,
    ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", wanted],
    `pip install ${wanted}`,
  );
  const answer = await askPython(python);
  if (typeof answer === "string") {
    throw new BackendError(`pip installed ${wanted}, but ${answer}.`, addNativeLine("--python PATH"));
  }
  return answer;
}

async function hasPip(python: string): Promise<boolean> {
  return run(python, ["-m", "pip", "--version"]).then(
    () => true,
    () => false,
  );
}

export function environmentFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), "tensorflow");
}

/** PyPI has the smaller build for x86-64 Linux alone. */
function cpuDistribution(): string {
  return process.platform === "linux" && process.arch === "x64" ? "tensorflow-cpu" : "tensorflow";
}

async function step(program: string, args: readonly string[], remedy: string): Promise<void> {
  try {
    await run(program, args, { maxBuffer: 1 << 24 });
  } catch (error) {
    throw new BackendError(...reasonOf(error as Failure, program, args, remedy), { cause: error });
  }
}

interface Failure extends NodeJS.ErrnoException {
  readonly stderr?: string;
}

/** How pip and the libraries below it say that they reach nobody. */
const NO_NETWORK =
  /NewConnectionError|NameResolutionError|Failed to establish a new connection|Temporary failure in name resolution|Name or service not known|ProxyError|ConnectTimeout|Network is unreachable|Connection refused/i;

/** @returns the sentence, and what to do */
function reasonOf(
  error: Failure,
  program: string,
  args: readonly string[],
  remedy: string,
): [string, string] {
  const said = (error.stderr || String(error)).trim();
  if (error.code === "ENOENT") return [`There is no ${program} here.`, `install Python 3, then ${remedy}`];
  if (NO_NETWORK.test(said)) {
    return [
      "pip cannot reach its package index: there is no network, or a proxy is needed.",
      `set HTTPS_PROXY or PIP_INDEX_URL, or ${addNativeLine("--python PATH")} with a Python that has TensorFlow`,
    ];
  }
  if (/from versions: none/.test(said)) {
    return [
      `pip finds no ${args.at(-1)} for this Python: its version is too new or too old for TensorFlow, or the index is not reached.`,
      `${addNativeLine("--python PATH")} with a Python that has TensorFlow`,
    ];
  }
  return [`${program} ${args.join(" ")} failed: ${said.split("\n").at(-1)}`, remedy];
}
