/**
 * What a cell gets for `@tensorflow/tfjs-node` and `@tensorflow/tfjs-node-gpu`: TensorFlow.js over the kernel's back
 * ends, with what these packages add to it (tfjs-node 4.22, src/index.ts).
 */
import tf from "../tfjs/index.js";
import { loadPictureDecoders } from "../graph/decode-picture.js";
import * as node from "./node.js";
import { fileSystem } from "../runtime/model-files.js";

// Decoding is synchronous there.
await loadPictureDecoders();

export * from "../tfjs/index.js";
export { node };
export const io = { ...tf.io, fileSystem };
export default { ...tf, io, node } as typeof tf & { readonly io: typeof io; readonly node: typeof node };
