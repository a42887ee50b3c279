import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.js";
import { LIBRARIES, type PythonTensorFlow } from "./find-tensorflow.js";
import { BackendError } from "../backend-error.js";
import { installedNodePackage, linked } from "./node-package.js";
import { faultOfLibrary } from "./shared-library.js";
import { addNativeLine } from "./add-native-line.js";

/** What `loadlab backend add native` leaves in the cache folder, as `installation.json` there says it. */
export interface NativeInstallation {
  readonly folder: string;
  readonly tensorflow: PythonTensorFlow;
  /** Wanted on a GPU: `--cuda` was given. */
  readonly cuda: boolean;
  /** Folder of the package `@tensorflow/tfjs-node-gpu`: the one beside loadlab, else that which the binding was made from. */
  readonly package: string;
}

/** Names of the files in the folder. */
export const BINDING = "tfjs_binding.node";
export const STDERR_CAPTURE = "stderr_capture.node";
export const HOLD_SIGNALS = "hold_signals.node";
export const RETURN_MEMORY = "return_memory.node";
export const DESCRIPTION = "installation.json";

/** The folder of the one installation that a user has. */
export function nativeFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), "native");
}

/**
 * @returns null when none was made.
 * @throws BackendError when one was made and something that it needs is gone.
 */
export function readInstallation(env: NodeJS.ProcessEnv = process.env): NativeInstallation | null {
  const folder = nativeFolder(env);
  const path = join(folder, DESCRIPTION);
  if (!existsSync(path)) return null;
  let installation: NativeInstallation;
  try {
    const described = JSON.parse(readFileSync(path, "utf8")) as Omit<NativeInstallation, "folder">;
    // Another copy of loadlab may have added it: its JavaScript would bring its own TensorFlow.js along.
    installation = { ...described, package: installedNodePackage() ?? linked(described.package), folder };
    checkFiles(installation);
  } catch (error) {
    if (error instanceof BackendError) throw error;
    throw new BackendError(`${path} cannot be read: ${(error as Error).message}`, addNativeLine(), {
      cause: error,
    });
  }
  return installation;
}

function checkFiles({ folder, tensorflow, package: source }: NativeInstallation): void {
  const built = [BINDING, STDERR_CAPTURE, HOLD_SIGNALS, RETURN_MEMORY].map((name) => join(folder, name));
  const needed = [
    ...built,
    ...LIBRARIES.flatMap((name) => [join(tensorflow.folder, name), join(folder, name)]),
    join(source, "package.json"),
  ];
  const gone = needed.find((path) => !existsSync(path));
  if (gone) throw new BackendError(`The native back end was built, but ${gone} is gone.`, addNativeLine());
  for (const path of process.platform === "linux" ? built : []) {
    const fault = faultOfLibrary(path);
    if (fault)
      throw new BackendError(`The native back end was built, but ${path} ${fault}.`, addNativeLine());
  }
}
