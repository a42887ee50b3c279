import * as tf from "@tensorflow/tfjs";
import { byteText } from "../../notation.js";
import { awaitEvents } from "./await-events.js";
import type { WatchedDevice } from "./device.js";

/** The parts of tfjs-backend-webgpu's WebGPUBackend that are reached into (backend_webgpu.ts). */
export interface WebGPUBackend extends tf.KernelBackend {
  readonly device: GPUDevice;
  commandEncoder: GPUCommandEncoder | null;
  ensureCommandEncoderReady(): void;
  convertAndCacheOnCPU(dataId: object, values: tf.BackendValues): tf.BackendValues;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(dataId: object): void;
  runWebGPUProgram(
    program: Program,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms?: Uniform[],
    output?: tf.TensorInfo,
  ): tf.TensorInfo;
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

/** What a kernel gives to the GPU (webgpu_program.ts). */
export interface Program {
  /** Names the shader; with the types of the tensors when it is compiled. */
  readonly shaderKey: string;
  /** Declarations: `value : f32, ` */
  readonly uniforms?: string | undefined;
}

export interface Uniform {
  readonly type: string;
  readonly data: number[];
}

interface TensorData {
  /** Where it is on the GPU. */
  readonly resource?: GPUBuffer;
  readonly values: tf.BackendValues | null | undefined;
  readonly dtype: tf.DataType;
}

/** Buffers that are kept for reuse, at most; the pool of TensorFlow.js never shrinks. */
const POOL = 256 * 2 ** 20;

/** Makes what would be silent an exception: errors of the device, buffers above its limit. */
export function guard(backend: WebGPUBackend, { takeError, largestTensor }: WatchedDevice): void {
  throwErrorsOnRead(backend, takeError);
  refuseLargeBuffers(backend, largestTensor);
  boundPool(backend);
  readSynchronously(backend, takeError);
}

function throwErrorsOnRead(backend: WebGPUBackend, takeError: () => Error | null): void {
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId).catch((error: unknown) => {
      throw takeError() ?? ((error as Error).message ? error : notGivenBack());
    });
    const error = takeError();
    if (error) throw error;
    return values;
  };
}

/** Of a device that is lost, before it says so, Dawn's errors are empty. */
function notGivenBack(): Error {
  return new Error(
    "The GPU did not give the values of a tensor back: it was lost, or cannot be waited for (then `await x.data()` reads). " +
      "%backend webgpu opens it again, %backend wasm computes on the CPU.",
  );
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

/** TensorFlow.js reads synchronously through a canvas, which Node does not have. */
function readSynchronously(backend: WebGPUBackend, takeError: () => Error | null): void {
  const known = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    if (!data?.resource || (data.values ?? null) !== null) return known(dataId);
    const bytes = bytesOf(backend, data.resource);
    const error = takeError();
    if (error) throw error;
    if (!bytes) throw notGivenBack();
    return backend.convertAndCacheOnCPU(
      dataId,
      tf.util.convertBackendValuesAndArrayBuffer(bytes, data.dtype),
    );
  };
}

/** As WebGPUBackend.getBufferData, waiting for the GPU; null where it does not let its memory be read. */
function bytesOf(backend: WebGPUBackend, buffer: GPUBuffer): ArrayBuffer | null {
  const { bufferManager } = backend;
  const staging = bufferManager.acquireBuffer(buffer.size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder!.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  backend.submitQueue();
  staging.mapAsync(GPUMapMode.READ).catch(() => undefined);
  awaitEvents(() => staging.mapState !== "pending");
  if (staging.mapState !== "mapped") return null;
  const bytes = staging.getMappedRange().slice(0);
  staging.unmap();
  bufferManager.releaseBuffer(staging);
  return bytes;
}
