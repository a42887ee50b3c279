import * as tf from "@tensorflow/tfjs";
import { graphTensor } from "../graph-op.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { float } from "../values.js";

/** tensorflow/python/ops/special_math_ops.py and math_ops.py: the special functions, by the kernels of graphs. */
export const TENSORFLOW_SPECIAL: TensorFlowFunctions = {
  "math.ndtri": ["x", of("Ndtri")],
  "math.igamma": ["a x", of("Igamma")],
  "math.igammac": ["a x", of("Igammac")],
  "math.betainc": ["a b x", of("Betainc")],
  "math.zeta": ["x q", of("Zeta")],
  "math.polygamma": ["a x", of("Polygamma")],
  "math.nextafter": ["x1 x2", of("NextAfter")],
  "math.bessel_i0e": ["x", of("BesselI0e")],
  "math.bessel_i1": ["x", of("BesselI1")],
  "math.bessel_i1e": ["x", of("BesselI1e")],
  ...Object.fromEntries(
    ["Dawsn", "Expint", "FresnelCos", "FresnelSin", "Spence"]
      .concat(["BesselI0", "BesselI1", "BesselI0e", "BesselI1e", "BesselJ0", "BesselJ1"])
      .concat(["BesselK0", "BesselK0e", "BesselK1", "BesselK1e", "BesselY0", "BesselY1"])
      .map((op) => [`math.special.${underscored(op)}`, ["x", of(op)]]),
  ),
  "math.erfcinv": ["x", erfcinv],
  "math.lbeta": ["x", lbeta],
};

/** `BesselK0e` is `bessel_k0e`. */
function underscored(op: string): string {
  return op.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
}

function of(op: string): (values: Values) => tf.Tensor {
  return (values) =>
    graphTensor(
      op,
      Object.values(values).flatMap((x) => (x === null || x === undefined ? [] : [float(x)])),
    );
}

function erfcinv({ x }: Values): tf.Tensor {
  return tf.mul(graphTensor("Ndtri", [tf.div(float(x), 2)]), -Math.SQRT1_2);
}

/** The logarithm of the beta function over the last axis; of no number, that of an empty sum. */
function lbeta({ x }: Values): tf.Tensor {
  const value = float(x);
  return tf.sub(tf.sum(graphTensor("Lgamma", [value]), -1), graphTensor("Lgamma", [tf.sum(value, -1)]));
}
