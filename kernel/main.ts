/** `node main.js -f CONNECTION_FILE`: a kernel, as a Jupyter client starts it. */
import { parseArgs } from "node:util";
import { Kernel } from "./kernel.js";
import { log } from "./log.js";
import { readConnectionFile } from "./wire/connection-file.js";

const PARENT_POLL_MS = 1000;

const { values } = parseArgs({
  options: { connection: { type: "string", short: "f" }, engine: { type: "string" } },
});
if (!values.connection) {
  log("Usage: node main.js -f CONNECTION_FILE (a Jupyter client writes that file)");
  process.exit(2);
}

const engine = values.engine ?? new URL("./cells/index.js", import.meta.url).href;
const kernel = await Kernel.start(readConnectionFile(values.connection), { engine });
process.on("SIGINT", () => kernel.interrupt());
process.on("SIGTERM", () => void kernel.close());
process.on("uncaughtException", (error) => log(`Unexpected: ${error.stack ?? error.message}`));
process.on("unhandledRejection", (error) =>
  log(`Unexpected: ${error instanceof Error ? error.stack : error}`),
);
closeWithParent(Number(process.env.JPY_PARENT_PID));
await kernel.closed;
process.exit(0);

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
