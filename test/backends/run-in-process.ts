import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { BackendOutcomes } from "./case.js";

const PROGRAM = fileURLToPath(new URL("./run-cases.js", import.meta.url));

/** Runs the cases on a back end in a process of its own. */
export async function runInProcess(
  backend: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<BackendOutcomes> {
  const child = spawn(process.execPath, [PROGRAM, backend, ...flags], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${backend} ended with ${code ?? child.signalCode}: ${err.slice(-2000)}`);
  return JSON.parse(out) as BackendOutcomes;
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
