import { spawn } from "node:child_process";

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, output: string }>} `output` is stdout and stderr in order;
 *   a program that does not exist is a run that failed.
 */
export function runProgram(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", (error) => resolve({ ok: false, stdout, output: output + error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, stdout, output }));
  });
}

/** Says what takes long, and how long it took. */
export async function announced(what, work) {
  const began = Date.now();
  console.log(`${what} ...`);
  const result = await work();
  console.log(`  done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
