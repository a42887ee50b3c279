import * as tf from "@tensorflow/tfjs";
import { dilateFilter, dilationsOf, tapsOf } from "../dilated-filter.js";
import { runKernel } from "./run-kernel.js";

interface Convolution {
  readonly dilations?: unknown;
  readonly strides: unknown;
  readonly pad: unknown;
  readonly dataFormat?: string;
  readonly dimRoundingMode?: string;
}

/** A dilated convolution is one by a filter with zeros in it: its gradients are, too. */
export const dilatedGradients: readonly tf.GradConfig[] = [
  gradient("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"),
  gradient(
    "DepthwiseConv2dNative",
    "DepthwiseConv2dNativeBackpropInput",
    "DepthwiseConv2dNativeBackpropFilter",
  ),
];

function gradient(kernelName: string, toInput: string, toFilter: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["x", "filter"],
    gradFunc: (dy, [x, filter], attrs) => {
      const given = attrs as unknown as Convolution;
      const dilations = dilationsOf(given.dilations, 2);
      const dilated = dilations.some((dilation) => dilation > 1);
      if (dilated && given.dataFormat === "NCHW") {
        throw new Error(`The gradient of a dilated ${kernelName} is known for NHWC, not for NCHW.`);
      }
      const whole = (dilated ? dilateFilter(filter as tf.Tensor4D, dilations) : filter) as tf.Tensor4D;
      const plain = { ...given, dilations: [1, 1] };
      const gradientOfFilter = () =>
        runKernel<tf.Tensor4D>(
          toFilter,
          { x: x!, dy: dy as tf.Tensor },
          { ...plain, filterShape: whole.shape },
        );
      return {
        x: () =>
          runKernel(toInput, { dy: dy as tf.Tensor, filter: whole }, { ...plain, inputShape: x!.shape }),
        filter: () => (dilated ? tapsOf(gradientOfFilter(), dilations) : gradientOfFilter()),
      };
    },
  };
}
