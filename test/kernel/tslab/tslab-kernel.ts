import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { freeConnection, TestClient } from "../client.js";

/** tslab's own kernel, as Jupyter would start it, in a folder; and how to end it. */
export async function startTslab(folder: string) {
  const connection = await freeConnection();
  const file = path.join(folder, "connection.json");
  fs.writeFileSync(file, JSON.stringify(connection));
  const program = createRequire(import.meta.url).resolve("tslab/bin/tslab");
  const child = spawn(process.execPath, [program, "kernel", "--config-path", file], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const client = await TestClient.connect(connection, { welcome: false });
  const stop = async () => {
    client.close();
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  try {
    await answers(client);
  } catch (error) {
    await stop();
    throw new Error(`tslab's kernel does not answer. ${said}`, { cause: error });
  }
  return { client, stop };
}

/** It welcomes nobody: asked until its published status arrives too. */
async function answers(client: TestClient): Promise<void> {
  for (let tries = 0; ; tries++) {
    const id = client.send("kernel_info_request", {});
    try {
      await client.next(
        ({ parentHeader, channel }) => channel === "iopub" && parentHeader.msg_id === id,
        2000,
      );
      return;
    } catch (error) {
      if (tries === 25) throw error;
    }
  }
}
