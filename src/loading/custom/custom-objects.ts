import type * as tf from "@tensorflow/tfjs";
import { registerGraphOp, type CustomOp } from "../../graph/custom-ops.js";
import { KERNELS } from "../../graph/kernels/table.js";
import { activationNames, registerActivation } from "../../layers/activations.js";
import { customLayer, isLayerClass, type CustomLayerOptions } from "../../layers/custom/custom.js";
import type { CustomLayerClass } from "../../layers/custom/user-class.js";
import type { CustomLayerCall } from "../../layers/custom/user-function.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { forgetFunction } from "./custom-functions.js";

export type { CustomLayerOptions } from "../../layers/custom/custom.js";

/** A layer class of the user, or a function for a layer or Lambda. */
export type CustomObject = CustomLayerClass | CustomLayerCall;

/** Classes and functions that users registered, by the name that files have for them. */
const registered = new Map<string, LayerDefinition>();
/** Those of them whose code the user wrote. */
const written = new Set<string>();

/**
 * Makes a class or function known to every load from now on, also to one that waits for it.
 *
 * A class extends `tf.layers.Layer`; it is constructed with the saved config, its `build(inputShape)` is called, and
 * its weights are bound to the stored ones by order. A function `(inputs, { weights, config, training }) => outputs`
 * does for layers whose variables need no names. For an operation of a graph, a function takes
 * `(inputs, { name, attributes })`, with the inputs in a list; for an activation, a tensor.
 *
 * A file can never register or replace anything: only this call can.
 *
 * @param name as the file has it: `MyAttention`, `package>MyAttention`, or a Lambda layer's name
 * @throws TypeError when it is neither a layer's class nor a function
 */
export function registerCustom(
  name: string,
  implementation: CustomObject,
  options: CustomLayerOptions = {},
): void {
  if (typeof implementation !== "function") {
    throw new TypeError(
      `registerCustom("${name}", ...) takes a class that extends tf.layers.Layer or a function, not ${typeof implementation}.`,
    );
  }
  if (isOtherClass(implementation)) {
    throw new TypeError(
      `registerCustom("${name}", ...): the class ${implementation.name} extends no tf.layers.Layer of the TensorFlow.js that loads the model.`,
    );
  }
  registered.set(name, customLayer(name, implementation, options));
  written.add(name);
  if (isLayerClass(implementation)) return;
  // A graph may name an operation so, a layer its activation. Those that are known stay what they are.
  if (!KERNELS.has(name)) registerGraphOp(name, asOperation(implementation));
  if (!activationNames().includes(name))
    registerActivation(name, implementation as (x: tf.Tensor) => tf.Tensor);
}

/** A class that can be no layer: it cannot be called in place of one either. */
function isOtherClass(implementation: CustomObject): boolean {
  return !isLayerClass(implementation) && /^class\b/.test(Function.prototype.toString.call(implementation));
}

/** As a graph calls it: all inputs in a list, and what the file says of the op. */
function asOperation(implementation: CustomLayerCall): CustomOp {
  const run = implementation as unknown as CustomOp;
  return (inputs, call) => run(inputs, call);
}

/** Registers a layer of the known collection under a name of its own or of a file. */
export function registerKnown(name: string, definition: LayerDefinition): void {
  registered.set(name, definition);
  written.delete(name);
}

/** Forgets every registration of a name, of whatever kind. @returns false when there was none */
export function unregisterCustom(name: string): boolean {
  const functions = forgetFunction(name);
  registerGraphOp(name, null);
  registerActivation(name, null);
  written.delete(name);
  return registered.delete(name) || functions;
}

/** What is registered now; the map is live. */
export function customObjects(): ReadonlyMap<string, LayerDefinition> {
  return registered;
}

/** Whether a class is registered whose code the user wrote: it may print, or be stopped in. */
export function isWrittenByUser(className: string): boolean {
  return written.has(className);
}
