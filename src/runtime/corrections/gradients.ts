import * as tf from "@tensorflow/tfjs";
import { einsumGradient } from "./einsum.js";

/** Gradients that TensorFlow.js lacks or has wrong, on every back end. */
const GRADIENTS: readonly tf.GradConfig[] = [einsumGradient];

let done = false;

/** Puts them in the place of TensorFlow.js's own, once. */
export function correctGradients(): void {
  if (done) return;
  done = true;
  for (const gradient of GRADIENTS) {
    if (tf.getGradient(gradient.kernelName)) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}
