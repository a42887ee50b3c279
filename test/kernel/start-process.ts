import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Kernelspec } from "../../kernel/install/kernelspec.js";
import { freeConnection, TestClient } from "./client.js";

const KERNELSPEC = JSON.parse(
  readFileSync(new URL("../../../kernel.json", import.meta.url), "utf8"),
) as Kernelspec;
const MAIN = fileURLToPath(new URL("../../kernel/main.js", import.meta.url));

/** A kernel as a Jupyter client starts it, in a process and a folder of its own, and what it said on standard error. */
export async function startProcess() {
  const folder = mkdtempSync(path.join(tmpdir(), "kernel-"));
  const connection = await freeConnection();
  const file = path.join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
  const env = {
    ...KERNELSPEC.env,
    ...process.env,
    JPY_PARENT_PID: String(process.pid),
    LOADLAB_HISTORY: path.join(folder, "history.jsonl"),
  };
  const kernel = spawn(process.execPath, [MAIN, "-f", file], {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: folder,
    env,
  });
  const logged: string[] = [];
  kernel.stderr.setEncoding("utf8").on("data", (text: string) => logged.push(text));
  const client = await TestClient.connect(connection);
  const stop = async () => {
    client.close();
    kernel.kill("SIGTERM");
    if (kernel.exitCode === null && kernel.signalCode === null) await once(kernel, "exit");
    rmSync(folder, { recursive: true });
  };
  return { kernel, client, logged, stop };
}
