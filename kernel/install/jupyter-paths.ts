import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The user's Jupyter data folder, where kernelspecs for this user alone stand.
 * As `jupyter --data-dir` computes it (jupyter_core, paths.py).
 */
export function userDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env["JUPYTER_DATA_DIR"]) return env["JUPYTER_DATA_DIR"];
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") {
    return join(env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  }
  return join(env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "jupyter");
}

/** The data folder of an installation prefix: of a virtual environment, or `/usr/local`. */
export function prefixDataFolder(prefix: string): string {
  return join(prefix, "share", "jupyter");
}

/**
 * `sys.prefix` of the Python that `python3` starts: of the active virtual environment, if there is one.
 * @throws Error when there is no Python on the PATH.
 */
export async function pythonPrefix(): Promise<string> {
  const candidates = process.platform === "win32" ? ["python", "py"] : ["python3", "python"];
  for (const python of candidates) {
    const found = await run(python, ["-c", "import sys; print(sys.prefix)"]).catch(() => null);
    if (found !== null) return found.stdout.trim();
  }
  throw new Error(`No Python on the PATH (looked for ${candidates.join(", ")}).`);
}

/** What `jupyter --paths --json` says, or null where there is no Jupyter on the PATH. */
export async function jupyterDataFolders(): Promise<string[] | null> {
  try {
    const { stdout } = await run("jupyter", ["--paths", "--json"]);
    const { data } = JSON.parse(stdout) as { data: string[] };
    return data;
  } catch {
    return null;
  }
}
