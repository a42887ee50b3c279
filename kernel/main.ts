/** `node main.js CONNECTION_FILE`: a kernel, as a Jupyter client starts it. */
import { rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Kernel, KernelOptions } from "./kernel.js";
import { logToStandardError as log } from "./log.js";
import { bindSockets } from "./wire/bind.js";
import { type ConnectionInfo, readConnectionFile, writeConnectionFile } from "./wire/connection-file.js";
import { register } from "./wire/register.js";

const PARENT_POLL_MS = 1000;
const LANGUAGE_DELAY_MS = 1500;

const kernel = await start(connectionFile());
process.on("SIGINT", () => kernel.interrupt());
process.on("SIGTERM", () => void kernel.close());
process.on("uncaughtException", (error) => log(`Unexpected: ${error.stack ?? error.message}`));
process.on("unhandledRejection", (error) =>
  log(`Unexpected: ${error instanceof Error ? error.stack : error}`),
);
closeWithParent(Number(process.env.JPY_PARENT_PID));
// Once the runner has loaded: the first question should not wait for TypeScript.
setTimeout(() => kernel.language.startSoon(), LANGUAGE_DELAY_MS).unref();
await kernel.closed;
process.exit(0);

function connectionFile(): string {
  const usage =
    "Usage: node main.js CONNECTION_FILE (a Jupyter client writes that file; a registration file will do)";
  try {
    const { values, positionals } = parseArgs({
      options: { connection: { type: "string", short: "f" } },
      allowPositionals: true,
    });
    const file = values.connection ?? positionals[0];
    if (file !== undefined) return file;
    log(usage);
  } catch (error) {
    log(`${(error as Error).message}\n${usage}`); // an option that there is not
  }
  return process.exit(2);
}

async function start(file: string): Promise<Kernel> {
  try {
    const sockets = await bindSockets(readConnectionFile(file));
    if (sockets.connection.registration) {
      await register(sockets.connection, sockets.connection.registration);
      publish(file, sockets.connection);
    }
    const { Kernel } = await import("./kernel.js"); // the rest, while clients connect
    return Kernel.start(sockets, { typeCheck: "warn", ...optionsOf(process.env) });
  } catch (error) {
    log((error as Error).message);
    return process.exit(1);
  }
}

/** Next to the registration file, which a restart needs again: what other clients connect with, while this lives. */
function publish(registrationFile: string, connection: ConnectionInfo): void {
  const { dir, name } = path.parse(registrationFile);
  const file = path.join(dir, `${name}-connection.json`);
  try {
    writeConnectionFile(file, connection);
    process.on("exit", () => rmSync(file, { force: true }));
  } catch (error) {
    log(`Only the launcher can connect, ${file} cannot be written: ${(error as Error).message}`);
  }
}

/** `LOADLAB_HISTORY` names another file for the history, or none if it is empty. */
function optionsOf({ LOADLAB_HISTORY, LOADLAB_OUTPUT_LIMIT }: NodeJS.ProcessEnv): KernelOptions {
  const historyFile = LOADLAB_HISTORY ?? defaultHistoryFile();
  const outputLimit = Number(LOADLAB_OUTPUT_LIMIT);
  return { ...(historyFile !== "" && { historyFile }), ...(outputLimit > 0 && { outputLimit }) };
}

/** Where programs keep such things (XDG Base Directory Specification). */
function defaultHistoryFile(): string {
  const state = process.env.XDG_STATE_HOME || path.join(os.homedir(), ".local", "state");
  return path.join(state, "loadlab", "history.jsonl");
}

/** A kernel whose client has died must not live on unseen. */
function closeWithParent(pid: number): void {
  if (!pid || process.platform === "win32") return;
  const poll = () => {
    if (process.ppid === pid) return;
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") void kernel.close();
    }
  };
  setInterval(poll, PARENT_POLL_MS).unref();
}
