import type { FoundAdapter } from "./adapter.js";
import { learnHandOver } from "./await-events.js";
import { correctShader } from "./shader-corrections.js";

/** Limits that the kernels of TensorFlow.js use up to what the adapter has (tfjs-backend-webgpu, base.ts). */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/** A device with its errors: WebGPU reports them as events, and goes on with tensors that hold nothing. */
export interface WatchedDevice {
  readonly device: GPUDevice;
  /** The first error since the last call, as an exception to throw; null when all went well. */
  takeError(): Error | null;
  /** The GPU is gone, and what was on it. */
  lost(): boolean;
  /** Largest tensor in bytes: one tensor is one buffer. */
  readonly largestTensor: number;
}

/** Opens our own device on an adapter, its shaders corrected. */
export async function openDevice({ adapter, name }: FoundAdapter): Promise<WatchedDevice> {
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const requiredFeatures: GPUFeatureName[] = adapter.features.has("timestamp-query")
    ? ["timestamp-query"]
    : [];
  const device = await learnHandOver(() => adapter.requestDevice({ requiredLimits, requiredFeatures }));
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) =>
    createShaderModule({ ...descriptor, code: correctShader(descriptor.code) });
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  return {
    device,
    ...watch(device, name),
    largestTensor: Math.min(maxBufferSize, maxStorageBufferBindingSize),
  };
}

function watch(device: GPUDevice, name: string): Pick<WatchedDevice, "takeError" | "lost"> {
  let first: Error | null = null;
  let lost: Error | null = null;
  device.onuncapturederror = (event) => {
    // Dawn prints what nobody claims, to the standard output.
    event.preventDefault();
    const full = event.error.constructor.name === "GPUOutOfMemoryError";
    first ??= new Error(
      `The GPU ${full ? "has no memory left for" : "rejected"} a computation (${name}): ${event.error.message.trim().split("\n")[0]}. ` +
        "Tensors computed in this cell hold no valid values. %backend native or %backend wasm computes on the CPU.",
    );
  };
  void device.lost.then(({ message }) => {
    lost = new Error(
      `The GPU was lost (${name}): ${message.trim().split("\n")[0]}. Tensors that were on it are gone. ` +
        "%backend webgpu opens it again, %backend wasm computes on the CPU; load models again.",
    );
  });
  const takeError = () => {
    const error = lost ?? first;
    first = null;
    return error;
  };
  return { takeError, lost: () => lost !== null };
}
