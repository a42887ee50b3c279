import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { BackendOutcomes } from "./case.js";
import type { CompiledOutcome } from "./run-compiled.js";

/** A driver can hang. */
const LIMIT_MS = 30 * 60_000;
const COMPILED = fileURLToPath(new URL("./run-compiled.js", import.meta.url));
const PROGRAM = fileURLToPath(new URL("./run-cases.js", import.meta.url));

/** Runs the cases on a back end in a process of its own. */
export async function runInProcess(
  backend: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<BackendOutcomes> {
  return (await ask(PROGRAM, [backend, ...flags], env)) as BackendOutcomes;
}

/** Runs the layers' models as graphs of native or cuda. */
export async function runCompiled(backend: string, env: NodeJS.ProcessEnv = {}): Promise<CompiledOutcome> {
  return (await ask(COMPILED, [backend], env)) as CompiledOutcome;
}

/** What a program prints as JSON. */
async function ask(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const child = spawn(process.execPath, ["--no-force-async-hooks-checks", program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
  });
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = await closed;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code ?? signal}: ${err.slice(-2000)}`);
  return JSON.parse(out) as unknown;
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
