import { execFile } from "node:child_process";
import { existsSync, lstatSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { BackendError } from "../backend-error.js";
import { faultOfLibrary } from "./shared-library.js";
import { addNativeLine } from "./add-native-line.js";

const run = promisify(execFile);

/** A TensorFlow that pip installed, as its own files describe it; it was not imported. */
export interface PythonTensorFlow {
  readonly python: string;
  /** `2.21.0` */
  readonly version: string;
  /** Folder of the package: holds the libraries and `include/`. */
  readonly folder: string;
  /** Built for CUDA: `tensorflow_cpu` may say so of itself too (`build_info.py` of 2.21), its name does not. */
  readonly cuda: boolean;
  /** What it was built with, as its `build_info.py` says it; absent where that is silent. */
  readonly build?: CudaBuild;
  /** Folders that hold `nvidia/<name>/lib` of the `tensorflow[and-cuda]` wheels. */
  readonly nvidiaFolders: readonly string[];
}

/** The CUDA that a TensorFlow was built for. */
export interface CudaBuild {
  /** `12.5.1` */
  readonly cuda?: string;
  /** `9` */
  readonly cudnn?: string;
  /** `sm_80` for code of a GPU of 8.0 and the later ones of 8, `compute_90` for what the driver compiles. */
  readonly capabilities?: readonly string[];
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
  const given = python === undefined ? null : { python: interpreterOf(python), why: "--python" };
  for (const candidate of given ? [given] : candidates(folder, env)) {
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
      .filter(({ python, why }) => python !== "" && (why !== ".venv" || isThere(python))),
    { python: process.platform === "win32" ? "python" : "python3", why: "PATH" },
  ];
}

/** A link that leads nowhere is there too: what was made with it is broken, and that is said. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** `--python` may name the folder of an environment. */
function interpreterOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? pythonOf(path) : path;
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
if sys.version_info < (3, 8):
    print(json.dumps({"old": platform.python_version()})); sys.exit()
from importlib import metadata, util
spec = util.find_spec("tensorflow")
if spec is None or not spec.origin:
    print(json.dumps({"missing": True, "version": platform.python_version()})); sys.exit()
folder = os.path.dirname(spec.origin)
version = None
for name in ("tensorflow_cpu", "tf_nightly_cpu", "tensorflow_macos", "tensorflow", "tf_nightly"):
    try: version = metadata.version(name); break
    except metadata.PackageNotFoundError: pass
build = {}
try: exec(open(os.path.join(folder, "python", "platform", "build_info.py")).read(), build)
except Exception: pass
nvidia = util.find_spec("nvidia")
print(json.dumps({"folder": folder, "version": version, "distribution": name, "machine": platform.machine(),
  "build": build.get("build_info", {}),
  "nvidia": list(nvidia.submodule_search_locations or []) if nvidia else []}))
`;

/** @returns the TensorFlow of that Python, or a sentence that says why there is none to use. */
export async function askPython(python: string): Promise<PythonTensorFlow | string> {
  let answer: Record<string, unknown>;
  try {
    const { stdout } = await run(python, ["-c", QUESTION], { timeout: TIMEOUT });
    answer = JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, unknown>;
  } catch (error) {
    return whyNotAsked(python, error as Failure);
  }
  if (answer["old"]) return `Python ${answer["old"]} is too old: TensorFlow 2.13 needs 3.8 or newer`;
  if (answer["missing"]) return `Python ${answer["version"]} without tensorflow`;
  const build = readBuild(answer["build"] as Record<string, unknown>);
  const found: PythonTensorFlow = {
    python,
    version: String(answer["version"] ?? UNKNOWN),
    folder: String(answer["folder"]),
    cuda: process.platform === "linux" && build.isCuda && !String(answer["distribution"]).endsWith("_cpu"),
    build: build.of,
    nvidiaFolders: answer["nvidia"] as string[],
  };
  return fitness(found, String(answer["machine"]), String(answer["distribution"])) ?? found;
}

/** The version of a TensorFlow whose installation pip has not ended, or that another tool made. */
export const UNKNOWN = "unknown";

/** Milliseconds for a Python to start, from a slow disk too. */
const TIMEOUT = 30_000;

interface Failure extends NodeJS.ErrnoException {
  readonly stderr?: string;
  readonly killed?: boolean;
}

/** Why a Python gave no answer, as a part of a sentence. */
function whyNotAsked(python: string, { code, message, stderr, killed }: Failure): string {
  const linked = lstatSync(python, { throwIfNoEntry: false })?.isSymbolicLink();
  if (code === "ENOENT") {
    return linked
      ? `it leads to ${readlinkSync(python)}, which is gone: the environment has to be made anew`
      : "there is no such program";
  }
  if (code === "EACCES") return "it is no program (it may not be run)";
  if (killed === true) return `it did not answer within ${TIMEOUT / 1000} seconds`;
  // Another program repeats the question, or answers something else.
  if (stderr === undefined || stderr.includes("json.dumps"))
    return "it is no Python: it does not answer as one";
  return `it could not be asked: ${lastLine(stderr || message).slice(0, 200)}`;
}

function readBuild(info: Record<string, unknown>): { isCuda: boolean; of: CudaBuild } {
  const { cuda_version: cuda, cudnn_version: cudnn, cuda_compute_capabilities: capabilities } = info;
  const of = {
    ...(typeof cuda === "string" && { cuda }),
    ...(typeof cudnn === "string" && { cudnn }),
    ...(Array.isArray(capabilities) && { capabilities: capabilities.map(String) }),
  };
  return { isCuda: info["is_cuda_build"] !== false, of };
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
function fitness(
  { python, version, folder }: PythonTensorFlow,
  machine: string,
  distribution: string,
): string | null {
  const again = `${python} -m pip install --force-reinstall --no-deps ${distribution.replaceAll("_", "-")} mends it`;
  if (!MACHINES[process.arch]?.includes(machine)) {
    return `its Python is built for ${machine}, Node for ${process.arch}`;
  }
  const missing = LIBRARIES.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    return `tensorflow ${version} in ${folder} lacks ${missing.join(" and ")}; 2.13 or newer has them`;
  }
  for (const name of process.platform === "linux" ? LIBRARIES : []) {
    const fault = faultOfLibrary(join(folder, name));
    if (fault) return `${name} of tensorflow ${version} in ${folder} ${fault}; ${again}`;
  }
  if (!existsSync(join(folder, "include", "tensorflow", "c", "c_api.h"))) {
    return `tensorflow ${version} in ${folder} lacks its header files (include/); ${again}`;
  }
  return null;
}

/** The error for a search that ended with nothing. */
export function noTensorFlow(asked: readonly Asked[]): BackendError {
  const answers = asked.map(({ python, why, answer }) => `  ${python} (${why}): ${String(answer)}`);
  return new BackendError(
    `No TensorFlow to use was found:\n${answers.join("\n")}`,
    asked.some(({ why }) => why === "--python")
      ? `${addNativeLine()} alone makes a TensorFlow of its own with pip; --python PATH names another`
      : `pip install tensorflow-cpu in one of them, or ${addNativeLine("--python PATH")}`,
  );
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
