import type * as tf from "@tensorflow/tfjs";
import { cpuKernel, runMissingOnCpu, runOnCpu } from "../corrections/cpu-fallback.js";
import { lowerEinsum } from "../corrections/einsum.js";
import {
  KernelRun,
  replaceKernel,
  type Info,
  type KernelArguments,
  type KernelFunction,
} from "../corrections/kernel.js";

const WASM = "wasm";

/** Puts right what TensorFlow.js 4.22.0 computes wrongly on wasm, and adds what it lacks there. */
export function correctWasm(): void {
  boolThroughInt32("Reverse", ["x"]);
  boolThroughInt32("Select", ["t", "e"]);
  replaceKernel(WASM, "Cast", (own) => castToBool(own!));
  replaceKernel(WASM, "OneHot", (own) => oneHotOfFloats(own!));
  replaceKernel(WASM, "StridedSlice", (own) => keepDtype(own!));
  replaceKernel(WASM, "ClipByValue", (own) => keepNaN(own!));
  lowerEinsum(WASM);
  for (const name of ON_CPU) runOnCpu(WASM, name);
  runMissingOnCpu(WASM, COMPLEX);
}

/** Wrong values: the transposed 3D convolution, and the gradient of a maximum that is negative. */
const ON_CPU = ["Conv3DBackpropInputV2", "MaxPoolGrad"];
/** Complex tensors have no place in the wasm memory. */
const COMPLEX: ReadonlySet<string> = new Set(["Complex", "ComplexAbs", "Real", "Imag", "FFT", "IFFT"]);

/** These kernels copy four bytes for each boolean of one: the values are wrong, and so is the memory behind them. */
function boolThroughInt32(kernelName: string, names: readonly string[]): void {
  replaceKernel(WASM, kernelName, (own) => (args) => {
    const inputs = args.inputs as Record<string, Info>;
    if (names.every((name) => inputs[name]!.dtype !== "bool")) return own!(args);
    const run = new KernelRun(WASM, args.backend);
    const wide = Object.entries(inputs).map(
      ([name, info]) => [name, names.includes(name) ? run.cast(info, "int32") : info] as const,
    );
    const result = own!({ ...args, inputs: Object.fromEntries(wide) }) as Info;
    const narrow = run.cast(result, "bool");
    dispose(args, result);
    return run.done(narrow);
  });
}

/** The cast keeps the low byte: 0.5 and 256 become false. What TensorFlow means is `x != 0`. */
function castToBool(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: Info };
    if ((args.attrs as { dtype?: string }).dtype !== "bool" || x.dtype === "bool") return own(args);
    const backend = args.backend as unknown as {
      makeOutput(shape: number[], dtype: string): Info;
      typedArrayFromHeap(info: Info): Float32Array | Int32Array | Uint8Array;
    };
    const result = backend.makeOutput(x.shape, "bool");
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(result);
    for (let i = 0; i < from.length; i++) to[i] = from[i] ? 1 : 0;
    return result;
  };
}

/** It writes the bits of integers into a float tensor. */
function oneHotOfFloats(own: KernelFunction): KernelFunction {
  return (args) => {
    const { dtype } = args.attrs as { dtype?: string };
    if (dtype === "int32") return own(args);
    const whole = ["onValue", "offValue"].every((name) =>
      Number.isInteger((args.attrs as Record<string, unknown>)[name]),
    );
    if (!whole) return cpuKernel(WASM, "OneHot")(args);
    const integers = own({ ...args, attrs: { ...args.attrs, dtype: "int32" } }) as Info;
    const run = new KernelRun(WASM, args.backend);
    const result = run.cast(integers, (dtype ?? "int32") as tf.DataType);
    dispose(args, integers);
    return result;
  };
}

/** It calls every result float32. */
function keepDtype(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: Info };
    return x.dtype === "float32" ? own(args) : cpuKernel(WASM, "StridedSlice")(args);
  };
}

/** It turns NaN into the lower bound. */
function keepNaN(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: Info };
    if (x.dtype !== "float32") return own(args);
    const run = new KernelRun(WASM, args.backend);
    const clipped = own(args) as Info;
    const isNumber = run.run("Equal", { a: x, b: x });
    const result = run.run("Select", { condition: isNumber, t: clipped, e: x });
    dispose(args, clipped);
    return run.done(result);
  };
}

function dispose({ backend }: KernelArguments, info: Info): void {
  (backend as unknown as { disposeData(dataId: object): boolean }).disposeData(info.dataId);
}
