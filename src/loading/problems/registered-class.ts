import type { LayerSpec } from "../../keras/graph.js";
import { customObjects } from "../custom/custom-objects.js";
import { subjectOf } from "../custom/definitions.js";
import type { Remedy } from "../problem.js";

/** Under which name a layer's class or function is registered. */
export function registeredName(spec: LayerSpec): string {
  const names = [subjectOf(spec), spec.registeredName ?? ""];
  return names.find((one) => customObjects().has(one)) ?? subjectOf(spec);
}

/** For a class of the user's own that does not work: the cell again, then on from the layer. */
export function registerAgain(name: string): Remedy {
  return {
    id: "register",
    title: "Correct the class and run its cell again, then go on with %step",
    fidelity: "equivalent",
    command: `%%register_custom ${name}`,
    code: `registerCustom(${JSON.stringify(name)}, ...)`,
  };
}
