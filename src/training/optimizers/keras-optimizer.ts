import * as tf from "@tensorflow/tfjs";
import { f32, type StepContext } from "./rule.js";
import type { OptimizerSpec } from "./table.js";
import { usesAdam } from "./muon.js";
import { clipped } from "./clip.js";
import { divided, type Gradient, type Lookups, rowsLookedUp, sizesOf, squaresOf } from "./gradient.js";

/** What an optimizer keeps for one variable: slots by Keras's names. */
export type SlotVariables = Record<string, tf.Variable>;

/** Slot of the running average of the variable (`use_ema`). */
export const AVERAGE = "average";
/** Slot of gradients added up (`gradient_accumulation_steps`). */
export const ACCUMULATOR = "gradient_accumulator";

/**
 * A Keras optimizer: moves variables by Keras's own rules, from restored state or from none. `fit` takes it like any
 * other `tf.Optimizer`. Follows keras/optimizers/base_optimizer.py, tf_keras/optimizers/optimizer.py and
 * tf_keras/optimizers/legacy/optimizer_v2.py.
 */
export class KerasOptimizer extends tf.Optimizer {
  static className = "KerasOptimizer";

  /** tfjs takes anything that minimizes for one of its optimizers. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && #slots in value;
  }

  /** Batches seen: Keras's `iterations`. */
  batches = 0;
  #rate: number;
  readonly scalars: Record<string, number>;
  /** The scale of a LossScaleOptimizer, and its steps since it last grew. */
  lossScale: { scale: number; steps: number } | null;
  readonly #slots = new Map<string, SlotVariables>();
  readonly #paths = new Map<string, string>();

  constructor(readonly spec: OptimizerSpec) {
    super();
    this.#rate = spec.settings.learningRate;
    this.scalars = { ...spec.rule.scalars };
    this.lossScale = spec.lossScale && { scale: spec.lossScale.initial, steps: 0 };
  }

  /** Of the next step, but for `decay`; set to change it. */
  get learningRate(): number {
    const { schedule } = this.spec;
    return schedule ? f32(schedule(this.batches)) : this.#rate;
  }

  /** @throws TypeError where a schedule changes it, as Keras does */
  set learningRate(rate: number) {
    if (this.spec.schedule)
      throw new TypeError(
        "The learning rate follows the schedule that the model was saved with, and cannot be set. " +
          "To set it, load with --no-optimizer and compile with an optimizer of your own.",
      );
    this.#rate = rate;
  }

  override get iterations(): number {
    return this.batches;
  }

  /** The slots of a variable, made when they are first asked for. */
  slotsOf(variable: tf.Variable): SlotVariables {
    const known = this.#slots.get(variable.name);
    if (known) return known;
    const made = Object.fromEntries(
      this.slotSpecs(variable).map(({ name, shape, initial }) => {
        const value = initial === "variable" ? tf.clone(variable) : tf.fill([...shape], initial ?? 0);
        const slot = tf.variable(value, false);
        value.dispose();
        return [name, slot];
      }),
    );
    this.#slots.set(variable.name, made);
    return made;
  }

