import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import { processFamily } from "../process-tree.js";
import type { MagicContext } from "./magic.js";

/** A program that a magic started ended with an error of its own. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

const running = new Set<ChildProcess>();
/** What does not heed an interrupt is killed after so long. */
const PATIENCE_MS = 2000;

/** Ends the programs that cells have started and wait for, and what those have started. */
export function interruptCommands(): void {
  const pids = [...running].flatMap(({ pid }) => (pid ? processFamily(pid) : []));
  signal(pids, "SIGINT");
  // With what they have begun since.
  const kill = () => signal([...pids, ...pids.flatMap(processFamily)], "SIGKILL");
  if (pids.length > 0) setTimeout(kill, PATIENCE_MS).unref();
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
}

/**
 * Runs a program in the notebook's folder; what it prints appears as it comes.
 * @throws CommandFailed when it cannot be started or does not end with 0.
 */
export async function runCommand(
  program: string,
  parameters: readonly string[],
  { folder, output }: Pick<MagicContext, "folder" | "output">,
): Promise<void> {
  const child = spawn(program, parameters, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    child[name].on("data", (bytes: Buffer) => output.stream(name, decoder.write(bytes)));
    child[name].on("end", () => output.stream(name, decoder.end()));
  }
  running.add(child);
  let end: unknown[];
  try {
    end = await once(child, "close");
  } catch (error) {
    throw new CommandFailed(`${program} cannot be started: ${(error as Error).message}`);
  } finally {
    running.delete(child);
  }
  const [code, signal] = end as [number | null, string | null];
  if (code === 0) return;
  throw new CommandFailed(
    signal ? `The command was ended by ${signal}.` : `The command ended with code ${code}.`,
  );
}
