import type { Command, CommandCall } from "./command.js";
import { UsageError } from "./command.js";

export const backend: Command = {
  name: "backend",
  summary: "List what can compute on this machine, or add TensorFlow's own kernels (add native).",
  positionals: [
    { name: "ACTION", summary: "add, remove, or nothing for the list" },
    { name: "NAME", summary: "native" },
  ],
  options: [
    { name: "python", value: "PATH", summary: "the Python whose TensorFlow is used" },
    { name: "cuda", summary: "with an NVIDIA GPU: TensorFlow with CUDA's libraries" },
  ],
  async run({ positionals: [action, name], options }) {
    if (action === undefined) return list();
    if (action !== "add" && action !== "remove")
      throw new UsageError(
        `"${action}" is neither add nor remove${action === "native" ? ": backend add native adds it" : ""}.`,
      );
    if (name !== "native")
      throw new UsageError(`native can be ${action === "add" ? "added" : "removed"}, not "${name ?? ""}".`);
    try {
      return action === "add" ? await addNative(options) : await removeNative();
    } catch (error) {
      if ((error as Error).name !== "BackendError") throw error;
      console.error(`${(error as Error).message}\n-> ${(error as Error & { remedy: string }).remedy}`);
      return 1;
    }
  },
};

async function list(): Promise<number> {
  const { listBackends } = await import("../../src/runtime/list.js");
  const { backendListText } = await import("../../src/display/backend-list.js");
  console.log(backendListText(await listBackends()));
  return 0;
}

async function addNative({ python, cuda }: CommandCall["options"]): Promise<number> {
  const { addNativeBackend } = await import("../../src/runtime/native/add.js");
  const { tensorflow, folder } = await addNativeBackend({
    ...(typeof python === "string" && { python }),
    cuda: cuda === true,
    say: (line) => console.log(line),
  });
  console.log(`TensorFlow ${tensorflow.version} of ${tensorflow.python} is ready in ${folder}.`);
  return tryIt(cuda === true ? "cuda" : "native");
}

/** In a process of its own: a library that crashes must not look like success. */
async function tryIt(name: string): Promise<number> {
  const { execFileSync } = await import("node:child_process");
  const choose = new URL("../../src/runtime/choose.js", import.meta.url).href;
  const code = `const { useBackend } = await import(${JSON.stringify(choose)});
    const { device } = await useBackend(${JSON.stringify(name)}).catch((e) => { console.error(e.message + "\\n-> " + e.remedy); process.exit(1); });
    console.log("It computes on " + device.device + " (" + device.driver + ").", ...device.remarks);`;
  try {
    execFileSync(process.execPath, ["--input-type=module", "-e", code], { stdio: "inherit" });
    return 0;
  } catch {
    console.error(`The ${name} back end was built and does not start.`);
    return 1;
  }
}

async function removeNative(): Promise<number> {
  const { removeInstallation } = await import("../../src/runtime/native/add.js");
  console.log(
    `Removed ${(await removeInstallation()).join(", ") || "nothing: no native back end was added"}.`,
  );
  return 0;
}