  /** Those of the rule, and those of averaging and accumulation before them, as Keras makes them. */
  slotSpecs(variable: tf.Variable) {
    const { rule, settings, generation } = this.spec;
    const { shape } = variable;
    const initial = generation === "keras2" ? ("variable" as const) : 0;
    return [
      ...(settings.emaMomentum === null ? [] : [{ name: AVERAGE, shape, initial }]),
      ...(settings.accumulationSteps > 1 ? [{ name: ACCUMULATOR, shape, initial: 0 }] : []),
      ...rule.slots(shape, this.#paths.get(variable.name) ?? ""),
    ];
  }

  /** Says where a variable stands in the model; some rules go by it. */
  name(variable: tf.Variable, path: string): void {
    this.#paths.set(variable.name, path);
  }

  override minimize(f: () => tf.Scalar, returnCost = false, variables?: tf.Variable[]): tf.Scalar | null {
    return this.minimizeTables(f, () => null, returnCost, variables);
  }

  /**
   * One step, as `minimize`, where some variables are tables.
   * @param lookups what each look-up in a table added to its gradient, by the variable's name, after `f` has run; null
   *   for other variables
   */
  minimizeTables(
    f: () => tf.Scalar,
    lookups: (name: string) => Lookups | null,
    returnCost = false,
    variables?: tf.Variable[],
  ): tf.Scalar | null {
    // Gradients of 16 bits are of the scaled loss: too large for them, they become infinite, and the step is left out.
    const scale = this.lossScale?.scale ?? 1;
    let cost: tf.Scalar | null = null;
    const scaled = () => {
      const loss = f();
      if (returnCost) cost = tf.keep(tf.clone(loss));
      return scale === 1 ? loss : tf.mul(loss, scale).asScalar();
    };
    const { value, grads } = tf.variableGrads(scaled, variables);
    tf.tidy(() => {
      const pairs = (variables ?? []).flatMap((variable) => {
        const sum = grads[variable.name];
        const own = sum ? lookups(variable.name) : null;
        const gradient = sum && { sum, ...(own ? { lookups: own } : {}) };
        return gradient ? [{ variable, gradient: scale === 1 ? gradient : divided(gradient, scale) }] : [];
      });
      this.#apply(pairs);
    });
    tf.dispose([grads, value]);
    return cost;
  }

  override applyGradients(gradients: tf.NamedTensorMap | { name: string; tensor: tf.Tensor }[]): void {
    const list = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const known = tf.engine().registeredVariables;
    tf.tidy(() =>
      this.#apply(list.map(({ name, tensor }) => ({ variable: known[name]!, gradient: { sum: tensor } }))),
    );
  }

  /** The rate of the next step. */
  currentRate(): number {
    const { settings } = this.spec;
    const rate = f32(this.learningRate);
    return settings.decay > 0 ? rate / (1 + settings.decay * this.batches) : rate;
  }

  /** Puts averages in the place of variables, as Keras does when training ends (`finalize_variable_values`). */
  finalize(variables: readonly tf.Variable[]): void {
    if (this.spec.settings.emaMomentum === null || this.batches === 0) return;
    for (const variable of variables) variable.assign(this.slotsOf(variable)[AVERAGE]!);
  }

  override dispose(): void {
    for (const slots of this.#slots.values()) tf.dispose(slots);
    this.#slots.clear();
  }

  getConfig() {
    return { ...this.spec.config } as tf.serialization.ConfigDict;
  }

  #apply(pairs: readonly Pair[]): void {
    if (pairs.length === 0 || !this.#scaleFits(pairs)) return;
    const { accumulationSteps } = this.spec.settings;
    if (accumulationSteps === 1) this.#step(pairs, this.batches + 1);
    else this.#accumulate(pairs, accumulationSteps);
    this.#average(pairs);
    this.batches++;
  }

  /** False for a step that a LossScaleOptimizer leaves out: gradients that are not finite. */
  #scaleFits(pairs: readonly Pair[]): boolean {
    const state = this.lossScale;
    if (!state) return true;
    const finite = pairs.every(({ gradient }) => tf.all(tf.isFinite(gradient.sum)).dataSync()[0] === 1);
    const grows = finite && state.steps === this.spec.lossScale!.growthSteps - 1;
    state.steps = finite && !grows ? state.steps + 1 : 0;
    if (grows) state.scale *= 2;
    if (!finite) state.scale /= 2;
    return finite;
  }

  #accumulate(pairs: readonly Pair[], steps: number): void {
    const sums = pairs.map(({ variable, gradient }) => {
      const accumulator = this.slotsOf(variable)[ACCUMULATOR]!;
      return { variable, gradient: tf.add(accumulator, gradient.sum), accumulator };
    });
    if ((this.batches + 1) % steps !== 0) {
      for (const { accumulator, gradient } of sums) accumulator.assign(gradient);
      return;
    }
    const means = sums.map(({ variable, gradient }) => ({
      variable,
      gradient: { sum: tf.div(gradient, steps) },
    }));
    this.#step(means, Math.floor(this.batches / steps) + 1);
    for (const { accumulator } of sums) accumulator.assign(tf.zerosLike(accumulator));
  }

