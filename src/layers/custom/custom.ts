import * as tf from "@tensorflow/tfjs";
import type { LayerDefinition } from "../registry.js";
import { fromClass, type CustomLayerClass } from "./user-class.js";
import { fromCall, type CustomLayerCall } from "./user-function.js";

/** What neither a function nor the file says. */
export interface CustomLayerOptions {
  /**
   * Whether what it returns has the mask of its input, as where Keras's class sets `supports_masking`; a class that
   * overrides `computeMask` says it there. Default: the mask ends, as in Keras.
   */
  readonly supportsMasking?: boolean;
}

/**
 * A definition from what a user registered. The output shape is found by a trial run where the class does not
 * override `computeOutputShape`.
 * @param className the class as the file names it, `MyAttention` or `pkg>MyAttention`
 */
export function customLayer(
  className: string,
  implementation: CustomLayerClass | CustomLayerCall,
  { supportsMasking }: CustomLayerOptions = {},
): LayerDefinition {
  return {
    className,
    majors: [1, 2, 3],
    arguments: ["*"],
    namedArguments: ["mask"],
    ownPlaces: true,
    create(spec, context) {
      const layer = isLayerClass(implementation)
        ? fromClass(implementation, spec)
        : fromCall(implementation, spec, context);
      if (supportsMasking !== undefined) layer.supportsMasking = supportsMasking;
      ofUsers.set(layer, {
        computeMask: layer.computeMask.bind(layer),
        saysMasks:
          supportsMasking !== undefined || layer.computeMask !== tf.layers.Layer.prototype.computeMask,
      });
      // Masks are tensors of the graph here; TensorFlow.js, which asks in each run, has none to give.
      layer.computeMask = () => null as never;
      return layer;
    },
  };
}

interface OfUser {
  /** That of the class. */
  readonly computeMask: tf.layers.Layer["computeMask"];
  readonly saysMasks: boolean;
}

const ofUsers = new WeakMap<tf.layers.Layer, OfUser>();

/** Whether a layer was made by what a user registered. */
export function isOfUser(layer: tf.layers.Layer): boolean {
  return ofUsers.has(layer);
}

/** Whether it is known, of what a user registered, if it hands masks on: no file says so. */
export function saysMasks(layer: tf.layers.Layer): boolean {
  return layer.supportsMasking || (ofUsers.get(layer)?.saysMasks ?? false);
}

/** The `computeMask` of a user's layer; that of TensorFlow.js hands its mask on. Null where it makes none. */
export function maskingOf(layer: tf.layers.Layer): tf.layers.Layer["computeMask"] | null {
  const own = ofUsers.get(layer);
  return own && saysMasks(layer) ? own.computeMask : null;
}

export function isLayerClass(value: CustomLayerClass | CustomLayerCall): value is CustomLayerClass {
  return value.prototype instanceof tf.layers.Layer;
}
