import * as tf from "@tensorflow/tfjs";
import { elementTypeName } from "../../layers/arguments/element-types.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { float, tensor } from "../values.js";

/** Functions of fractions that take pictures of integers too: those become fractions, and afterwards integers again. */
export function asFractions(functions: TensorFlowFunctions): TensorFlowFunctions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, [parameters, compute]]) => [
      name,
      [
        `${parameters} name source`,
        (values: Values) => {
          const type = elementTypeName(values["source"]);
          if (type === null || !LARGEST.has(type)) return compute(values);
          const picture = parameters.split(" ")[0]!;
          const image = ofOtherType({ image: values[picture], dtype: "float32", source: type });
          const changed = compute({ ...values, [picture]: image }) as tf.Tensor;
          return ofOtherType({ image: changed, dtype: type, saturate: true, source: "float32" });
        },
      ],
    ]),
  );
}

/**
 * Integers fill their type, fractions lie between 0 and 1 (image_ops_impl.py `convert_image_dtype`).
 * `source` is the type of the image where the file says it; numbers of a type that nothing says are fractions.
 */
export function ofOtherType({ image, dtype, saturate, source }: Values): tf.Tensor {
  const x = float(image);
  const whole = image instanceof tf.Tensor && image.dtype !== "float32";
  const from = elementTypeName(source) ?? (whole ? null : "float32");
  const to = elementTypeName(dtype) ?? "float32";
  if (from === null) throw new Error("of which integer type the pictures are is not known");
  const cast = (value: tf.Tensor) => OPERATIONS.get("Cast")!.compute({ x: value, dtype: to }) as tf.Tensor;
  const [most, limit] = [LARGEST.get(from), LARGEST.get(to)];
  if (from === to) return tf.clone(tensor(image));
  if (most === undefined) {
    if (limit === undefined) return cast(x);
    const scaled = tf.mul(x, limit + 0.5);
    return cast(saturate === true ? tf.clipByValue(scaled, SIGNED.test(to) ? -limit - 1 : 0, limit) : scaled);
  }
  if (limit === undefined) return cast(tf.mul(x, 1 / most));
  if (most > limit) return cast(tf.floor(tf.div(x, Math.floor((most + 1) / (limit + 1)))));
  return cast(tf.mul(x, Math.floor((limit + 1) / (most + 1))));
}

const SIGNED = /^int/;

/** The largest number of each type of integers. */
const LARGEST: ReadonlyMap<string, number> = new Map(
  [8, 16, 32, 64].flatMap((bits) => [
    [`int${bits}`, 2 ** (bits - 1) - 1],
    [`uint${bits}`, 2 ** bits - 1],
  ]),
);
