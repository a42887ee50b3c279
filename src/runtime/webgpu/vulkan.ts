import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Why Vulkan cannot work on this Linux, found out before Dawn tries and writes about it; null when it may. */
export function vulkanObjection(
  env: NodeJS.ProcessEnv = process.env,
): { why: string; remedy: string } | null {
  if (process.platform !== "linux") return null;
  if (!loaderFolders(env).some((folder) => existsSync(join(folder, "libvulkan.so.1")))) {
    return {
      why: "There is no Vulkan loader (libvulkan.so.1).",
      remedy: "sudo apt install libvulkan1 mesa-vulkan-drivers",
    };
  }
  if (driverDescriptions(env).length === 0) {
    return {
      why: "There is a Vulkan loader and no driver for it.",
      remedy:
        "sudo apt install mesa-vulkan-drivers (AMD, Intel); NVIDIA's driver brings its own (in a container NVIDIA_DRIVER_CAPABILITIES=all)",
    };
  }
  return null;
}

function loaderFolders(env: NodeJS.ProcessEnv): string[] {
  const named = (env["LD_LIBRARY_PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const triplet = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const usual = [
    "/usr/lib",
    "/usr/lib64",
    "/lib64",
    "/usr/local/lib",
    `/usr/lib/${triplet}`,
    `/lib/${triplet}`,
  ];
  return [...named, ...usual, "/run/opengl-driver/lib"];
}

/** Vulkan Loader Interface Architecture, "Driver Discovery on Linux". */
function driverDescriptions(env: NodeJS.ProcessEnv): string[] {
  const named = env["VK_DRIVER_FILES"] ?? env["VK_ICD_FILENAMES"];
  if (named) return named.split(delimiter).filter((path) => existsSync(path));
  const added = (env["VK_ADD_DRIVER_FILES"] ?? "").split(delimiter).filter((path) => path !== "");
  const roots = [
    env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"),
    ...(env["XDG_CONFIG_DIRS"] ?? "/etc/xdg").split(delimiter),
    "/etc",
    env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share"),
    ...(env["XDG_DATA_DIRS"] ?? "/usr/local/share:/usr/share").split(delimiter),
    "/run/opengl-driver/share",
  ];
  return [...added, ...roots.flatMap((root) => descriptionsIn(join(root, "vulkan", "icd.d")))];
}

function descriptionsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
}
