import * as tf from "@tensorflow/tfjs";
import { withChange } from "../with-change.js";
import type { CallSignature, SignedLayer } from "./computed-layer.js";
import { putBetween } from "./create.js";

/** @param place of the call among those of the layer. @returns the layer itself, or, when an earlier call of it had other arguments, a layer that stands for this call. */
export function withSignature(layer: SignedLayer, place: number, signature: CallSignature): tf.layers.Layer {
  if (layer.inboundNodes.length === 0) layer.signature = signature;
  if (shapeOf(layer.signature) === shapeOf(signature)) return layer;
  return putBetween(new CallOfShared(layer, `${layer.name}_call_${place}`, signature));
}

/** The layer of the file that is called, where another stands for one of its calls. */
export function calledLayer(layer: tf.layers.Layer): tf.layers.Layer {
  return layer instanceof CallOfShared ? layer.shared : layer;
}

/** Runs a layer with the arguments of one of its calls. */
export function calledAs<T>(layer: SignedLayer, signature: CallSignature | null, run: () => T): T {
  const change = () => {
    const own = layer.signature;
    layer.signature = signature;
    return () => void (layer.signature = own);
  };
  return withChange(change, run);
}

/** The structure of a call without its tensors. */
function shapeOf(signature: CallSignature | null): string {
  return JSON.stringify(signature, (key, value: unknown) => (key === "ref" ? undefined : value));
}

/** One call of a shared layer whose calls differ in their arguments. The weights stay the shared layer's. */
class CallOfShared extends tf.layers.Layer {
  static readonly className: string = "CallOfShared";
  constructor(
    readonly shared: SignedLayer,
    name: string,
    readonly signature: CallSignature,
  ) {
    super({ name });
  }
  override getClassName(): string {
    return this.shared.getClassName();
  }
  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.asCalled(() => this.shared.computeOutputShape(inputShape));
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    return this.asCalled(() => this.shared.call(inputs, kwargs ?? {}));
  }
  /** The shared layer's own methods run, so that what watches them sees every call. */
  private asCalled<T>(run: () => T): T {
    return calledAs(this.shared, this.signature, run);
  }
}
