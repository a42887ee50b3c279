import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { BACKENDS, currentBackend } from "../choose.js";
import { liveTensors } from "./tensor-ledger.js";

/** Memory at one moment, in bytes. */
export interface MemoryReport {
  /** Of the whole process, as the system counts it. */
  readonly process: number;
  readonly backends: readonly BackendMemory[];
  readonly cells: readonly CellMemory[];
  /** Results that the notebook keeps as `Out[n]` and `_`; null outside one. */
  readonly results: { readonly count: number; readonly bytes: number } | null;
}

export interface BackendMemory {
  readonly name: string;
  readonly tensors: number;
  /** Of the back end's own memory, where it says; of the GPU for webgpu. */
  readonly bytes: number | null;
  readonly detail: string;
}

/** What one cell made and still lives. */
export interface CellMemory {
  /** The `n` of `In [n]`; null for tensors made outside a cell, `weights` for the variables of models. */
  readonly cell: number | null | "weights";
  readonly tensors: number;
  readonly bytes: number;
  /** `[128,784] float32` of the largest. */
  readonly largest: string;
}

/** Tensors and bytes by back end, and by the cell that made them, the heaviest first. */
export function memoryReport(results: MemoryReport["results"] = null): MemoryReport {
  return { process: process.memoryUsage().rss, backends: backends(), cells: cells(), results };
}

interface OwnMemory {
  numDataIds(): number;
  memory?(): { numBytesInGPU?: number; numBytesAllocatedInGPU?: number };
}

function backends(): BackendMemory[] {
  const { registry } = tf.engine() as unknown as { registry: Record<string, OwnMemory> };
  return Object.entries(registry).map(([registered, backend]) => {
    const current = currentBackend()?.backend;
    const own = [...BACKENDS.values()].find(({ registeredName }) => registeredName === registered);
    const name = current?.registeredName === registered ? current.name : (own?.name ?? registered);
    const { numBytesInGPU, numBytesAllocatedInGPU } = registered === "webgpu" ? backend.memory!() : {};
    const detail = numBytesAllocatedInGPU === undefined ? "" : "on the GPU, with what is kept for reuse";
    return {
      name,
      tensors: backend.numDataIds(),
      bytes: numBytesAllocatedInGPU ?? numBytesInGPU ?? null,
      detail,
    };
  });
}

function cells(): CellMemory[] {
  const groups = new Map<CellMemory["cell"], { bytes: number; what: string }[]>();
  const add = (cell: CellMemory["cell"], bytes: number, shape: readonly number[], dtype: string) => {
    groups.set(cell, [...(groups.get(cell) ?? []), { bytes, what: `[${shape}] ${dtype}` }]);
  };
  for (const { cell, bytes, shape, dtype } of liveTensors()) add(cell, bytes, shape, dtype);
  for (const { size, shape, dtype } of variables())
    add("weights", size * tf.util.bytesPerElement(dtype), shape, dtype);
  return [...groups]
    .map(([cell, all]) => ({
      cell,
      tensors: all.length,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      largest: all.reduce((largest, one) => (one.bytes > largest.bytes ? one : largest)).what,
    }))
    .sort((a, b) => b.bytes - a.bytes);
}

function variables(): tf.Variable[] {
  const { state } = tf.engine() as unknown as { state: { registeredVariables: Record<string, tf.Variable> } };
  return Object.values(state.registeredVariables);
}
