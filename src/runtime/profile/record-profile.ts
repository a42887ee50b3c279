import * as tf from "@tensorflow/tfjs";
import { classNameOf } from "../../loading/report/summarize.js";
import { currentBackend, ensureBackend } from "../choose.js";
import { whenInterrupted } from "../memory/current-cell.js";
import { finishGpuWork } from "../webgpu/finish-work.js";
import { pauseCompiled } from "../native/compiled/predictions.js";
import { MOST_FRAMES, type Frame, type Profile } from "./profile.js";
import { rowsOf, type Ran } from "./rows.js";

interface OpenFrame extends Omit<Ran, "duration" | "bytes" | "children"> {
  duration: number;
  bytes: number;
  readonly children: OpenFrame[];
  /** One too many for a picture, as all in it are. */
  readonly hidden: boolean;
}

/** The engine's own method through which every kernel runs, forward and backward (tfjs-core, engine.ts). */
interface Engine {
  runKernelFunc(call: { kernelName?: string }): tf.Tensor | tf.Tensor[];
  readonly state: { readonly numBytes: number };
}

type Apply = (this: tf.layers.Layer, inputs: unknown, kwargs?: unknown) => unknown;
type PredictLoop = (this: tf.LayersModel, ...args: unknown[]) => unknown;

/** Ends the recording that runs, if one does: an interrupt ends its code without `finally`. */
let endRecording: (() => void) | null = null;
whenInterrupted((terminated) => {
  while (terminated && endRecording) endRecording();
});

/**
 * Runs code and measures each layer and each kernel in it. Predictions run op by op meanwhile: a graph that
 * TensorFlow runs as a whole has no layers to tell apart. On webgpu and cuda the device is waited for after each
 * kernel where it can be (cuda), else a kernel's time is that of handing it over and the rest shows in the whole.
 */
export async function recordProfile<T>(run: () => Promise<T>): Promise<{ result: T; profile: Profile }> {
  const { backend, device } = await ensureBackend();
  const recorder = new Recorder();
  pauseCompiled(true);
  const restore = recorder.listen();
  const outer = endRecording;
  const end = (): void => {
    endRecording = outer;
    restore();
    pauseCompiled(outer !== null);
  };
  endRecording = end;
  let result: T;
  try {
    result = await run();
    await finishGpuWork();
  } finally {
    if (endRecording === end) end();
  }
  const { frames, peakBytes, leftOut } = recorder;
  const name = currentBackend()?.backend.name ?? backend.name;
  const whole = {
    version: 1 as const,
    backend: name,
    device: device.device,
    wall: recorder.now(),
    peakBytes,
  };
  return { result, profile: { ...whole, frames, leftOut, ...rowsOf(recorder.all) } };
}

class Recorder {
  readonly all: OpenFrame[] = [];
  peakBytes = 0;
  leftOut = 0;
  private readonly began = performance.now();
  private open: OpenFrame[] = [];
  private count = 0;

  now(): number {
    return performance.now() - this.began;
  }

  /** Those that a picture shows. */
  get frames(): Frame[] {
    return shown(this.all);
  }

  /** @returns takes the listening away */
  listen(): () => void {
    const engine = tf.engine() as unknown as Engine;
    const { runKernelFunc } = engine;
    engine.runKernelFunc = (call) =>
      this.kernel(engine, call.kernelName, () => runKernelFunc.call(engine, call));
    const layer = tf.layers.Layer.prototype as unknown as { apply: Apply };
    const model = tf.LayersModel.prototype as unknown as { predictLoop: PredictLoop };
    const { apply } = layer;
    const { predictLoop } = model;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- `this` below is the layer
    const recorder = this;
    layer.apply = function (inputs, kwargs) {
      if (isSymbolic(inputs)) return apply.call(this, inputs, kwargs);
      const kind = this instanceof tf.LayersModel ? "model" : "layer";
      return recorder.call(this, kind, classNameOf(this), () => apply.call(this, inputs, kwargs));
    };
    model.predictLoop = function (...args) {
      return recorder.call(this, "model", "predict", () => predictLoop.apply(this, args));
    };
    return () => {
      engine.runKernelFunc = runKernelFunc;
      layer.apply = apply;
      model.predictLoop = predictLoop;
    };
  }

  private call<T>(layer: tf.layers.Layer, kind: "model" | "layer", detail: string, run: () => T): T {
    const frame = this.enter(layer.name, kind, detail, layer);
    try {
      return run();
    } finally {
      this.leave(frame);
    }
  }

  private kernel(
    engine: Engine,
    name: string | undefined,
    run: () => tf.Tensor | tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    // A function of the user with its own gradient is no kernel: those in it are.
    if (name === undefined) return run();
    const frame = this.enter(name, "kernel", "", null);
    try {
      const results = run();
      const made = [results].flat();
      waitForGpu(made);
      frame.bytes = made.reduce((sum, { size, dtype }) => sum + size * bytesOf(dtype), 0);
      Object.assign(frame, { detail: made.map(({ shape }) => `[${shape}]`).join(" ") });
      return results;
    } finally {
      this.leave(frame);
      this.peakBytes = Math.max(this.peakBytes, engine.state.numBytes);
    }
  }

  private enter(name: string, kind: Frame["kind"], detail: string, layer: object | null): OpenFrame {
    const hidden = ++this.count > MOST_FRAMES;
    if (hidden) this.leftOut++;
    const start = this.now();
    const what = { name, kind, detail, layer };
    const frame: OpenFrame = { ...what, start, duration: 0, bytes: 0, children: [], hidden };
    const parent = this.open.at(-1);
    (parent?.children ?? this.all).push(frame);
    this.open.push(frame);
    return frame;
  }

  private leave(frame: OpenFrame): void {
    frame.duration = this.now() - frame.start;
    this.open.pop();
    const parent = this.open.at(-1);
    if (parent) parent.bytes += frame.bytes;
  }
}

function shown(frames: readonly OpenFrame[]): Frame[] {
  return frames.flatMap(({ name, kind, detail, start, duration, bytes, hidden, children }) =>
    hidden ? [] : [{ name, kind, detail, start, duration, bytes, children: shown(children) }],
  );
}

function isSymbolic(inputs: unknown): boolean {
  return [inputs].flat().some((input) => input instanceof tf.SymbolicTensor);
}

function bytesOf(dtype: tf.DataType): number {
  return dtype === "string" ? 8 : tf.util.bytesPerElement(dtype);
}

/** A kernel on a GPU of CUDA is done when a number of it can be read. */
function waitForGpu(results: readonly tf.Tensor[]): void {
  const backend = tf.backend() as { isUsingGpuDevice?: boolean; readSync(dataId: object): unknown };
  const [last] = results;
  if (backend.isUsingGpuDevice && last && last.size < 4096) backend.readSync(last.dataId);
}
