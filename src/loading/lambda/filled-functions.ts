import * as tf from "@tensorflow/tfjs";
import { define, functions } from "./function-table.js";
import { dtypeOf } from "./functions.js";
import { asNumber, asNumbers, asTensor } from "./value.js";

// New tensors of one number, and what they are made like.

for (const [name, run] of [
  ["zeros", tf.zeros],
  ["ones", tf.ones],
] as const)
  define(name, {
    parameters: ["shape", "dtype"],
    result: "tensor",
    text: ([shape, dtype]) =>
      `tf.${name}(${shape!.text}${dtype === undefined ? "" : `, ${dtype.constant === undefined ? dtype.text : JSON.stringify(dtypeOf(dtype.constant))}`})`,
    run: ([shape, dtype]) => run(asNumbers(shape), dtypeOf(dtype)),
  });
const cast = functions.get("cast")!;
for (const [name, tfName, run] of [
  ["zeros_like", "zerosLike", tf.zerosLike],
  ["ones_like", "onesLike", tf.onesLike],
] as const)
  define(name, {
    parameters: ["x", "dtype"],
    result: "tensor",
    text: ([x, dtype]) =>
      dtype === undefined || dtype.constant === null
        ? `tf.${tfName}(${x!.text})`
        : cast.text([{ ...x!, text: `tf.${tfName}(${x!.text})` }, dtype]),
    run: ([x, dtype]) => {
      const made = run(asTensor(x));
      return dtype === undefined || dtype === null ? made : cast.run([made, dtype]);
    },
  });
define("eye", {
  parameters: ["n", "dtype"],
  result: "tensor",
  text: ([n]) => `tf.eye(${n!.text})`,
  run: ([n]) => tf.eye(asNumber(n)),
});
