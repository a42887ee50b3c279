import * as tf from "@tensorflow/tfjs";
import { byteText } from "../../loading/notation.js";
import { noteOnce } from "../cell-display.js";
import type { WatchedDevice } from "./device.js";

/** The parts of tfjs-backend-webgpu's WebGPUBackend that are reached into (backend_webgpu.ts). */
export interface WebGPUBackend extends tf.KernelBackend {
  readonly device: GPUDevice;
  commandEncoder: object | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(dataId: object): void;
  readonly bufferManager: {
    numBytesUsed: number;
    numBytesAllocated: number;
    acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
  };
  readonly tensorMap: {
    get(dataId: object): TensorData | undefined;
    set(dataId: object, data: TensorData): void;
  };
}

interface TensorData {
  readonly values: tf.BackendValues | null | undefined;
  readonly dtype: tf.DataType;
  readonly complexTensorInfos?: object;
}

/** Buffers that are kept for reuse, at most; the pool of TensorFlow.js never shrinks. */
const POOL = 256 * 2 ** 20;

/** Makes what would be silent an exception: errors of the device, buffers above its limit, synchronous reads. */
export function guard(backend: WebGPUBackend, { takeError, largestTensor }: WatchedDevice): void {
  throwErrorsOnRead(backend, takeError);
  refuseLargeBuffers(backend, largestTensor);
  boundPool(backend);
  explainSynchronousReads(backend);
  tellOfRounding(backend);
}

function throwErrorsOnRead(backend: WebGPUBackend, takeError: () => Error | null): void {
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId).catch((error: unknown) => {
      throw takeError() ?? error;
    });
    const error = takeError();
    if (error) throw error;
    return values;
  };
}

function refuseLargeBuffers({ bufferManager }: WebGPUBackend, largest: number): void {
  const acquire = bufferManager.acquireBuffer.bind(bufferManager);
  bufferManager.acquireBuffer = (size, ...rest) => {
    if (size > largest) {
      throw new RangeError(
        `A tensor of ${byteText(size)} does not fit into one buffer of this GPU, which holds ${byteText(largest)}. ` +
          "Use smaller batches, or a back end on the CPU (%backend native).",
      );
    }
    return acquire(size, ...rest);
  };
}

function boundPool({ bufferManager }: WebGPUBackend): void {
  const release = bufferManager.releaseBuffer.bind(bufferManager);
  bufferManager.releaseBuffer = (buffer, reuse = true) => {
    const pooled = bufferManager.numBytesAllocated - bufferManager.numBytesUsed;
    release(buffer, reuse && pooled < POOL);
  };
}

/** Up to here float32, in which TensorFlow.js's shaders compute, has every whole number. */
const EXACT = 2 ** 24;

function tellOfRounding(backend: WebGPUBackend): void {
  const upload = backend.uploadToGPU.bind(backend);
  backend.uploadToGPU = (dataId) => {
    const { values, dtype } = backend.tensorMap.get(dataId) ?? {};
    if (dtype === "int32" && (values as Int32Array | null)?.some((value) => Math.abs(value) > EXACT)) {
      noteOnce(
        "webgpu computes int32 in float32: whole numbers above 16,777,216 are rounded. wasm and native are exact " +
          "(%backend wasm).",
      );
    }
    upload(dataId);
  };
}

/** Node has no way to wait for a GPU; values that were read once are kept and can be read again. */
function explainSynchronousReads(backend: WebGPUBackend): void {
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    if (data && ((data.values ?? null) !== null || data.dtype === "string" || data.complexTensorInfos))
      return readSync(dataId);
    throw new Error(
      "This tensor is on the GPU and cannot be read synchronously. Write `await x.data()` or `await x.array()` " +
        "in place of dataSync() and arraySync(); after that print() and toString() work too. A layer or an operation that " +
        "reads numbers itself is computed by %backend native, or %backend wasm.",
    );
  };
}
