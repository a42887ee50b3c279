import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../backend-error.js";
import type { Backend, Device } from "../backend.js";
import { byteText } from "../../notation.js";
import { takeComplexOver } from "../corrections/complex-moves.js";
import { findAdapter, type FoundAdapter } from "./adapter.js";
import { correctWebgpu } from "./corrections.js";
import { openDevice, type WatchedDevice } from "./device.js";
import { finishWorkAtExit } from "./finish-work.js";
import { giveIntegers } from "./integer-shaders.js";
import { guard, type WebGPUBackend } from "./guarded-backend.js";

const NAME = "webgpu";

/** The device in use: tensors are on it, so another is opened only when it is lost. */
let open: { readonly found: FoundAdapter; readonly watched: WatchedDevice } | null = null;

/** Any GPU with a Vulkan, Metal or Direct3D 12 driver, through Dawn. */
export const webgpu: Backend = {
  name: NAME,
  registeredName: NAME,
  summary: "any GPU, through WebGPU (Vulkan, Metal, Direct3D 12)",
  async examine() {
    try {
      const { name, software } = await findAdapter();
      return { usable: true, found: name, onlyIfAsked: software };
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      return { usable: false, why: error.message, remedy: error.remedy };
    }
  },
  async start({ asked }) {
    if (open && !open.watched.lost()) {
      await tf.setBackend(NAME);
      return describe(open.found, open.watched);
    }
    const found = await findAdapter();
    if (found.software && !asked) {
      throw new BackendError(
        `${found.name} is a software device, slower than the CPU itself.`,
        "%backend webgpu",
      );
    }
    const watched = await openDevice(found);
    await register(found, watched);
    open = { found, watched };
    return describe(found, watched);
  },
};

async function register({ adapter }: FoundAdapter, watched: WatchedDevice): Promise<void> {
  const { WebGPUBackend: Own } = (await import("@tensorflow/tfjs-backend-webgpu")) as unknown as {
    WebGPUBackend: new (device: GPUDevice, info: GPUAdapterInfo) => WebGPUBackend;
  };
  tf.removeBackend(NAME);
  const make = () => {
    const backend = new Own(watched.device, adapter.info);
    guard(backend, watched);
    giveIntegers(backend);
    takeComplexOver(backend, backend.tensorMap);
    finishWorkAtExit(() => submit(backend));
    return backend;
  };
  tf.registerBackend(NAME, make, 3);
  correctWebgpu();
  if (!(await tf.setBackend(NAME))) {
    throw new BackendError("TensorFlow.js does not start on this GPU.", "%backend native, or %backend wasm");
  }
}

async function submit(backend: WebGPUBackend): Promise<void> {
  if (backend.commandEncoder) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  await backend.device.queue.onSubmittedWorkDone();
}

function describe({ name, driver, software }: FoundAdapter, { largestTensor }: WatchedDevice): Device {
  const remarks = [`One tensor holds at most ${byteText(largestTensor)}.`];
  if (software) remarks.unshift("This is a software device: expect it to be slower than wasm.");
  return { device: name, driver, memory: null, remarks };
}
