import type * as tf from "@tensorflow/tfjs";

/** A tensor that an optimizer keeps for each variable that it trains. */
export interface Slot {
  /** Keras's name for it: `momentum`, `velocity`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** What it holds before the first step: a number everywhere, or the variable's own value. Default 0. */
  readonly initial?: number | "variable";
}

/** What one step knows besides gradients. */
export interface StepContext {
  /** Steps done, counted from 1 with this one. */
  readonly t: number;
  readonly learningRate: number;
  /** Numbers that the rule keeps for all variables, such as Nadam's product of momenta. */
  readonly scalars: Record<string, number>;
}

/** One variable in one step. */
export interface Update {
  readonly gradient: tf.Tensor;
  /** Squares of the gradient: of its sum, or in Keras 3 of each look-up in a table, added up. */
  readonly squares: tf.Tensor;
  /** Its absolute values, likewise. */
  readonly sizes: tf.Tensor;
  readonly variable: tf.Tensor;
  /** Where the variable stands in the model: `dense/kernel`. */
  readonly path: string;
  readonly slots: Readonly<Record<string, tf.Tensor>>;
  readonly step: StepContext;
}

export interface Updated {
  readonly variable: tf.Tensor;
  /** Those that changed. */
  readonly slots?: Readonly<Record<string, tf.Tensor>>;
}

/** How an optimizer moves a variable: Keras's `update_step` as a pure function. */
export interface Rule {
  /** In the order in which Keras makes them for one variable. */
  slots(shape: readonly number[], path: string): readonly Slot[];
  /**
   * Slots that Keras makes variable by variable; the groups follow each other. All slots in one group if absent.
   */
  readonly groups?: readonly (readonly string[])[];
  /** Numbers kept for all variables, with what they are before the first step. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Brings the scalars to this step. */
  advance?(step: StepContext): void;
  update(update: Update): Updated;
  /** Finds scalars that no file stores, from the number of steps done and of variables. */
  resume?(steps: number, variables: number, scalars: Record<string, number>): void;
}

/** What Keras keeps as float32 before it computes with it. */
export const f32 = Math.fround;

/** A float32 power, as `beta ** step` is in Keras. */
export function power(base: number, exponent: number): number {
  return f32(f32(base) ** exponent);
}

/** One slot of the variable's shape for each name. */
export function likeVariable(...names: string[]): Rule["slots"] {
  return (shape) => names.map((name) => ({ name, shape }));
}
