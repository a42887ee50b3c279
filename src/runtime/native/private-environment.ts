import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../cache-folder.js";
import { askPython, pythonOf, type PythonTensorFlow } from "./find-tensorflow.js";
import { BackendError } from "../backend-error.js";

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
  if (!existsSync(python)) {
    say(`Making a Python environment in ${folder} ...`);
    await step(
      "python3",
      ["-m", "venv", folder],
      "install Python 3 with venv (Debian: sudo apt install python3-venv)",
    );
  }
  say(`Installing ${wanted} into it with pip ...`);
  await step(
    python,
    ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", wanted],
    `pip install ${wanted}`,
  );
  const answer = await askPython(python);
  if (typeof answer === "string") {
    throw new BackendError(
      `pip installed ${wanted}, but ${answer}.`,
      "loadlab backend add native --python PATH",
    );
  }
  return answer;
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
    const said = ((error as { stderr?: string }).stderr || String(error)).trim().split("\n").at(-1);
    throw new BackendError(`${program} ${args.join(" ")} failed: ${said}`, remedy, { cause: error });
  }
}
