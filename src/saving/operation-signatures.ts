/** What an operation is called with, and, behind the bar, what it is made with (keras/src/ops). */
export const SIGNATURES: ReadonlyMap<string, { called: readonly string[]; made: readonly string[] }> =
  new Map(
    Object.entries({
      "x1 x2":
        "Add Subtract Multiply Divide Power Maximum Minimum FloorDivide Mod Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr",
      x: "Abs Sqrt Square Exp Log Log1p Expm1 Sin Cos Tan Tanh Sign Round Floor Ceil Negative Reciprocal LogicalNot Relu Relu6 Sigmoid Softplus Softsign Silu Selu Rsqrt Erf Isnan Isfinite",
      "x|axis keepdims": "Mean Sum Max Min Prod Std Var Logsumexp",
      "x|axis": "ExpandDims Squeeze Softmax LogSoftmax Stack Argmax Argmin Flip",
      "xs|axis": "Concatenate",
      "x|axes": "Transpose",
      "x|newshape": "Reshape",
      "x|dtype": "Cast",
      "x|x_min x_max": "Clip",
      "x|repeats": "Tile",
      "x|negative_slope": "LeakyRelu",
      "condition x1 x2": "Where",
    }).flatMap(([signature, names]) => {
      const [called = "", made = ""] = signature.split("|");
      const list = (text: string) => text.split(" ").filter((name) => name !== "");
      return names.split(" ").map((name) => [name, { called: list(called), made: list(made) }] as const);
    }),
  );
