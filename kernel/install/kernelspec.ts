import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Part } from "../code-cache/typescript-code.js";
import { defaultRunnerOptions, nodeOptions } from "../runner/runner-options.js";
import { packageRoot } from "./package-root.js";

const run = promisify(execFile);

/** Name of the kernelspec: `jupyter kernelspec list`, and `metadata.kernelspec.name` of notebooks. */
export const KERNEL_NAME = "loadlab";

/** What a kernel.json holds (jupyter_client documentation, "Kernel specs"). */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message" | "signal";
  readonly kernel_protocol_version?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** `<data folder>/kernels/loadlab` */
export function kernelspecFolder(dataFolder: string): string {
  return join(dataFolder, "kernels", KERNEL_NAME);
}

/**
 * Writes the kernelspec with its logos into a Jupyter data folder, over an older one.
 * Node and the kernel are named by absolute paths: a server looks up a bare `node` in a PATH of its own.
 * @returns the folder of the kernelspec
 */
export async function writeKernelspec(dataFolder: string): Promise<string> {
  const root = packageRoot();
  const template = JSON.parse(await readFile(join(root, "kernel.json"), "utf8")) as Kernelspec;
  const [, ...rest] = template.argv;
  const argv = [process.execPath, ...rest.map((part) => (part.endsWith(".js") ? join(root, part) : part))];
  const folder = kernelspecFolder(dataFolder);
  const codeCache = join(folder, "code-cache");
  const env = { ...template.env, LOADLAB_CODE_CACHE: codeCache };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "kernel.json"), `${JSON.stringify({ ...template, argv, env }, null, 2)}\n`);
  await keepCode(codeCache, argv.slice(1, -2));
  await cp(join(root, "kernel", "install", "logos"), folder, { recursive: true });
  return folder;
}

/**
 * Has V8 compile TypeScript once, for all kernels of this kernelspec. Where that fails they compile it at each start.
 * @param options of Node, as the kernel process gets them.
 */
async function keepCode(folder: string, options: readonly string[]): Promise<void> {
  const program = join(packageRoot(), "dist", "kernel", "code-cache", "make.js");
  const keep = (part: Part, nodeOptions: readonly string[]) =>
    run(process.execPath, [...nodeOptions, program, folder, part]).catch(() => null);
  await Promise.all([keep("cells", nodeOptions(defaultRunnerOptions())), keep("language", options)]);
}

/** @returns the folder removed, or null when there was none */
export async function removeKernelspec(dataFolder: string): Promise<string | null> {
  if ((await readKernelspec(dataFolder)) === null) return null;
  const folder = kernelspecFolder(dataFolder);
  await rm(folder, { recursive: true });
  return folder;
}

/** The kernelspec installed in a data folder, or null when there is none. */
export async function readKernelspec(dataFolder: string): Promise<Kernelspec | null> {
  try {
    return JSON.parse(
      await readFile(join(kernelspecFolder(dataFolder), "kernel.json"), "utf8"),
    ) as Kernelspec;
  } catch {
    return null;
  }
}
