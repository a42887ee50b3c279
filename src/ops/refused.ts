import { LayerError } from "../keras/finding.js";
import { operation, type Operation } from "./operation.js";

const COMPLEX = "it returns complex numbers, which the kernels of TensorFlow.js do not take further";
export const FUNCTION =
  "a Python function is one of its arguments, and a file has of that no more than a name or compiled code, which is never run";
const COUNTED = "how much it returns is known only from its data, which no layer behind it can be built for";

/** Operations of Keras that no layer here can stand for, each with the reason. */
export const REFUSED: readonly Operation[] = Object.entries({
  Polar: COMPLEX,
  ViewAsComplex: COMPLEX,
  Eig: COMPLEX,
  Nonzero: COUNTED,
  Argwhere: COUNTED,
  Unique: COUNTED,
  ElasticTransform: "it moves pixels by random numbers as Keras's back end draws them",
  ...Object.fromEntries(
    "Map Scan AssociativeScan VectorizedMap Cond Switch ForiLoop WhileLoop JVP"
      .split(" ")
      .map((name) => [name, FUNCTION]),
  ),
  View: "it reads the bits of numbers as numbers of another type, which tensors here do not keep",
}).map(([name, why]) =>
  operation(name, "x", () => {
    throw new LayerError(
      "C08",
      undefined,
      `the operation ${name}`,
      why,
      `Write what the model needs of it as a layer of that name: %register_custom ${name} = (x) => ..., or in code registerCustom("${name}", (x) => ...).`,
    );
  }),
);
