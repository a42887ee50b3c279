import * as tf from "@tensorflow/tfjs";
import { calledLayer } from "../layers/call-of-shared.js";
import { callsInOrder } from "./call-order.js";
import { PassOn } from "./distinct-tensors.js";
import { inOneRun } from "./one-run.js";
import { shapeList } from "../layers/computed-layer.js";

/**
 * A model as tfjs has it, that also predicts from what tfjs's own `predict` refuses: text, vectors [batch] without
 * another axis, and inputs by their names. Those are computed in one batch.
 */
export class KerasModel extends tf.LayersModel {
  /** The same layers with a mask for each input besides; made where a model around this one has masks for it. */
  masked: tf.LayersModel | null = null;
  #shared: tf.SymbolicTensor[] | null = null;

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    const model = Array.isArray(inputs) && inputs.length > this.inputs.length ? this.masked : null;
    return inOneRun(() => {
      if (model) return model.call(inputs, kwargs);
      return kwargs["training"] === true ? this.#train(inputs, kwargs) : super.call(inputs, kwargs);
    });
  }

  /** Layers that are called more than once are asked for their calls first, in Keras's order. */
  #train(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    const shared = (this.#shared ??= callsInOrder(this, {
      has: (layer, index) => this.containerNodes.has(`${layer.name}_ib-${index}`),
      passesOn: (layer) => layer instanceof PassOn,
      called: calledLayer,
    }));
    if (shared.length === 0) return super.call(inputs, kwargs);
    const { outputs } = this;
    const asked = [...new Set([...shared, ...outputs])];
    try {
      this.outputs = asked;
      const results = [super.call(inputs, kwargs)].flat();
      const own = outputs.map((output) => results[asked.indexOf(output)]!);
      return own.length === 1 ? own[0]! : own;
    } finally {
      this.outputs = outputs;
    }
  }

  override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    const list = shapeList(shape);
    const own = list.slice(0, this.inputs.length) as tf.Shape[];
    const known = this.outputs.map((output) => output.shape);
    const outputs = known.length === 1 ? known[0]! : known;
    if (own.every((one, i) => tf.util.arraysEqual(one as number[], this.inputs[i]!.shape as number[])))
      return outputs;
    try {
      return super.computeOutputShape(own.length === 1 ? own[0]! : own);
    } catch {
      // tfjs asks each layer by the shapes alone; what was found when the layers were called leaves more open.
      return outputs;
    }
  }

  /**
   * @param inputs one tensor, a list in the order of the model's inputs, or tensors by the inputs' names
   * @throws RangeError that names an input that is missing, or one without samples
   */
  override predict(
    inputs: tf.Tensor | tf.Tensor[] | tf.NamedTensorMap,
    args: Parameters<tf.LayersModel["predict"]>[1] = {},
  ): tf.Tensor | tf.Tensor[] {
    const list =
      inputs instanceof tf.Tensor ? [inputs] : Array.isArray(inputs) ? inputs : this.inNamedOrder(inputs);
    const empty = list.findIndex((x) => x.shape[0] === 0);
    if (empty >= 0)
      throw new RangeError(
        `The model's input "${this.inputNames[empty] ?? empty}" got [${list[empty]!.shape.join(", ")}]: predict needs at least one sample.`,
      );
    if (!list.some((x) => x.dtype === "string" || x.rank < 2)) {
      return inOneRun(() => super.predict(list.length === 1 ? list[0]! : list, args));
    }
    return tf.tidy(() => this.apply(this.inShape(list), { training: false }) as tf.Tensor | tf.Tensor[]);
  }

  /** tfjs counts each call of a layer and takes back one: a layer that the model calls twice would stay in memory. */
  override dispose(): ReturnType<tf.LayersModel["dispose"]> {
    const result = super.dispose();
    if (result.refCountAfterDispose !== 0) return result;
    for (const layer of this.layers) {
      const calls = layer.inboundNodes.filter((_, i) => this.containerNodes.has(`${layer.name}_ib-${i}`));
      for (let more = calls.length - 1; more > 0; more--) {
        const { refCountAfterDispose, numDisposedVariables } = layer.dispose();
        result.numDisposedVariables += numDisposedVariables;
        if (refCountAfterDispose === 0) break;
      }
    }
    return result;
  }

  private inNamedOrder(named: tf.NamedTensorMap): tf.Tensor[] {
    return this.inputNames.map((name) => {
      const tensor = named[name];
      if (tensor) return tensor;
      const given = Object.keys(named).join(", ");
      throw new RangeError(`The model's input "${name}" is missing; given: ${given || "none"}.`);
    });
  }

  /** A vector for an input [batch, 1] gets the axis that tfjs's `predict` gives it. */
  private inShape(list: readonly tf.Tensor[]): tf.Tensor[] {
    if (list.length !== this.inputs.length) {
      throw new RangeError(
        `The model takes ${this.inputs.length} inputs (${this.inputNames.join(", ")}), not ${list.length}.`,
      );
    }
    return list.map((x, i) => (x.rank + 1 === this.inputs[i]!.shape.length ? tf.expandDims(x, -1) : x));
  }
}
