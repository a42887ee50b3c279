import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel } from "./kernel.js";

interface Blocks {
  readonly blockShape: number[];
}

/**
 * Blocks of pixels to batches and back, by transposes. The kernels of wasm compute the place of each number, those of
 * webgpu stop at four axes.
 */
export function moveBlocks(backendName: string): void {
  replaceKernel(backendName, "SpaceToBatchND", () =>
    composed<Blocks & { paddings: [number, number][] }>(({ x }, attrs) => toBatches(x!, attrs)),
  );
  replaceKernel(backendName, "BatchToSpaceND", () =>
    composed<Blocks & { crops: number[][] }>(({ x }, attrs) => fromBatches(x!, attrs)),
  );
}

/** Channels to blocks of pixels, in the same way. */
export function moveDepth(backendName: string): void {
  replaceKernel(backendName, "DepthToSpace", (own) => (args) => {
    const { dataFormat } = args.attrs as { dataFormat?: string };
    if (dataFormat === "NCHW") return own(args);
    return composed<{ blockSize: number }>(({ x }, { blockSize }) => fromDepth(x!, blockSize))(args);
  });
}

function toBatches(
  x: tf.Tensor,
  { blockShape, paddings }: Blocks & { readonly paddings: [number, number][] },
): tf.Tensor {
  const none = x.shape.map((): [number, number] => [0, 0]);
  const padded = tf.pad(x, [none[0]!, ...paddings, ...none.slice(1 + paddings.length)]);
  const { inBlocks, order, whole } = shapes(padded.shape, blockShape, false);
  return tf.reshape(tf.transpose(tf.reshape(padded, inBlocks), order), whole);
}

function fromBatches(
  x: tf.Tensor,
  { blockShape, crops }: Blocks & { readonly crops: number[][] },
): tf.Tensor {
  const { inBlocks, order, whole } = shapes(x.shape, blockShape, true);
  const spread = tf.reshape(tf.transpose(tf.reshape(x, inBlocks), order), whole);
  const begin = tf.backend_util.getSliceBeginCoords(crops, blockShape.length);
  return tf.slice(spread, begin, tf.backend_util.getSliceSize(whole, crops, blockShape.length));
}

/** As TensorFlow.js counts them for all back ends (tfjs-core, array_ops_util.ts). */
function shapes(
  shape: number[],
  blockShape: number[],
  toSpace: boolean,
): { inBlocks: number[]; order: number[]; whole: number[] } {
  const count = blockShape.reduce((a, b) => a * b, 1);
  const inBlocks = tf.backend_util.getReshaped(shape, blockShape, count, toSpace);
  const order = tf.backend_util.getPermuted(inBlocks.length, blockShape.length, toSpace);
  const whole = tf.backend_util.getReshapedPermuted(shape, blockShape, count, toSpace);
  return { inBlocks, order, whole };
}

/** x [batch, height, width, size x size x channels] */
function fromDepth(x: tf.Tensor, size: number): tf.Tensor {
  const [batch, height, width, depth] = x.shape as [number, number, number, number];
  const channels = depth / (size * size);
  const blocks = tf.reshape(x, [batch, height, width, size, size, channels]);
  const turned = tf.transpose(blocks, [0, 1, 3, 2, 4, 5]);
  return tf.reshape(turned, [batch, height * size, width * size, channels]);
}
