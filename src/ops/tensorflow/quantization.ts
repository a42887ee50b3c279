import type * as tf from "@tensorflow/tfjs";
import { flag, graphTensor, real, text, whole, type Attribute } from "../graph-op.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { float, number } from "../values.js";

const ROUND_TRIP =
  "input input_min input_max signed_input num_bits range_given round_mode name narrow_range axis";

/** tensorflow/python/ops: what training with quantization in mind computes. */
export const TENSORFLOW_QUANTIZATION: TensorFlowFunctions = {
  "quantization.fake_quant_with_min_max_args": [
    "inputs min max num_bits narrow_range",
    (values) =>
      graphTensor("FakeQuantWithMinMaxArgs", [float(values["inputs"])], {
        ...grid(values),
        min: real(number(values["min"], -6)),
        max: real(number(values["max"], 6)),
      }),
  ],
  "quantization.fake_quant_with_min_max_vars": [
    "inputs min max num_bits narrow_range",
    (values) => between("FakeQuantWithMinMaxVars", values),
  ],
  "quantization.fake_quant_with_min_max_vars_per_channel": [
    "inputs min max num_bits narrow_range",
    (values) => between("FakeQuantWithMinMaxVarsPerChannel", values),
  ],
  "quantization.quantize_and_dequantize": [ROUND_TRIP, roundTrip],
  "quantization.quantize_and_dequantize_v2": [ROUND_TRIP, roundTrip],
};

function grid(values: Values): Record<string, Attribute> {
  return {
    num_bits: whole(number(values["num_bits"], 8)),
    narrow_range: flag(values["narrow_range"] === true),
  };
}

function between(op: string, values: Values): tf.Tensor {
  return graphTensor(op, [float(values["inputs"]), float(values["min"]), float(values["max"])], grid(values));
}

function roundTrip(values: Values): tf.Tensor {
  const inputs = ["input", "input_min", "input_max"].map((name) => float(values[name]));
  return graphTensor("QuantizeAndDequantizeV2", inputs, {
    ...grid(values),
    signed_input: flag(values["signed_input"] !== false),
    range_given: flag(values["range_given"] === true),
    round_mode: text(typeof values["round_mode"] === "string" ? values["round_mode"] : "HALF_TO_EVEN"),
    axis: whole(number(values["axis"], -1)),
  });
}
