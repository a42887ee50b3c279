import * as tf from "@tensorflow/tfjs";
import { transposedMap, type AxisMap } from "./linear-map.js";

interface Resize {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/**
 * Resizing is linear along each axis. The kernels of TensorFlow.js ignore half-pixel centers, and those of cpu
 * exchange height and width.
 */
export const resizeGradients: readonly tf.GradConfig[] = [
  resizeGradient("ResizeBilinear", bilinear),
  resizeGradient("ResizeNearestNeighbor", nearest),
];

function resizeGradient(
  kernelName: string,
  map: (inputs: number, outputs: number, attributes: Resize) => AxisMap,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["images"],
    gradFunc: (dy, [images], attrs) => ({
      images: () => {
        const attributes = attrs as unknown as Resize;
        return [1, 2].reduce(
          (gradient, axis) =>
            transposedMap(gradient, axis, map(images!.shape[axis]!, gradient.shape[axis]!, attributes)),
          dy as tf.Tensor,
        );
      },
    }),
  };
}

function ratio(inputs: number, outputs: number, { alignCorners }: Resize): number {
  return alignCorners && outputs > 1 ? (inputs - 1) / (outputs - 1) : inputs / outputs;
}

function bilinear(inputs: number, outputs: number, attributes: Resize): AxisMap {
  const scale = ratio(inputs, outputs, attributes);
  const rows = Array.from({ length: outputs }, (_, o) => {
    const at = attributes.halfPixelCenters ? scale * (o + 0.5) - 0.5 : scale * o;
    const low = Math.max(0, Math.floor(at));
    const high = Math.min(inputs - 1, Math.ceil(at));
    const part = at - low;
    return low === high || high < low
      ? ([[low, 1]] as const)
      : ([
          [low, 1 - part],
          [high, part],
        ] as const);
  });
  return { inputs, rows };
}

function nearest(inputs: number, outputs: number, attributes: Resize): AxisMap {
  const scale = ratio(inputs, outputs, attributes);
  const rows = Array.from({ length: outputs }, (_, o) => {
    const at = attributes.halfPixelCenters ? scale * (o + 0.5) : scale * o;
    const index = attributes.alignCorners ? Math.round(at) : Math.floor(at);
    return [[Math.min(inputs - 1, Math.max(0, index)), 1]] as const;
  });
  return { inputs, rows };
}
