import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { readInstallation } from "../../src/runtime/native/installation.js";
import { probeAdapter } from "../../src/runtime/webgpu/probe-adapter.js";
import { vulkanObjection } from "../../src/runtime/webgpu/vulkan.js";

/** Where a back end can be run in a test: its environment, or why it cannot. */
export type Place = { readonly env: NodeJS.ProcessEnv } | { readonly missing: string };

/** Vulkan of this machine where Dawn can use it, else the software driver that comes with Chromium. */
export async function webgpuPlace(): Promise<Place> {
  const objection = vulkanObjection();
  if (!objection && (await probeAdapter([], process.env)).found) return { env: {} };
  const folder = chromiumFolders().find((path) => existsSync(join(path, "vk_swiftshader_icd.json")));
  const why = objection?.why ?? "Dawn cannot use the Vulkan driver of this machine.";
  if (!folder) return { missing: `${why} Chromium with its software driver is not here either.` };
  return { env: { LD_LIBRARY_PATH: folder, VK_DRIVER_FILES: join(folder, "vk_swiftshader_icd.json") } };
}

function chromiumFolders(): string[] {
  const playwright = join(homedir(), ".cache", "ms-playwright");
  const downloaded = existsSync(playwright)
    ? readdirSync(playwright).filter((name) => /^chromium-/.test(name))
    : [];
  return [
    "/usr/lib/chromium",
    "/usr/lib/chromium-browser",
    "/opt/google/chrome",
    ...downloaded.flatMap((name) => [
      join(playwright, name, "chrome-linux"),
      join(playwright, name, "chrome-linux64"),
    ]),
  ];
}

/** What `loadlab backend add native` left in the cache folder. */
export function nativePlace(env: NodeJS.ProcessEnv = process.env): Place {
  try {
    return readInstallation(env)
      ? { env: {} }
      : { missing: "no TensorFlow was added (loadlab backend add native)" };
  } catch (error) {
    return { missing: (error as Error).message };
  }
}
