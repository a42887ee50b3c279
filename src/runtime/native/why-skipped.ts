import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { BackendError } from "../backend-error.js";
import { DRIVER_LIBRARY, libraryFolders } from "./cuda-libraries.js";
import { BINDING, type NativeInstallation } from "./installation.js";
import { addNativeLine } from "./add-native-line.js";

const run = promisify(execFile);

/**
 * The error for a GPU that is there and that TensorFlow did not take.
 * @param missing names of the libraries that it does not find
 */
export async function whySkipped(
  installation: NativeInstallation,
  missing: readonly string[],
): Promise<BackendError> {
  const begin = "An NVIDIA GPU is there, but TensorFlow skipped it";
  const { python, version } = installation.tensorflow;
  if (missing.includes(DRIVER_LIBRARY)) {
    return new BackendError(
      `${begin}: it does not find ${DRIVER_LIBRARY}, the driver's own library.`,
      "install the driver whole (its package libcuda1, libnvidia-compute or nvidia-driver-libs); in a container, NVIDIA_DRIVER_CAPABILITIES=compute,utility",
    );
  }
  if (missing.length > 0) {
    return new BackendError(
      `${begin}: it does not find ${missing.join(", ")}.`,
      `${python} -m pip install "tensorflow[and-cuda]==${version}", or ${addNativeLine("--cuda")}`,
    );
  }
  const said = await sayReason(installation);
  return new BackendError(
    `${begin}${said ? `: ${said}` : "."}`,
    "nvidia-smi must list the GPU; TF_CPP_MAX_VLOG_LEVEL=3 in the environment makes TensorFlow say more",
  );
}

/** TensorFlow says it in lines that are silenced in this process; the level is read once, so another is asked. */
async function sayReason({ folder, tensorflow }: NativeInstallation): Promise<string | null> {
  const code = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(join(folder, BINDING))});`;
  // By the links in the folder TensorFlow finds none of the libraries that this process opened for it.
  const libraries = [...libraryFolders(tensorflow), process.env["LD_LIBRARY_PATH"]].filter(Boolean);
  const env = {
    ...process.env,
    TF_CPP_MIN_LOG_LEVEL: "0",
    LD_LIBRARY_PATH: libraries.join(delimiter),
  };
  const { stderr } = await run(process.execPath, ["-e", code], { env, timeout: 60_000 }).catch(
    (error: { stderr?: string }) => ({ stderr: error.stderr ?? "" }),
  );
  const lines = stderr
    .split("\n")
    .filter((line) => /gpu|cuda/i.test(line) && !/cpu_feature_guard|oneDNN/.test(line));
  // `2026-01-02 03:04:05.678: E external/.../cuda_driver.cc:152] failed call to cuInit: ...`
  return (
    lines
      .at(0)
      ?.replace(/^.*?\.(?:cc|h):\d+\]\s*/, "")
      .trim() ?? null
  );
}
