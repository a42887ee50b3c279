import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import process from "node:process";
import { alone } from "./add-alone.js";
import { writableCacheFolder } from "../cache-folder.js";
import { buildBinding } from "./build-binding.js";
import { askPython, findTensorFlow, noTensorFlow, UNKNOWN } from "./find-tensorflow.js";
import { nativeFolder, type NativeInstallation } from "./installation.js";
import { environmentFolder, makeEnvironment } from "./private-environment.js";
import { pythonOf, type PythonTensorFlow } from "./find-tensorflow.js";

/**
 * Finds a TensorFlow, or makes a private one with pip where no Python here has any, and builds the binding on it.
 * @throws BackendError
 */
export async function addNativeBackend(options: {
  python?: string;
  cuda: boolean;
  say: (line: string) => void;
}): Promise<NativeInstallation> {
  return alone(writableCacheFolder(), async () => {
    const tensorflow = await chooseTensorFlow(options);
    options.say(`Using TensorFlow ${tensorflow.version} of ${tensorflow.python}`);
    return buildBinding(tensorflow, options);
  });
}

async function chooseTensorFlow(options: Parameters<typeof addNativeBackend>[0]): Promise<PythonTensorFlow> {
  const { python, cuda, say } = options;
  const { found, asked } = await findTensorFlow(python === undefined ? {} : { python });
  if (found && (!cuda || found.cuda)) return found;
  if (python !== undefined) throw noTensorFlow(asked);
  for (const { python, why, answer } of asked) {
    const reason =
      typeof answer === "string" ? answer : `TensorFlow ${answer.version} is a build without CUDA`;
    say(`${python} (${why}): ${reason}`);
  }
  const own = await askPython(pythonOf(environmentFolder(process.env)));
  // An installation that was broken off has no version yet.
  if (typeof own !== "string" && own.version !== UNKNOWN && (!cuda || own.nvidiaFolders.length > 0))
    return own;
  return makeEnvironment({ cuda, say });
}

/** @returns the folders that were there and are gone now. */
export async function removeInstallation(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const folders = [nativeFolder(env), environmentFolder(env)].filter((folder) => existsSync(folder));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  return folders;
}
