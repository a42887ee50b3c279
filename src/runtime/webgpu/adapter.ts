import { BackendError } from "../backend-error.js";
import { noAdapter, noAdapterNamed } from "./no-adapter.js";
import { probeAdapter } from "./probe-adapter.js";
import { vulkanObjection } from "./vulkan.js";

/** Part of the name of the adapter to take, where there are several: `LOADLAB_WEBGPU_ADAPTER=Radeon`. */
export const ADAPTER_VARIABLE = "LOADLAB_WEBGPU_ADAPTER";

export interface FoundAdapter {
  readonly adapter: GPUAdapter;
  /** `NVIDIA RTX A4000` */
  readonly name: string;
  /** What the driver says of itself; null where it says nothing. */
  readonly driver: string | null;
  /** Computes on the CPU. */
  readonly software: boolean;
}

/** Mesa's software device does not call itself a fallback. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|microsoft basic render/i;

/** Dawn lives as long as this does: collected early, it takes its devices with it. */
let gpu: GPU | null = null;

/**
 * Asks Dawn (npm's `webgpu`) for an adapter, a hardware one if there is one.
 * @throws BackendError when there is no package for this platform, no driver, or no adapter.
 */
export async function findAdapter(env: NodeJS.ProcessEnv = process.env): Promise<FoundAdapter> {
  const objection = vulkanObjection(env);
  if (objection) throw new BackendError(objection.why, objection.remedy);
  if (!gpu) {
    const { found, messages } = await probeAdapter(dawnOptions(env), quiet(env));
    if (!found) throw noneFound(env, messages);
    gpu = await loadDawn(env);
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw noneFound(env, "");
  return describe(adapter);
}

function dawnOptions(env: NodeJS.ProcessEnv): string[] {
  const named = env[ADAPTER_VARIABLE];
  return named ? [`adapter=${named}`] : [];
}

/** Mesa's device selection writes about a missing XDG_RUNTIME_DIR. */
function quiet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  env["NODEVICE_SELECT"] ??= "1";
  return env;
}

async function loadDawn(env: NodeJS.ProcessEnv): Promise<GPU> {
  try {
    const { create, globals } = (await import("webgpu")) as unknown as Dawn;
    Object.assign(globalThis, globals);
    const dawn = create(dawnOptions(quiet(env)));
    provideNavigator(dawn);
    return dawn;
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new BackendError(
      `The package webgpu cannot be used on this machine: ${reason}`,
      "npm install webgpu (Linux needs glibc 2.34: Debian 12, Ubuntu 22.04 or newer)",
      { cause: error },
    );
  }
}

interface Dawn {
  create(options: string[]): GPU;
  readonly globals: Record<string, unknown>;
}

/** TensorFlow.js looks for `navigator.gpu`; from Node 21 on `navigator` is there and has none. */
function provideNavigator(dawn: GPU): void {
  const scope = globalThis as { navigator?: object };
  if (!scope.navigator) Object.defineProperty(scope, "navigator", { value: {}, configurable: true });
  Object.defineProperty(scope.navigator, "gpu", { value: dawn, configurable: true });
}

function noneFound(env: NodeJS.ProcessEnv, messages: string): BackendError {
  const named = env[ADAPTER_VARIABLE];
  return named ? noAdapterNamed(named, ADAPTER_VARIABLE, messages) : noAdapter(messages);
}

function describe(adapter: GPUAdapter): FoundAdapter {
  const { info } = adapter;
  const { vendor, architecture, device, description } = info;
  const name = [device, [vendor, architecture].filter(Boolean).join(" "), description].find(
    (text) => text && !/^0x[0-9a-f]+$/i.test(text),
  );
  const software =
    info.isFallbackAdapter || SOFTWARE.test([vendor, architecture, device, description].join(" "));
  return { adapter, name: name ?? "GPU", driver: description || null, software };
}
