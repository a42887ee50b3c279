import * as tf from "@tensorflow/tfjs";
import type { KernelArguments, KernelFunction } from "./kernel.js";

/** Kernels that treat each number for itself, or only move it: the parts are computed alone. */
const LINEAR: ReadonlySet<string> = new Set([
  ...["Add", "AddN", "Sub", "Neg", "Sum", "Mean", "Cumsum", "UnsortedSegmentSum", "Select"],
  ...["Transpose", "Reverse", "Slice", "StridedSlice", "GatherV2", "GatherNd", "ScatterNd", "Tile"],
  ...["Concat", "Pack", "Unpack", "SplitV", "PadV2", "Reshape", "ExpandDims", "Diag", "ZerosLike"],
]);
const BILINEAR: ReadonlySet<string> = new Set(["Multiply", "BatchMatMul"]);
/** These know complex numbers, or are what the parts are taken with. */
const COMPLEX: ReadonlySet<string> = new Set([
  ...["Complex", "Real", "Imag", "ComplexAbs", "FFT", "IFFT", "Identity"],
]);

const done = new Set<string>();

/**
 * Complex numbers on back ends other than TensorFlow's: the kernels there take the pairs for one number each, or keep
 * the shape of the parts as it was, and few say so. Here sums, products and moves are computed of the parts; what is
 * left is refused. To be called after all other corrections: it goes around every kernel of the back end.
 */
export function computeComplexByParts(backendName: string): void {
  if (done.has(backendName)) return;
  done.add(backendName);
  for (const config of tf.getKernelsForBackend(backendName)) {
    const { kernelName } = config;
    if (COMPLEX.has(kernelName)) continue;
    const kernelFunc =
      kernelName === "Cast" ? cast(config.kernelFunc) : aware(backendName, kernelName, config.kernelFunc);
    tf.unregisterKernel(config.kernelName, backendName);
    tf.registerKernel({ ...config, kernelFunc });
  }
}

/** To complex numbers with no imaginary part, and from them by leaving it out. */
function cast(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    const { dtype } = args.attrs as unknown as { dtype: tf.DataType };
    if ((dtype === "complex64") === (x.dtype === "complex64")) return own(args);
    return tf.tidy(() => {
      if (dtype !== "complex64") return tf.cast(tf.real(x), dtype);
      const real = tf.cast(x, "float32");
      return tf.complex(real, tf.zerosLike(real));
    });
  };
}

function aware(backendName: string, kernelName: string, own: KernelFunction): KernelFunction {
  return (args) => {
    const { inputs } = args;
    let any = false;
    for (const name in inputs) if (inputs[name]?.dtype === "complex64") any = true;
    if (!any) return own(args);
    if (LINEAR.has(kernelName)) return linear(kernelName, own, args);
    if (BILINEAR.has(kernelName)) return bilinear(own, args);
    throw new Error(
      `${kernelName} of complex numbers is not computed on ${backendName}. Take tf.real(x) and tf.imag(x) apart, or ` +
        "use TensorFlow's own kernels (%backend native).",
    );
  };
}

function linear(kernelName: string, own: KernelFunction, args: KernelArguments) {
  return tf.tidy(() => {
    const real = tensorsOf(own(withInputs(args, tf.real)));
    const imaginary = tensorsOf(own(withoutConstant(kernelName, withInputs(args, tf.imag))));
    const joined = real.map((part, i) => tf.complex(part, imaginary[i]!));
    return joined.length === 1 && !MANY.has(kernelName) ? joined[0]! : joined;
  });
}

const MANY: ReadonlySet<string> = new Set(["Unpack", "SplitV"]);

/** What is padded with is real. */
function withoutConstant(kernelName: string, args: KernelArguments): KernelArguments {
  return kernelName === "PadV2" ? { ...args, attrs: { ...args.attrs, constantValue: 0 } } : args;
}

function bilinear(own: KernelFunction, args: KernelArguments) {
  return tf.tidy(() => {
    const [re, im] = [withInputs(args, tf.real).inputs, withInputs(args, tf.imag).inputs];
    const product = (a: KernelArguments["inputs"], b: KernelArguments["inputs"]) =>
      tensorsOf(own({ ...args, inputs: { a: a["a"], b: b["b"] } as KernelArguments["inputs"] }))[0]!;
    return tf.complex(tf.sub(product(re, re), product(im, im)), tf.add(product(re, im), product(im, re)));
  });
}

type Part = (x: tf.Tensor) => tf.Tensor;

function withInputs(args: KernelArguments, part: Part): KernelArguments {
  const of = (info: tf.TensorInfo | undefined) => (info?.dtype === "complex64" ? part(tensorOf(info)) : info);
  const inputs = Array.isArray(args.inputs)
    ? (args.inputs as tf.TensorInfo[]).map(of)
    : Object.fromEntries(Object.entries(args.inputs).map(([name, info]) => [name, of(info)]));
  return { ...args, inputs: inputs as KernelArguments["inputs"] };
}

function tensorsOf(results: tf.TensorInfo | tf.TensorInfo[]): tf.Tensor[] {
  return [results].flat().map(tensorOf);
}

function tensorOf(info: tf.TensorInfo): tf.Tensor {
  return "rank" in info ? (info as tf.Tensor) : tf.engine().makeTensorFromTensorInfo(info);
}
