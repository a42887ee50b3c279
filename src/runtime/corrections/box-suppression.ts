import * as tf from "@tensorflow/tfjs";
import { chooseBoxes } from "../../ops/images/box-suppression.js";

type Image = typeof tf.image;
type Boxes = tf.Tensor2D | tf.TensorLike;
type Scores = tf.Tensor1D | tf.TensorLike;

/**
 * Two ways of choosing boxes in which TensorFlow.js 4.22.0 differs from TensorFlow: it pads to the number of boxes instead
 * of to `maxOutputSize`, and with a sigma above 0 it still drops what overlaps beyond the threshold.
 */
export function suppressAsTensorFlow(): void {
  const image = tf.image as { -readonly [name in keyof Image]: Image[name] };
  image.nonMaxSuppressionPadded = (boxes, scores, ...rest) =>
    padded(...valuesSync(boxes, scores), ...rest) as never;
  image.nonMaxSuppressionPaddedAsync = async (boxes, scores, ...rest) =>
    padded(...(await values(boxes, scores)), ...rest) as never;
  image.nonMaxSuppressionWithScore = (boxes, scores, ...rest) =>
    withScore(...valuesSync(boxes, scores), ...rest) as never;
  image.nonMaxSuppressionWithScoreAsync = async (boxes, scores, ...rest) =>
    withScore(...(await values(boxes, scores)), ...rest) as never;
}

type Numbers = ArrayLike<number>;

function padded(
  boxes: Numbers,
  scores: Numbers,
  most: number,
  overlap = 0.5,
  least = -Infinity,
  padToMaxOutputSize = false,
): Record<"selectedIndices" | "validOutputs", tf.Tensor> {
  const indices = chooseBoxes(boxes, scores, most, overlap, least).map(({ index }) => index);
  const validOutputs = tf.scalar(indices.length, "int32");
  if (padToMaxOutputSize) while (indices.length < most) indices.push(0);
  return { selectedIndices: tf.tensor1d(indices, "int32"), validOutputs };
}

function withScore(
  boxes: Numbers,
  scores: Numbers,
  most: number,
  overlap = 0.5,
  least = -Infinity,
  sigma = 0,
): Record<"selectedIndices" | "selectedScores", tf.Tensor> {
  const chosen = chooseBoxes(boxes, scores, most, overlap, least, sigma);
  return {
    selectedIndices: tf.tensor1d(
      chosen.map(({ index }) => index),
      "int32",
    ),
    selectedScores: tf.tensor1d(
      chosen.map(({ score }) => score),
      "float32",
    ),
  };
}

/** Both as tensors of the shapes that belong together. */
function checked(boxes: Boxes, scores: Scores): [tf.Tensor, tf.Tensor] {
  const pair: [tf.Tensor, tf.Tensor] = [asTensor(boxes), asTensor(scores)];
  const [{ shape }, { shape: scored }] = pair;
  if (shape.length !== 2 || shape[1] !== 4 || scored.length !== 1 || scored[0] !== shape[0])
    throw new Error(`Boxes are [count, 4] with scores [count], not [${shape}] with [${scored}].`);
  return pair;
}

function asTensor(given: tf.Tensor | tf.TensorLike): tf.Tensor {
  return given instanceof tf.Tensor ? given : tf.tensor(given as number[]);
}

function valuesSync(boxes: Boxes, scores: Scores): [Numbers, Numbers] {
  return tf.tidy(() => {
    const [a, b] = checked(boxes, scores);
    return [a.dataSync(), b.dataSync()] as never;
  }) as unknown as [Numbers, Numbers];
}

async function values(boxes: Boxes, scores: Scores): Promise<[Numbers, Numbers]> {
  const pair = checked(boxes, scores);
  const read = await Promise.all([pair[0].data(), pair[1].data()]);
  for (const [i, given] of [boxes, scores].entries()) if (given !== pair[i]) pair[i]!.dispose();
  return read as [Numbers, Numbers];
}
