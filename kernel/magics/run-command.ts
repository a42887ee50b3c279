import { spawn } from "node:child_process";
import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import type { MagicContext } from "./magic.js";

/** A program that a magic started ended with an error of its own. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
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
  let end: unknown[];
  try {
    end = await once(child, "close");
  } catch (error) {
    throw new CommandFailed(`${program} cannot be started: ${(error as Error).message}`);
  }
  const [code, signal] = end as [number | null, string | null];
  if (code === 0) return;
  throw new CommandFailed(
    signal ? `The command was ended by ${signal}.` : `The command ended with code ${code}.`,
  );
}
