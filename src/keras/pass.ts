import type * as tf from "@tensorflow/tfjs";
import type { KerasOrigin } from "../layers/registry.js";
import { callKey } from "./check-graph.js";
import type { TensorRef } from "./graph.js";
import { ImplicitMasks } from "./implicit-masks.js";

/** One way of data through a graph. */
export class Pass {
  /** What each call returned, by `callKey`; an input layer counts as its own call 0. */
  readonly results = new Map<string, tf.SymbolicTensor[]>();
  readonly masks: ImplicitMasks;

  constructor(origin: KerasOrigin) {
    this.masks = new ImplicitMasks(origin);
  }

  tensor(ref: TensorRef): tf.SymbolicTensor | null {
    return this.results.get(callKey(ref))?.[ref.tensorIndex] ?? null;
  }
}
