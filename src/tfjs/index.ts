/**
 * What a cell gets for `@tensorflow/tfjs`: TensorFlow.js, with functions that its package has wrong and leaves no other
 * place to put right.
 */
import * as tf from "@tensorflow/tfjs";
import "./disposable.js";
import { broadcastTo as broadcast } from "../ops/broadcast.js";
import * as ofArrays from "./tensors-of-arrays.js";
import * as ofSize from "./values-of-size.js";

/** As `tf.broadcastTo`, to axes of length 0 too. */
export const broadcastTo = ((x: tf.TensorLike, shape: number[]) =>
  broadcast(x instanceof tf.Tensor ? x : ofArrays.tensor(x), shape)) as typeof tf.broadcastTo;

export * from "@tensorflow/tfjs";
export { tensor, tensor1d, tensor2d, tensor3d, tensor4d, tensor5d, tensor6d } from "./tensors-of-arrays.js";
export {
  zeros,
  ones,
  fill,
  buffer,
  randomNormal,
  randomStandardNormal,
  truncatedNormal,
  randomUniform,
  randomUniformInt,
  randomGamma,
} from "./values-of-size.js";
export default { ...tf, ...ofArrays, ...ofSize, broadcastTo } as typeof tf;
