import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The folder of the checkout, from dist/test/end-to-end. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The Python of .venv, with Jupyter and the installed kernelspec; a test that needs it is skipped where it is missing. */
export function requireJupyter(test: Mocha.Context): string {
  const python = join(
    root,
    ".venv",
    ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
  );
  const kernelspec = join(root, ".venv", "share", "jupyter", "kernels", "loadlab", "kernel.json");
  const missing = process.env["LOADLAB_NO_JUPYTER"] ?? [python, kernelspec].find((path) => !existsSync(path));
  if (missing === undefined) return python;
  console.log(`      skipped, since this is missing: ${missing} (npm test installs it)`);
  test.skip();
}

/** A real Jupyter Server with JupyterLab, whose settings and state are its own and go when it stops. */
export class JupyterServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly state: string,
    /** Ends with a slash. */
    readonly url: string,
    readonly token: string,
  ) {}

  /**
   * @param folder what it serves
   * @throws Error with the server's own output when it does not answer within a minute
   */
  static async start(python: string, folder: string): Promise<JupyterServer> {
    const port = await freePort();
    const token = randomBytes(16).toString("hex");
    const state = mkdtempSync(join(tmpdir(), "loadlab-jupyter-"));
    const server = spawn(
      python,
      [
        ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`],
        ...[
          "--ServerApp.port_retries=0",
          `--ServerApp.root_dir=${folder}`,
          `--IdentityProvider.token=${token}`,
        ],
        ...["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"],
      ],
      { env: { ...process.env, ...ownFolders(state) }, stdio: ["ignore", "pipe", "pipe"] },
    );
    const started = new JupyterServer(server, state, `http://127.0.0.1:${port}/`, token);
    await started.answers();
    return started;
  }

  /** Ends the kernels, then the server. */
  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await exited;
    rmSync(this.state, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    let log = "";
    this.process.stderr!.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-5000)));
    this.process.stdout!.resume();
    for (let tries = 0; tries < 300; tries++) {
      if (this.process.exitCode !== null) break;
      const url = `${this.url}api/status?token=${this.token}`;
      if (
        await fetch(url).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await delay(200);
    }
    await this.stop();
    throw new Error(`Jupyter Server does not answer.\n${log}`);
  }
}

function ownFolders(state: string): NodeJS.ProcessEnv {
  return {
    JUPYTER_CONFIG_DIR: join(state, "config"),
    JUPYTER_DATA_DIR: join(state, "data"),
    JUPYTER_RUNTIME_DIR: join(state, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(state, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(state, "workspaces"),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
