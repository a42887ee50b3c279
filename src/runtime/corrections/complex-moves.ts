import * as tf from "@tensorflow/tfjs";

interface Data {
  readonly shape: number[];
  readonly dtype: tf.DataType;
  readonly refCount: number;
  readonly values: null;
  readonly complexTensorInfos: { readonly real: tf.TensorInfo; readonly imag: tf.TensorInfo };
}

/** A back end that keeps a complex tensor as two real ones, as cpu and webgpu do. */
interface KeepsTwo {
  move(
    dataId: object,
    values: tf.BackendValues | null,
    shape: number[],
    dtype: tf.DataType,
    count: number,
  ): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
}

interface Map {
  set(dataId: object, data: Data): void;
}

/**
 * Takes complex tensors over from another back end, which hands them on as pairs of numbers. cpu kept the pairs and
 * found no parts when the tensor was used, webgpu refused.
 * @param data where the back end keeps what it knows of a tensor
 */
export function takeComplexOver(backend: object, data: Map): void {
  const keeper = backend as KeepsTwo;
  const move = keeper.move.bind(keeper);
  keeper.move = (dataId, values, shape, dtype, refCount) => {
    if (dtype !== "complex64" || values === null) {
      move(dataId, values, shape, dtype, refCount);
      return;
    }
    const { real, imag } = tf.backend_util.splitRealAndImagArrays(values as Float32Array);
    const complexTensorInfos = {
      real: keeper.makeTensorInfo(shape, "float32", real),
      imag: keeper.makeTensorInfo(shape, "float32", imag),
    };
    data.set(dataId, { shape, dtype, refCount, values: null, complexTensorInfos });
  };
}
