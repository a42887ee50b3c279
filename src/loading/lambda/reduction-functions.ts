import * as tf from "@tensorflow/tfjs";
import { callText, define, direct, functions, type TensorFunction } from "./function-table.js";
import { asAxis, asNumber, asTensor, NotTranslated, numbersOf } from "./value.js";

// Functions that go along axes: sums, places of extremes, running sums.

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

function reduction(names: string, tfName: string, run: Reduction): void {
  direct(names, tfName, "x axis keepdims", ([x, axis, keep]) =>
    run(asTensor(x), asAxis(axis), keep === true),
  );
}

reduction("mean reduce_mean", "mean", tf.mean);
/** TensorFlow's mean of whole numbers, and that of Keras's backend, drops the rest. */
const mean = functions.get("mean")!;
for (const name of ["reduce_mean", "tf:mean", "K:mean"])
  define(name, {
    ...mean,
    text: (given) =>
      numbersOf(given[0]!) === "whole"
        ? `((x) => tf.cast(${mean.text([{ ...given[0]!, text: "x" }, ...given.slice(1)])}, x.dtype === "int32" ? "int32" : "float32"))(${given[0]!.text})`
        : mean.text(given),
    run: (given) => {
      const found = asTensor(mean.run(given));
      return asTensor(given[0]).dtype === "int32" ? tf.cast(found, "int32") : found;
    },
  });
reduction("sum reduce_sum", "sum", tf.sum);
reduction("max reduce_max amax", "max", tf.max);
reduction("min reduce_min amin", "min", tf.min);
reduction("prod reduce_prod", "prod", tf.prod);
reduction("logsumexp reduce_logsumexp", "logSumExp", tf.logSumExp);
reduction("all reduce_all", "all", (x, axis, keep) => tf.all(tf.cast(x, "bool"), axis, keep));
reduction("any reduce_any", "any", (x, axis, keep) => tf.any(tf.cast(x, "bool"), axis, keep));
define("var reduce_variance", {
  parameters: ["x", "axis", "keepdims"],
  result: "tensor",
  text: (given) => `${callText("moments", given)}.variance`,
  run: ([x, axis, keep]) => tf.moments(asTensor(x), asAxis(axis), keep === true).variance,
});
define("std reduce_std", {
  parameters: ["x", "axis", "keepdims"],
  result: "tensor",
  text: (given) => `tf.sqrt(${callText("moments", given)}.variance)`,
  run: ([x, axis, keep]) => tf.sqrt(tf.moments(asTensor(x), asAxis(axis), keep === true).variance),
});

/** The place of the largest or smallest: along the last axis in Keras's backend, the first in TensorFlow. */
function place(family: "" | "K:", name: "max" | "min", axis: number): void {
  const run = name === "max" ? tf.argMax : tf.argMin;
  define(`${family}arg${name}`, {
    parameters: ["x", "axis", "output_type"],
    result: "tensor",
    text: ([x, along]) => `tf.arg${name === "max" ? "Max" : "Min"}(${x!.text}, ${along?.text ?? axis})`,
    run: ([x, along]) => run(asTensor(x), asNumber(along ?? axis)),
  });
}
for (const name of ["max", "min"] as const) {
  place("", name, 0);
  place("K:", name, -1);
  // Without an axis these flatten.
  for (const family of ["ops", "np"])
    define(`${family}:arg${name}`, withAxis({ ...functions.get(`arg${name}`)!, parameters: ["x", "axis"] }));
}
direct("cumsum", "cumsum", "x axis", ([x, axis]) => tf.cumsum(asTensor(x), asNumber(axis ?? 0)));
direct("cumprod", "cumprod", "x axis", ([x, axis]) => tf.cumprod(asTensor(x), asNumber(axis ?? 0)));
for (const family of ["ops", "np"])
  for (const name of ["cumsum", "cumprod"]) define(`${family}:${name}`, withAxis(functions.get(name)!));
/** A function that does something else where no axis is given. */
function withAxis(definition: TensorFunction): TensorFunction {
  const needed = (axis: unknown) => {
    if (axis === undefined || axis === null) throw new NotTranslated("an axis that is not given");
  };
  return {
    ...definition,
    text: (given) => {
      needed(given[1]);
      return definition.text(given);
    },
    run: (given) => {
      needed(given[1]);
      return definition.run(given);
    },
  };
}
