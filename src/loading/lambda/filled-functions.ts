import * as tf from "@tensorflow/tfjs";
import { callText, define, functions } from "./function-table.js";
import { dtypeOf } from "./functions.js";
import { asNumber, asShape, asTensor, NotTranslated, shapeText, type Term } from "./value.js";

// New tensors of one number, and what they are made like.

for (const [name, run] of [
  ["zeros", tf.zeros],
  ["ones", tf.ones],
] as const)
  define(name, {
    parameters: ["shape", "dtype"],
    result: "tensor",
    text: ([shape, dtype]) =>
      `tf.${name}(${shapeText(shape)}${dtype === undefined ? "" : `, ${dtype.constant === undefined ? dtype.text : JSON.stringify(dtypeOf(dtype.constant))}`})`,
    run: ([shape, dtype]) => run(asShape(shape), dtypeOf(dtype)),
  });
const cast = functions.get("cast")!;
define("convert_to_tensor", {
  parameters: ["x", "dtype"],
  result: "tensor",
  text: ([x, dtype]) =>
    isGiven(dtype) ? cast.text([{ ...x!, text: tensorText(x!) }, dtype]) : tensorText(x!),
  run: ([x, dtype]) => (dtype === undefined || dtype === null ? asTensor(x) : cast.run([asTensor(x), dtype])),
});

function tensorText(value: Term): string {
  const ofTensors = value.kind === "list" && value.items !== undefined && value.constant === undefined;
  return ofTensors ? `tf.stack(${value.text})` : functions.get("constant")!.text([value]);
}

function isGiven(term: Term | undefined): boolean {
  return term !== undefined && term.constant !== null;
}
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
/** NumPy's and Keras's `identity` is a matrix, TensorFlow's is what it is given. */
define("K:eye ops:identity np:identity", {
  parameters: ["n", "dtype"],
  result: "tensor",
  text: ([n]) => `tf.eye(${n!.text})`,
  run: ([n]) => tf.eye(asNumber(n)),
});
define("eye", {
  parameters: ["n", "columns", "k", "dtype"],
  result: "tensor",
  text: ([n, columns, k]) => {
    // TensorFlow has a batch in its place.
    if (k !== undefined) throw new NotTranslated("a matrix with ones beside its diagonal, or several");
    return callText("eye", [n, columns]);
  },
  run: ([n, columns]) =>
    tf.eye(asNumber(n), columns === undefined || columns === null ? undefined : asNumber(columns)),
});
