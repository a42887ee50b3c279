import * as tf from "@tensorflow/tfjs";
import { type KernelArguments, type KernelFunction, replaceKernel } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): ArrayLike<number>;
  write(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): object;
  disposeData(dataId: object): boolean;
}

/**
 * Casts that lose nothing make numbers of the new type. The kernel of tfjs-backend-cpu hands on the old ones under the
 * new type's name: a back end to which they are moved takes the bits of booleans and integers for those of floats.
 */
export function castApart(backendName: string): void {
  replaceKernel(backendName, "Cast", (own) => (args) => {
    const x = args.inputs.x as tf.TensorInfo;
    const { dtype } = args.attrs as unknown as { dtype: tf.DataType };
    if (x.dtype === dtype || !isNumeric(x.dtype)) return own(args);
    if (dtype === "float32") return convert(x, Float32Array, args, dtype);
    if (dtype === "int32" && x.dtype === "bool") return convert(x, Int32Array, args, dtype);
    return dtype === "complex64" ? throughFloats(own, x, args) : own(args);
  });
}

function isNumeric(dtype: string): boolean {
  return dtype === "float32" || dtype === "int32" || dtype === "bool";
}

function convert(
  x: tf.TensorInfo,
  type: typeof Float32Array | typeof Int32Array,
  { backend }: KernelArguments,
  dtype: "float32" | "int32",
): tf.TensorInfo {
  const host = backend as unknown as HostBackend;
  const values = type.from(host.readSync(x.dataId));
  return { dataId: host.write(values, x.shape, dtype), shape: x.shape, dtype };
}

/** The real part is what is cast. */
function throughFloats(
  own: KernelFunction,
  x: tf.TensorInfo,
  args: KernelArguments,
): ReturnType<KernelFunction> {
  if (x.dtype === "float32") return own(args);
  const floats = convert(x, Float32Array, args, "float32");
  const result = own({ ...args, inputs: { x: floats } });
  (args.backend as unknown as HostBackend).disposeData(floats.dataId);
  return result;
}
