import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** Name of the JupyterLab extension: `jupyter labextension list`. */
const NAME = "loadlab";

/** `<data folder>/labextensions/loadlab`, where JupyterLab and Notebook 7 look for prebuilt extensions. */
export function labextensionFolder(dataFolder: string): string {
  return join(dataFolder, "labextensions", NAME);
}

/**
 * Puts the extension into a Jupyter data folder, in place of an older one.
 * @returns its folder
 * @throws Error where this package was not built
 */
export async function writeLabextension(dataFolder: string): Promise<string> {
  const built = join(packageRoot(), "dist", "lab");
  if (!existsSync(join(built, "package.json")))
    throw new Error(`The JupyterLab extension is missing in ${built}; npm run build makes it.`);
  const folder = labextensionFolder(dataFolder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(built, folder, { recursive: true });
  return folder;
}

/** @returns the folder removed, or null when there was none */
export async function removeLabextension(dataFolder: string): Promise<string | null> {
  const folder = labextensionFolder(dataFolder);
  if (!existsSync(folder)) return null;
  await rm(folder, { recursive: true });
  return folder;
}

/** What is installed in a data folder: its version, and the file that JupyterLab loads; null when there is none. */
export async function readLabextension(
  dataFolder: string,
): Promise<{ readonly version: string; readonly entry: string } | null> {
  try {
    const folder = labextensionFolder(dataFolder);
    const { version, jupyterlab } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      version: string;
      jupyterlab: { _build: { load: string } };
    };
    return { version, entry: join(folder, jupyterlab._build.load) };
  } catch {
    return null;
  }
}

/** The file that JupyterLab would load if the extension of this package were installed; its name is its content's hash. */
export async function builtEntry(): Promise<string | null> {
  try {
    const built = join(packageRoot(), "dist", "lab", "package.json");
    const { jupyterlab } = JSON.parse(await readFile(built, "utf8")) as {
      jupyterlab: { _build: { load: string } };
    };
    return jupyterlab._build.load;
  } catch {
    return null;
  }
}
