import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a look for adapters brought, in a process of its own. */
export interface AdapterProbe {
  readonly found: boolean;
  /** What Dawn and the driver wrote. */
  readonly messages: string;
}

const PATIENCE_MS = 20_000;
const NO_ADAPTER = 3;

const SCRIPT = `
const { create } = await import(process.argv[1]);
const adapter = await create(process.argv.slice(2))
  .requestAdapter({ powerPreference: "high-performance" })
  .catch((error) => console.error(error.message));
process.exit(adapter ? 0 : ${NO_ADAPTER});`;

/**
 * Looks for an adapter where it can do no harm: a driver that crashes takes only the child along, and what Dawn writes
 * about adapters that it cannot use goes into the error instead of below the user's cell. A package that cannot be
 * loaded counts as found: loading it here says why.
 * @param options for Dawn, e.g. `adapter=Radeon`
 */
export async function probeAdapter(
  options: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<AdapterProbe> {
  let webgpu: string;
  try {
    webgpu = import.meta.resolve("webgpu");
  } catch {
    return { found: true, messages: "" };
  }
  const parameters = ["--input-type=module", "-e", SCRIPT, webgpu, ...options];
  try {
    await promisify(execFile)(process.execPath, parameters, { env, timeout: PATIENCE_MS });
    return { found: true, messages: "" };
  } catch (error) {
    const { stderr = "", signal, code } = error as { stderr?: string; signal?: string; code?: unknown };
    if (signal) return { found: false, messages: `The driver ended with ${signal}.` };
    return { found: code !== NO_ADAPTER, messages: stderr };
  }
}
