import * as tf from "@tensorflow/tfjs";
import { define, direct, functions, unary } from "./function-table.js";
import { ofOneType, typedAlike } from "./number-types.js";
import { quotient, quotientText } from "./true-division.js";
import { asTensor } from "./value.js";

// Functions of each element by itself, or of two in the same place.

unary("abs fabs absolute", "abs", (x) => tf.abs(x));
unary("square", "square", (x) => tf.square(x));
unary("sqrt", "sqrt", (x) => tf.sqrt(x));
unary("rsqrt", "rsqrt", (x) => tf.rsqrt(x));
unary("exp", "exp", (x) => tf.exp(x));
unary("expm1", "expm1", (x) => tf.expm1(x));
unary("log", "log", (x) => tf.log(x));
unary("log1p", "log1p", (x) => tf.log1p(x));
unary("sin", "sin", (x) => tf.sin(x));
unary("cos", "cos", (x) => tf.cos(x));
unary("tan", "tan", (x) => tf.tan(x));
unary("tanh", "tanh", (x) => tf.tanh(x));
unary("atan arctan", "atan", (x) => tf.atan(x));
unary("sigmoid", "sigmoid", (x) => tf.sigmoid(x));
unary("elu", "elu", (x) => tf.elu(x));
unary("selu", "selu", (x) => tf.selu(x));
unary("relu6", "relu6", (x) => tf.relu6(x));
unary("softplus", "softplus", (x) => tf.softplus(x));
unary("sign", "sign", (x) => tf.sign(x));
unary("round", "round", (x) => tf.round(x));
unary("floor", "floor", (x) => tf.floor(x));
unary("ceil", "ceil", (x) => tf.ceil(x));
unary("neg negative", "neg", (x) => tf.neg(x));
unary("reciprocal", "reciprocal", (x) => tf.reciprocal(x));
unary("erf", "erf", (x) => tf.erf(x));
unary("logical_not", "logicalNot", (x) => tf.logicalNot(x));
function binary(names: string, tfName: string, run: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor): void {
  direct(names, tfName, "x y", ([x, y]) => run(...ofOneType(x, y)));
  for (const name of names.split(" ")) {
    const made = functions.get(name)!;
    functions.set(name, { ...made, text: ([x, y]) => made.text(typedAlike(x!, y!)) });
  }
}

binary("add", "add", (x, y) => tf.add(x, y));
binary("sub subtract", "sub", (x, y) => tf.sub(x, y));
binary("mul multiply", "mul", (x, y) => tf.mul(x, y));
define("div divide truediv true_divide realdiv", {
  parameters: ["x", "y"],
  result: "tensor",
  text: ([x, y]) => quotientText(x!, y!),
  run: ([x, y]) => quotient(asTensor(x), asTensor(y)),
});
binary("floordiv floor_divide", "floorDiv", (x, y) => tf.floorDiv(x, y));
binary("mod floormod", "mod", (x, y) => tf.mod(x, y));
binary("pow power", "pow", (x, y) => tf.pow(x, y));
binary("maximum", "maximum", (x, y) => tf.maximum(x, y));
binary("minimum", "minimum", (x, y) => tf.minimum(x, y));
binary("squared_difference", "squaredDifference", (x, y) => tf.squaredDifference(x, y));
binary("equal", "equal", (x, y) => tf.equal(x, y));
binary("not_equal", "notEqual", (x, y) => tf.notEqual(x, y));
binary("greater", "greater", (x, y) => tf.greater(x, y));
binary("greater_equal", "greaterEqual", (x, y) => tf.greaterEqual(x, y));
binary("less", "less", (x, y) => tf.less(x, y));
binary("less_equal", "lessEqual", (x, y) => tf.lessEqual(x, y));
binary("logical_and", "logicalAnd", (x, y) => tf.logicalAnd(x, y));
binary("logical_or", "logicalOr", (x, y) => tf.logicalOr(x, y));
