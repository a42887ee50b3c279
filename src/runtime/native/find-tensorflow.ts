import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { BackendError } from "../backend-error.js";

const run = promisify(execFile);

/** A TensorFlow that pip installed, as its own files describe it; it was not imported. */
export interface PythonTensorFlow {
  readonly python: string;
  /** `2.21.0` */
  readonly version: string;
  /** Folder of the package: holds the libraries and `include/`. */
  readonly folder: string;
  /** Built for CUDA: told by the name of the distribution, since `tensorflow_cpu` says so of itself too. */
  readonly cuda: boolean;
  /** Folders that hold `nvidia/<name>/lib` of the `tensorflow[and-cuda]` wheels. */
  readonly nvidiaFolders: readonly string[];
}

/** A Python that was asked, and what it answered. */
export interface Asked {
  readonly python: string;
  readonly why: string;
  readonly answer: PythonTensorFlow | string;
}

/**
 * Asks the Pythons that a user may mean, in this order: the active virtual environment, the active conda
 * environment, `.venv` in `folder`, `python3` on the PATH. With `python` that one alone is asked.
 */
export async function findTensorFlow(
  { python, folder = process.cwd() }: { python?: string; folder?: string } = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ found: PythonTensorFlow | null; asked: readonly Asked[] }> {
  const asked: Asked[] = [];
  for (const candidate of python ? [{ python, why: "--python" }] : candidates(folder, env)) {
    const answer = await askPython(candidate.python);
    asked.push({ ...candidate, answer });
    if (typeof answer !== "string") return { found: answer, asked };
  }
  return { found: null, asked };
}

function candidates(folder: string, env: NodeJS.ProcessEnv): { python: string; why: string }[] {
  const environments = [
    [env["VIRTUAL_ENV"], "VIRTUAL_ENV"],
    [env["CONDA_PREFIX"], "CONDA_PREFIX"],
    [join(folder, ".venv"), ".venv"],
  ] as const;
  return [
    ...environments
      .map(([root, why]) => ({ python: root ? pythonOf(root) : "", why }))
      .filter(({ python }) => python !== "" && existsSync(python)),
    { python: process.platform === "win32" ? "python" : "python3", why: "PATH" },
  ];
}

/** The interpreter of a virtual or conda environment. */
export function pythonOf(environment: string): string {
  return process.platform === "win32"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}

/** Looks without importing TensorFlow: that would take seconds, and a broken one could crash. */
const QUESTION = `
import json, os, platform, sys
from importlib import metadata, util
spec = util.find_spec("tensorflow")
if spec is None or not spec.origin:
    print(json.dumps({"missing": True, "version": platform.python_version()})); sys.exit()
folder = os.path.dirname(spec.origin)
version = None
for name in ("tensorflow_cpu", "tf_nightly_cpu", "tensorflow_macos", "tensorflow", "tf_nightly"):
    try: version = metadata.version(name); break
    except metadata.PackageNotFoundError: pass
nvidia = util.find_spec("nvidia")
print(json.dumps({"folder": folder, "version": version, "distribution": name, "machine": platform.machine(),
  "nvidia": list(nvidia.submodule_search_locations or []) if nvidia else []}))
`;

/** @returns the TensorFlow of that Python, or a sentence that says why there is none to use. */
export async function askPython(python: string): Promise<PythonTensorFlow | string> {
  let answer: Record<string, unknown>;
  try {
    const { stdout } = await run(python, ["-c", QUESTION], { timeout: 30_000 });
    answer = JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, unknown>;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT"
      ? "there is no such program"
      : `it could not be asked: ${lastLine((error as { stderr?: string }).stderr || String(error))}`;
  }
  if (answer["missing"]) return `Python ${answer["version"]} without tensorflow`;
  const found: PythonTensorFlow = {
    python,
    version: String(answer["version"] ?? "unknown"),
    folder: String(answer["folder"]),
    cuda: process.platform === "linux" && !String(answer["distribution"]).endsWith("_cpu"),
    nvidiaFolders: answer["nvidia"] as string[],
  };
  return fitness(found, String(answer["machine"])) ?? found;
}

/** Names of the libraries that the binding links; wheels have them as files of their own since 2.13. */
export const LIBRARIES: readonly string[] =
  process.platform === "darwin"
    ? ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"]
    : ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

const MACHINES: Readonly<Record<string, readonly string[]>> = {
  x64: ["x86_64", "AMD64"],
  arm64: ["aarch64", "arm64"],
};

/** Why this TensorFlow cannot serve Node; null when it can. */
function fitness({ version, folder }: PythonTensorFlow, machine: string): string | null {
  if (!MACHINES[process.arch]?.includes(machine)) {
    return `its Python is built for ${machine}, Node for ${process.arch}`;
  }
  const missing = LIBRARIES.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    return `tensorflow ${version} in ${folder} lacks ${missing.join(" and ")}; 2.13 or newer has them`;
  }
  if (!existsSync(join(folder, "include", "tensorflow", "c", "c_api.h"))) {
    return `tensorflow ${version} in ${folder} lacks its header files (include/)`;
  }
  return null;
}

/** The error for a search that ended with nothing. */
export function noTensorFlow(asked: readonly Asked[]): BackendError {
  const answers = asked.map(({ python, why, answer }) => `  ${python} (${why}): ${String(answer)}`);
  return new BackendError(
    `No TensorFlow to use was found:\n${answers.join("\n")}`,
    "pip install tensorflow-cpu in one of them, or loadlab backend add native --python PATH",
  );
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
