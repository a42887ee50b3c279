/** The model library of loadlab: open a Keras model file, see what is wrong with it, load it. */
export * as tf from "@tensorflow/tfjs";
