import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../computed-layer.js";
import { readingAs } from "../weights/reading-as.js";

export interface Rewriting {
  /** Variables of the wrapper itself, behind those of the layer; never trained. */
  state?(): readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** What the layer reads in place of a variable while it runs; null leaves the variable as it is. */
  weight(variable: tf.LayerVariable, state: (name: string) => tf.Tensor | null): tf.Tensor | null;
  /** What becomes of the layer's output. */
  after?(output: tf.Tensor, state: (name: string) => tf.Tensor | null): tf.Tensor;
}

/** A layer around one other that computes with changed weights: quantised, as long as a call lasts. */
export class RewrittenLayer extends tf.layers.Layer {
  static readonly className: string = "RewrittenLayer";
  private readonly own = new Map<string, tf.LayerVariable>();

  constructor(
    private readonly kerasClass: string,
    name: string,
    private readonly inner: tf.layers.Layer,
    private readonly rewriting: Rewriting,
  ) {
    super({ name });
  }

  override getClassName(): string {
    return this.kerasClass;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    if (!this.inner.built) {
      this.inner.build(inputShape as Shape);
      this.inner.built = true;
    }
    for (const { name, shape } of this.rewriting.state?.() ?? []) {
      const variable = this.addWeight(name, [...shape], "float32", tf.initializers.zeros(), undefined, false);
      this.own.set(name, variable);
    }
    this.trainableWeights = this.inner.trainableWeights;
    this.nonTrainableWeights = [...this.inner.nonTrainableWeights, ...this.own.values()];
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.inner.computeOutputShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    const x = Array.isArray(inputs) && inputs.length === 1 ? inputs[0]! : inputs;
    const state = (name: string) => this.own.get(name)?.read() ?? null;
    return tf.tidy(() => {
      // The layer reads its variables.
      const values = this.inner.weights.flatMap((variable) => {
        const value = this.rewriting.weight(variable, state);
        return value ? [[variable, () => value] as const] : [];
      });
      return readingAs(new Map(values), () => {
        const output = this.inner.call(x, kwargs) as tf.Tensor;
        return this.rewriting.after?.(output, state) ?? output;
      });
    });
  }
}
