/**
 * What a cell gets for `@tensorflow/tfjs`: TensorFlow.js, with functions that its package has wrong and leaves no other
 * place to put right.
 */
import * as tf from "@tensorflow/tfjs";
import { broadcastTo as broadcast } from "../ops/broadcast.js";
import * as ofArrays from "./tensors-of-arrays.js";

/** As `tf.broadcastTo`, to axes of length 0 too. */
export const broadcastTo = ((x: tf.TensorLike, shape: number[]) =>
  broadcast(x instanceof tf.Tensor ? x : ofArrays.tensor(x), shape)) as typeof tf.broadcastTo;

export * from "@tensorflow/tfjs";
export { tensor, tensor1d, tensor2d, tensor3d, tensor4d, tensor5d, tensor6d } from "./tensors-of-arrays.js";
export default { ...tf, ...ofArrays, broadcastTo } as typeof tf;