  #step(pairs: readonly Pair[], t: number): void {
    const { rule, settings, generation } = this.spec;
    const step: StepContext = { t, learningRate: this.currentRate(), scalars: this.scalars };
    rule.advance?.(step);
    const gradients = clipped(
      pairs.map(({ gradient }) => gradient),
      settings,
      generation,
    );
    pairs.forEach(({ variable }, i) => {
      this.#decay(variable, step.learningRate);
      const slots = this.slotsOf(variable);
      const gradient = gradients[i]!;
      const next = rule.update({
        gradient: gradient.sum,
        // Few rules look at them.
        get squares() {
          return squaresOf(gradient, generation);
        },
        get sizes() {
          return sizesOf(gradient, generation);
        },
        variable,
        path: this.#paths.get(variable.name) ?? "",
        slots,
        step,
      });
      const [moves, keeps] = this.#lazily(gradient);
      variable.assign(moves(variable, next.variable));
      for (const [name, value] of Object.entries(next.slots ?? {}))
        slots[name]!.assign(keeps(slots[name]!, value));
    });
  }

  /**
   * Before Keras 2.11 some optimizers leave rows of a table alone that were not looked up, and what they keep for
   * them (`_resource_apply_sparse`). @returns what becomes of the variable, and of its slots
   */
  #lazily({ sum, lookups }: Gradient): readonly [Mix, Mix] {
    const { className, config, generation } = this.spec;
    const all: Mix = (_, next) => next;
    const momentum = Number(config["momentum"] ?? 0) !== 0;
    const lazy = LAZY.has(className) || (momentum && (className === "SGD" || /^RMSprop$/i.test(className)));
    if (!lookups || generation !== "legacy" || !(lazy || className === "Nadam")) return [all, all];
    const rows = rowsLookedUp(lookups, sum.shape[0]!);
    const some: Mix = (old, next) =>
      next.shape[0] === sum.shape[0] ? tf.add(old, tf.mul(rows, tf.sub(next, old))) : next;
    return [some, lazy ? some : all];
  }

  #decay(variable: tf.Variable, rate: number): void {
    const { settings, config, className } = this.spec;
    const path = this.#paths.get(variable.name) ?? "";
    const adamDecay = config["adam_weight_decay"];
    const byAdam = className === "Muon" && usesAdam(config, variable.shape, path);
    const own = settings.decaySchedule?.(this.batches) ?? settings.weightDecay;
    const decay = byAdam && typeof adamDecay === "number" ? adamDecay : own;
    if (decay === 0 || settings.undecayed(path)) return;
    variable.assign(tf.sub(variable, tf.mul(variable, settings.decayByRate ? decay * rate : decay)));
  }

  #average(pairs: readonly Pair[]): void {
    const { emaMomentum, emaFrequency, accumulationSteps } = this.spec.settings;
    if (emaMomentum === null) return;
    // Batches whose gradients are added up count as one (Keras's `iterations`), and each of them averages.
    const steps = Math.floor(this.batches / accumulationSteps);
    const decay = this.spec.generation === "keras3" && steps === 0 ? 0 : emaMomentum;
    const overwrites = emaFrequency !== null && (steps + 1) % emaFrequency === 0;
    for (const { variable } of pairs) {
      const average = this.slotsOf(variable)[AVERAGE]!;
      average.assign(tf.add(tf.mul(average, decay), tf.mul(variable, 1 - decay)));
      if (overwrites) variable.assign(average);
    }
  }
}

interface Pair {
  readonly variable: tf.Variable;
  readonly gradient: Gradient;
}

type Mix = (old: tf.Tensor, next: tf.Tensor) => tf.Tensor;

const LAZY = new Set(["Adadelta", "Adamax", "LazyAdam"]);
