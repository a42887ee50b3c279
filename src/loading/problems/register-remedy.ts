import type { Remedy } from "../problem.js";

/** What only the user can do: to write what the class computes. */
export function registerRemedy(name: string): Remedy {
  return {
    id: "register",
    title: "Register a class or a function for it",
    fidelity: "equivalent",
    command: `%%register_custom ${name}`,
    code: `registerCustom(${JSON.stringify(name)}, class extends tf.layers.Layer { ... })`,
  };
}

/** Shows a class with what the file tells of it: its arguments, its weights and what it is called on. */
export function skeletonRemedy(name: string): Remedy {
  return {
    id: "skeleton",
    title: "See a skeleton of the class",
    fidelity: "equivalent",
    command: `%register_custom ${name}`,
  };
}
