import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { BackendOutcomes } from "./case.js";
import type { CompiledOutcome } from "./run-compiled.js";

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

/** Runs the layers' models as graphs of native. */
export async function runCompiled(env: NodeJS.ProcessEnv = {}): Promise<CompiledOutcome> {
  return (await ask(COMPILED, [], env)) as CompiledOutcome;
}

/** What a program prints as JSON. */
async function ask(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const child = spawn(process.execPath, ["--no-force-async-hooks-checks", program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once("close", resolve);
  });
  if (code !== 0)
    throw new Error(`${args.join(" ")} ended with ${code ?? child.signalCode}: ${err.slice(-2000)}`);
  return JSON.parse(out) as unknown;
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
