/** The types of what a cell gets for `@tensorflow/tfjs`: the package's own, documented there, and `using` of a tensor. */
import * as tf from "@tensorflow/tfjs";
import "./disposable.js";

export * from "@tensorflow/tfjs";
export default tf;
