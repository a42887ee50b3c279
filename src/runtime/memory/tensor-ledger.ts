import * as tf from "@tensorflow/tfjs";
import { collectGarbage } from "./collect-garbage.js";
import { currentCell, whenCellEnds } from "./current-cell.js";
import { countSharedDataOnce } from "./shared-data.js";
import { changeMemoryWhole } from "./whole-changes.js";

/** A tensor that lives, as it was booked when it was made. */
export interface LiveTensor {
  readonly cell: number | null;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  /** 0 of a tensor that shares its data with an earlier one. */
  readonly bytes: number;
}

interface Entry extends LiveTensor {
  readonly tensor: WeakRef<tf.Tensor>;
  /** What the engine needs to free the data when the tensor itself is gone. */
  readonly handle: { dataId: object; dtype: tf.DataType; size: number; shape: number[] };
}

/** The engine's own methods that are wrapped (tfjs-core, engine.ts). */
interface Engine {
  track(tensor: tf.Tensor): tf.Tensor;
  keep(tensor: tf.Tensor): tf.Tensor;
  saveTensorsForBackwardMode(tensors: readonly tf.Tensor[]): tf.Tensor[];
  clone(tensor: tf.Tensor): tf.Tensor;
  disposeTensor(tensor: tf.Tensor): void;
  runKernel(name: string, inputs: object, attrs?: object): unknown;
  makeTensor(values: unknown, shape: number[], dtype?: string, backend?: tf.KernelBackend): tf.Tensor;
  readonly state: {
    readonly kernelDepth: number;
    readonly gradientDepth: number;
    readonly numBytes: number;
    /** Of `tidy`, and of each operation. */
    readonly scopeStack: readonly { readonly track: readonly tf.Tensor[] }[];
    readonly activeScope: object | null;
  };
}

/** Bytes more than after the last look, from which it is worth looking for tensors that nothing refers to. */
const WORTH_A_LOOK = 96 * 2 ** 20;
/** The same where looks are dear: of small tensors so much is made in a moment. */
const WORTH_A_DEAR_LOOK = 192 * 2 ** 20;
/** The same when a cell has ended. */
const WORTH_AT_THE_END = 24 * 2 ** 20;
/** Of the time since the look before it. */
const DEAR = 0.05;

const entries = new Map<number, Entry>();
/** The least there was since the last look: what was made and disposed of since then costs no look. */
let least = 0;
/** The least since a look at the end of a cell: a look within it finds in use what the cell then lets go of. */
let leastAfterCells = 0;
let limit = WORTH_A_LOOK;
/** When the last look ended, in milliseconds. */
let lookedAt = 0;
let kept = false;

/**
 * Frees tensors that no variable holds. TensorFlow.js keeps the data of every tensor outside `tidy` until it is
 * disposed of; here each is booked under a weak reference when it leaves the last scope, or is kept, and when much was
 * made the garbage is collected and the data of those that are gone is freed. Between kernels that is safe: what the
 * engine still needs it holds itself.
 */
export function keepLedger(): void {
  if (kept) return;
  kept = true;
  countSharedDataOnce();
  const engine = tf.engine() as unknown as Engine;
  whenCellEnds(() => freeAfterCell(engine));
  const { track, keep, disposeTensor, runKernel, makeTensor } = engine;
  engine.track = (tensor) => {
    if (engine.state.activeScope === null) enter(tensor);
    return track.call(engine, tensor);
  };
  // What is saved for gradients goes with them.
  engine.saveTensorsForBackwardMode = (tensors) =>
    tensors.map((tensor) => keep.call(engine, engine.clone(tensor)));
  engine.keep = (tensor) => {
    if (!(tensor instanceof tf.Variable) && !entries.has(tensor.id)) enter(tensor);
    return keep.call(engine, tensor);
  };
  engine.disposeTensor = (tensor) => {
    entries.delete(tensor.id);
    disposeTensor.call(engine, tensor);
    least = Math.min(least, engine.state.numBytes);
    leastAfterCells = Math.min(leastAfterCells, engine.state.numBytes);
  };
  engine.runKernel = (name, inputs, attrs) => {
    lookIfWorthIt(engine);
    return runKernel.call(engine, name, inputs, attrs);
  };
  engine.makeTensor = (...args) => {
    lookIfWorthIt(engine);
    return makeTensor.apply(engine, args);
  };
  changeMemoryWhole();
}

function enter(tensor: tf.Tensor): void {
  const { id, dataId, dtype, size, shape } = tensor;
  const handle = { dataId, dtype, size, shape };
  const bytes = bytesOf(tensor);
  entries.set(id, { tensor: new WeakRef(tensor), handle, cell: currentCell(), shape, dtype, bytes });
}

function bytesOf({ size, dtype }: tf.Tensor): number {
  const bytes = size * (dtype === "string" ? 8 : tf.util.bytesPerElement(dtype));
  return Number.isFinite(bytes) ? bytes : 0;
}

function lookIfWorthIt(engine: Engine): void {
  const { numBytes, kernelDepth, gradientDepth } = engine.state;
  const made = numBytes - least;
  if (made < limit) return;
  // While a gradient is taken, all that is made is held until its end.
  if (kernelDepth > 0 || gradientDepth > 0) return;
  // `tidy` holds all that is made in it.
  if (heldByScopes(engine) > made / 2) {
    limit = made + WORTH_A_LOOK;
    return;
  }
  const began = performance.now();
  freeUnreachable();
  const ended = performance.now();
  const dear = ended - began > DEAR * (began - lookedAt);
  lookedAt = ended;
  // A large live set is not worth looking through again for every few megabytes.
  limit = Math.max(dear ? WORTH_A_DEAR_LOOK : WORTH_A_LOOK, engine.state.numBytes / 4);
}

function heldByScopes({ state }: Engine): number {
  let held = 0;
  for (const { track } of state.scopeStack) {
    for (const tensor of track) if (!tensor.isDisposed) held += bytesOf(tensor);
  }
  return held;
}

/** Nothing of the cell is on the stack any more. */
function freeAfterCell(engine: Engine): void {
  if (engine.state.numBytes - leastAfterCells <= WORTH_AT_THE_END) return;
  freeUnreachable();
  leastAfterCells = engine.state.numBytes;
}

/**
 * Collects garbage and frees the data of tensors that nothing refers to.
 * @returns bytes of the tensors freed.
 */
export function freeUnreachable(): number {
  collectGarbage();
  const engine = tf.engine() as unknown as Engine;
  const before = engine.state.numBytes;
  for (const [id, { tensor, handle }] of entries) {
    if (!tensor.deref()) engine.disposeTensor(Object.assign(handle, { id }) as unknown as tf.Tensor);
  }
  least = engine.state.numBytes;
  return before - least;
}

/** Tensors that are alive now, in the order in which they were made; variables (weights) are not among them. */
export function liveTensors(): readonly LiveTensor[] {
  const seen = new Set<object>();
  return [...entries.values()].map(({ handle: { dataId }, cell, shape, dtype, bytes }) => {
    const shared = seen.has(dataId);
    seen.add(dataId);
    return { cell, shape, dtype, bytes: shared ? 0 : bytes };
  });
}

/** The tensors themselves. */
export function livingTensors(): tf.Tensor[] {
  return [...entries.values()].map(({ tensor }) => tensor.deref()).filter((tensor) => tensor !== undefined);
}
