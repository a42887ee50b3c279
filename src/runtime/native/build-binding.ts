import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "../cache-folder.js";
import { LIBRARIES, type PythonTensorFlow } from "./find-tensorflow.js";
import {
  BINDING,
  DESCRIPTION,
  HOLD_SIGNALS,
  nativeFolder,
  RETURN_MEMORY,
  STDERR_CAPTURE,
  type NativeInstallation,
} from "./installation.js";
import { BackendError } from "../backend-error.js";
import { isRunning } from "./add-alone.js";
import { nodePackage } from "./node-package.js";
import { addNativeLine } from "./add-native-line.js";

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** Source files that are no TypeScript stay in `src/`, four folders up from the compiled file. */
const SOURCES = join(dirname(fileURLToPath(import.meta.url)), "../../../../src/runtime/native");

/**
 * Compiles the binding of `@tensorflow/tfjs-node-gpu` against a TensorFlow from pip, into the cache folder, with
 * the two libraries linked beside it (the binding finds them by its run path `$ORIGIN`). An earlier installation
 * is replaced only when everything has worked.
 * @param say is told each thing that takes a while.
 * @throws BackendError when there is no compiler, or it fails.
 */
export async function buildBinding(
  tensorflow: PythonTensorFlow,
  { cuda, say, env = process.env }: { cuda: boolean; say: (line: string) => void; env?: NodeJS.ProcessEnv },
): Promise<NativeInstallation> {
  if (process.platform === "win32") {
    throw new BackendError(
      "On Windows the binding is not built: TensorFlow has had no GPU support there since 2.10.",
      "use WSL2, or the webgpu back end",
    );
  }
  const compiler = await findCompiler(env);
  const folder = nativeFolder(env);
  const source = await nodePackage(cacheFolder(env), say);
  const building = `${folder}.${process.pid}`;
  await removeUnfinished(folder);
  await mkdir(building, { recursive: true });
  try {
    for (const library of LIBRARIES) {
      await symlink(join(tensorflow.folder, library), join(building, library));
    }
    say(`Compiling the binding against TensorFlow ${tensorflow.version} with ${compiler} ...`);
    await compile(compiler, bindingArguments(source, tensorflow, building));
    await compile(compiler, addonArguments("stderr-capture.c", join(building, STDERR_CAPTURE)));
    await compile(compiler, addonArguments("hold-signals.c", join(building, HOLD_SIGNALS)));
    await compile(compiler, [
      ...addonArguments("return-memory.c", join(building, RETURN_MEMORY)),
      ...tensorflowArguments(tensorflow, building),
    ]);
    const described = { tensorflow, cuda, package: source };
    await writeFile(join(building, DESCRIPTION), `${JSON.stringify(described, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(building, folder);
    return { ...described, folder };
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** What builds that were killed have left, of processes that are no more. */
async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(dirname(folder)).catch(() => []);
  for (const name of names) {
    const [, pid] = /^native\.(\d+)$/.exec(name) ?? [];
    if (!pid || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

async function findCompiler(env: NodeJS.ProcessEnv): Promise<string> {
  const names = [env["CXX"], "c++", "g++", "clang++"].filter((name) => name !== undefined && name !== "");
  for (const name of names as string[]) {
    if (await works(name)) return name;
  }
  const remedy =
    process.platform === "darwin"
      ? "xcode-select --install"
      : "sudo apt install g++ (Debian, Ubuntu), sudo dnf install gcc-c++ (Fedora), conda install gxx";
  throw new BackendError(
    "The binding must be compiled, and there is no C++ compiler (c++, g++, clang++).",
    remedy,
  );
}

async function works(compiler: string): Promise<boolean> {
  return run(compiler, ["--version"]).then(
    () => true,
    () => false,
  );
}

const SHARED =
  process.platform === "darwin"
    ? ["-shared", "-undefined", "dynamic_lookup", "-Wl,-rpath,@loader_path"]
    : ["-shared", "-s", "-Wl,-rpath,$ORIGIN"];

function bindingArguments(source: string, tensorflow: PythonTensorFlow, folder: string): string[] {
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(source, "binding", name));
  const flags = ["-std=c++17", "-O2", "-fPIC", "-w", "-DNAPI_VERSION=8", `-I${napiHeaders()}`];
  return [
    ...flags,
    ...sources,
    "-o",
    join(folder, BINDING),
    ...SHARED,
    ...tensorflowArguments(tensorflow, folder),
  ];
}

/** Its headers, and its libraries as they are linked in the folder. After the sources: `-x c` would read a library. */
function tensorflowArguments(tensorflow: PythonTensorFlow, folder: string): string[] {
  return [
    `-I${join(tensorflow.folder, "include")}`,
    "-x",
    "none",
    ...LIBRARIES.map((name) => join(folder, name)),
  ];
}

/** Of a C file of ours. */
function addonArguments(source: string, addon: string): string[] {
  const flags = [
    "-x",
    "c",
    "-O2",
    "-fPIC",
    "-Werror=implicit-function-declaration",
    "-DNAPI_VERSION=8",
    `-I${napiHeaders()}`,
  ];
  return [...flags, join(SOURCES, source), "-o", addon, ...SHARED];
}

function napiHeaders(): string {
  return (require("node-api-headers") as { include_dir: string }).include_dir;
}

async function compile(compiler: string, args: readonly string[]): Promise<void> {
  try {
    await run(compiler, args, { maxBuffer: 1 << 24 });
  } catch (error) {
    const { stderr = String(error) } = error as { stderr?: string };
    throw whyNotCompiled(compiler, stderr, error);
  }
}

/** A compiler's complaint in a sentence: a full disk, too, ends as an error of the linker. */
export function whyNotCompiled(compiler: string, said: string, cause?: unknown): BackendError {
  if (/no space left on device/i.test(said)) {
    return new BackendError(
      "The binding does not compile: no space is left on the disk.",
      "make room for 10 MB in the cache folder and in the temporary one, or name others: XDG_CACHE_HOME=FOLDER TMPDIR=FOLDER",
      { cause },
    );
  }
  if (/\bkilled\b.*signal|signal.*\bkilled\b/i.test(said)) {
    return new BackendError(
      "The compiler was ended by the system in the middle, as it does when memory runs out.",
      `let notebooks and other large programs go that run beside it (600 MB are needed), then ${addNativeLine()}`,
      { cause },
    );
  }
  const lines = said.trim().split("\n");
  return new BackendError(
    `The binding does not compile: ${lines.find((line) => /error/i.test(line)) ?? lines.at(-1)}`,
    `${compiler} --version (11 or newer is needed)`,
    { cause },
  );
}
