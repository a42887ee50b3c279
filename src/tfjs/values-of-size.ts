import * as tf from "@tensorflow/tfjs";
import { withRoomForValues } from "../runtime/memory/out-of-memory.js";

export const zeros = ofShape("zeros", tf.zeros);
export const ones = ofShape("ones", tf.ones);
export const fill = ofShape("fill", tf.fill);
export const buffer = ofShape("buffer", tf.buffer);
export const randomNormal = ofShape("randomNormal", tf.randomNormal);
export const randomStandardNormal = ofShape("randomStandardNormal", tf.randomStandardNormal);
export const truncatedNormal = ofShape("truncatedNormal", tf.truncatedNormal);
export const randomUniform = ofShape("randomUniform", tf.randomUniform);
export const randomUniformInt = ofShape("randomUniformInt", tf.randomUniformInt);
export const randomGamma = ofShape("randomGamma", tf.randomGamma);

/**
 * TensorFlow.js makes their values in an array before any of its kernels is asked: one that is too long was `Invalid
 * typed array length`, and one that the machine has no memory for ended the process.
 */
function ofShape<T extends (shape: never, ...rest: never[]) => unknown>(name: string, make: T): T {
  const checked = (shape: unknown, ...rest: never[]) => {
    const run = () => make(shape as never, ...rest);
    if (!Array.isArray(shape)) return run();
    return withRoomForValues(`tf.${name}`, shape as number[], run);
  };
  return checked as unknown as T;
}
