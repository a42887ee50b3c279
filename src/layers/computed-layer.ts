import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument } from "../keras/graph.js";
import { isObject } from "../keras/json.js";
import { calledAs, withSignature } from "./call-of-shared.js";
import { configOfTfjs, madeFrom } from "./made-from.js";
import { namedCall } from "./named-call.js";
import { constantShape, constantTensor, withConstantTensors } from "./arguments/constant-tensors.js";
import { saveAs } from "./weights/saved-value.js";
import { weightSettings } from "./weights/weight-settings.js";

/** A shape with null for what is known only when data arrives (the batch, mostly). */
export type Shape = (number | null)[];

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** False for what training by gradients leaves alone, such as moving averages; default true. */
  readonly trainable?: boolean;
  /** Where the config names no other; `forgetBias` is ones for the second of four gates, zeros for the others. */
  readonly initializer?: "zeros" | "ones" | "glorotUniform" | "orthogonal" | "forgetBias";
  readonly dtype?: "float32" | "int32" | "bool" | "string";
  /** What it starts with where no initializer tells, row by row. */
  readonly values?: readonly (number | string)[];
  /** A variable that stands already, of a layer held inside this one; it is taken in instead of made. */
  readonly variable?: tf.LayerVariable;
  /** What a saved model has instead, from the values of all weights; null leaves the variable out of it. */
  readonly saved?: ((weights: readonly tf.Tensor[]) => tf.Tensor) | null;
}

/** An argument of a call as `compute` gets it: tensors in place, the rest as saved. */
export type CallValue = tf.Tensor | JsonValue | readonly CallValue[] | { readonly [key: string]: CallValue };

/** How the tensors of a call, which tfjs passes as one flat list, make up its arguments. */
export interface CallSignature {
  readonly args: readonly CallArgument[];
  readonly kwargs: Readonly<Record<string, CallArgument>>;
}

export interface Running {
  /** Values of the weights, in the order of `weights`. */
  readonly weights: readonly tf.Tensor[];
  /** The same as variables, for layers that update their state. */
  readonly variables: readonly tf.LayerVariable[];
  readonly training: boolean;
  /** All positional arguments, those that are no tensors too. */
  readonly args: readonly CallValue[];
  /** Named arguments of the call: `mask`, `initial_state`, `use_causal_mask`. */
  readonly named: Readonly<Record<string, CallValue>>;
}

/** Stands between rows that were looked up in a table and what comes of them. */
export type LookupTap = (rows: tf.Tensor, ids: tf.Tensor) => tf.Tensor;

/** What a layer is, apart from tfjs's bookkeeping: its weights, its shapes, its arithmetic. */
export interface Computation {
  /** Variables in Keras's order; none where it is left out. */
  weights?(inputs: readonly Shape[]): readonly WeightSpec[];
  /** Said by layers that give out text, which tfjs would take for numbers; numbers unless given. */
  readonly outputDtype?: "string";
  /** Said by layers whose file has their weights quantised though their config does not say so. */
  readonly quantized?: boolean;
  /** Said by layers whose weights are stored in their order though some, quantised or adapted, do not train. */
  readonly storedInOrder?: boolean;
  /** Said by layers that a SavedModel computes: true where it alone has their weights, so that saving does not write them. */
  readonly weightsElsewhere?: boolean;
  /** Said by layers that look rows up in a weight of theirs, by its place, of which nothing else is made. */
  readonly lookups?: { readonly weight: number; tap: LookupTap | null };
  /** One shape, or a list of them for a layer with several outputs. */
  outputShape(inputs: readonly Shape[]): Shape | Shape[];
  /** Runs inside `tf.tidy`. `inputs` are the tensors of the positional arguments. */
  compute(inputs: readonly tf.Tensor[], layer: Running): tf.Tensor | tf.Tensor[];
  /** Set where the layer keeps tensors from one call to the next: forgets them. */
  reset?(): void;
}

/** A layer that knows which of a call's tensors, which tfjs passes as one flat list, is which argument. */
export interface SignedLayer extends tf.layers.Layer {
  /** That of its first call. */
  signature: CallSignature | null;
  callAs(
    signature: CallSignature | null,
    tensors: readonly tf.Tensor[],
    kwargs: Readonly<Record<string, unknown>>,
  ): tf.Tensor | tf.Tensor[];
  shapeAs(signature: CallSignature | null, shapes: readonly Shape[]): Shape | Shape[];
}

export function isSigned(layer: tf.layers.Layer): layer is SignedLayer {
  return "callAs" in layer;
}

/** A layer of tfjs whose computation is ours: every layer that tfjs lacks or has wrong is one of these. */
export class ComputedLayer extends tf.layers.Layer implements SignedLayer {
  static readonly className: string = "ComputedLayer";
  /** Set by the connecting when a call has named tensors or nested lists. */
  signature: CallSignature | null = null;
  protected readonly variables: tf.LayerVariable[] = [];

  constructor(
    private readonly kerasClass: string,
    private readonly args: {
      readonly name: string;
      readonly trainable?: boolean;
      readonly config?: Readonly<Record<string, JsonValue>>;
    },
    readonly computation: Computation,
  ) {
    super({ name: args.name, ...(args.trainable === undefined ? {} : { trainable: args.trainable }) });
  }

  override getClassName(): string {
    return this.kerasClass;
  }

  /** What it was made from, as layers of TensorFlow.js say it: `useBias`, and objects with `className` and `config`. */
  override getConfig(): tf.serialization.ConfigDict {
    const { dtype, ...config } = madeFrom(this)?.config ?? {};
    const policy = isObject(dtype) && isObject(dtype["config"]) ? dtype["config"]["name"] : dtype;
    return {
      ...super.getConfig(),
      ...configOfTfjs(typeof policy === "string" ? { ...config, dtype: policy } : config),
      name: this.name,
      trainable: this.trainable,
    };
  }

  /** Keras's names of what a call takes beside its inputs; null where nobody says. */
  namedArguments: readonly string[] | null = null;

  /** A call by hand: `apply(x, { initialState: [h, c] })`, `apply([q, v], { useCausalMask: true })`. */
  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    kwargs: Parameters<tf.layers.Layer["apply"]>[1] = {},
  ): ReturnType<tf.layers.Layer["apply"]> {
    const call = this.namedArguments && namedCall(this.name, inputs, kwargs, this.namedArguments);
    if (!call) return super.apply(inputs, kwargs);
    const { training, mask } = kwargs;
    const plain = {
      ...(training === undefined ? {} : { training }),
      ...(mask instanceof tf.Tensor ? { mask } : {}),
    };
    if (call.tensors[0] instanceof tf.SymbolicTensor) {
      const target = withSignature(this, this.inboundNodes.length, call.signature);
      const tensors = call.tensors as tf.SymbolicTensor[];
      return target === this ? super.apply(tensors, plain) : target.apply(tensors, plain);
    }
    return calledAs(this, call.signature, () => super.apply(call.tensors as tf.Tensor[], plain));
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { positional } = arrange<Shape>(this.signature, shapeList(inputShape), constantShape);
    const specs = this.computation.weights?.(positional) ?? [];
    for (const spec of specs) {
      if (spec.variable) {
        this.adopt(spec.variable);
        continue;
      }
      const { initializer, regularizer, constraint } = weightSettings(this.args.config ?? {}, spec.name);
      const variable = this.addWeight(
        spec.name,
        [...spec.shape],
        spec.dtype ?? "float32",
        (spec.initializer === "forgetBias" ? null : (initializer as Initializer)) ?? ownInitializer(spec),
        (regularizer ?? undefined) as Parameters<tf.layers.Layer["addWeight"]>[4],
        spec.trainable ?? true,
        (constraint ?? undefined) as Parameters<tf.layers.Layer["addWeight"]>[6],
        // Zeros that stand in until the stored weights come are no text.
        ...(spec.values ? [() => ownInitializer(spec)] : []),
      );
      this.variables.push(variable);
      const { saved } = spec;
      if (saved !== undefined) saveAs(variable, saved && (() => this.valued(saved)));
    }
    this.built = true;
  }

  private valued(compute: (weights: readonly tf.Tensor[]) => tf.Tensor): tf.Tensor {
    return tf.tidy(() => compute(this.variables.map((each) => each.read())));
  }

  private adopt(variable: tf.LayerVariable): void {
    this.variables.push(variable);
    if (variable.trainable) this._trainableWeights.push(variable);
    else this.nonTrainableWeights = [...this.nonTrainableWeights, variable];
  }

  override get weights(): tf.LayerVariable[] {
    return this.computation?.storedInOrder ? [...this.variables] : super.weights;
  }

  override get stateful(): boolean {
    return this.computation?.reset !== undefined;
  }

  /** Forgets what a stateful layer kept of the calls before, so that the next call starts anew. */
  override resetStates(): void {
    this.computation.reset?.();
  }

  override dispose(): ReturnType<tf.layers.Layer["dispose"]> {
    const result = super.dispose();
    if (result.refCountAfterDispose === 0) this.computation.reset?.();
    return result;
  }

  /** Whether numbers under a name such as `mask` stand for a tensor: a function takes them as they are. */
  protected readonly takesHeldTensors: boolean = true;

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.shapeAs(this.signature, shapeList(inputShape));
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const tensors = Array.isArray(inputs) ? inputs : [inputs];
      return this.callAs(this.signature, tensors, kwargs ?? {});
    });
  }

  /** Runs with another signature than the layer's own: one of several calls of a shared layer. */
  callAs(
    signature: CallSignature | null,
    tensors: readonly tf.Tensor[],
    kwargs: Readonly<Record<string, unknown>>,
  ): tf.Tensor | tf.Tensor[] {
    const { positional, args, named: saved } = arrange(signature, tensors, constantTensor);
    const named = this.takesHeldTensors ? withConstantTensors(saved, positional) : saved;
    const mask = kwargs["mask"];
    return this.computation.compute(positional, {
      args,
      weights: this.variables.map((variable) => variable.read()),
      variables: this.variables,
      training: named["training"] === false ? false : Boolean(kwargs["training"] || named["training"]),
      named: mask instanceof tf.Tensor && !("mask" in named) ? { ...named, mask } : named,
    });
  }

  /** The shapes of the positional tensors among those of a whole call. */
  shapeAs(signature: CallSignature | null, shapes: readonly Shape[]): Shape | Shape[] {
    return this.computation.outputShape(arrange<Shape>(signature, shapes, constantShape).positional);
  }
}

type Initializer = Parameters<tf.layers.Layer["addWeight"]>[3];

function ownInitializer({ initializer = "zeros", values, dtype }: WeightSpec): Initializer {
  if (values)
    return {
      apply: (shape: tf.Shape) => tf.tensor([...values] as number[], shape as number[], dtype),
    } as Initializer;
  if (initializer !== "forgetBias") return tf.initializers[initializer]({}) as Initializer;
  const apply = ([size]: tf.Shape) =>
    tf.tensor1d(Array.from({ length: size! }, (_, i) => (i >= size! / 4 && i < size! / 2 ? 1 : 0)));
  return { apply } as unknown as Initializer;
}

/**
 * Puts a flat list of a call's tensors (or of their shapes) back where the signature has them.
 * @param made what stands for a tensor whose numbers the signature holds
 */
export function arrange<T = tf.Tensor>(
  signature: CallSignature | null,
  tensors: readonly T[],
  made: (numbers: JsonValue) => T,
): { positional: T[]; args: CallValue[]; named: Record<string, CallValue> } {
  if (signature === null) return { positional: [...tensors], args: [...tensors] as CallValue[], named: {} };
  let next = 0;
  const positional: T[] = [];
  const place = (argument: CallArgument, counted: boolean): CallValue => {
    switch (argument.kind) {
      case "tensor": {
        const tensor = tensors[next++]!;
        if (counted) positional.push(tensor);
        return tensor as CallValue;
      }
      case "list":
        return argument.items.map((item) => place(item, counted));
      case "dict":
        return Object.fromEntries(
          Object.entries(argument.items).map(([key, item]) => [key, place(item, counted)]),
        );
      case "constant": {
        if (!argument.tensor) return argument.value;
        const tensor = made(argument.value);
        if (counted) positional.push(tensor);
        return tensor as CallValue;
      }
    }
  };
  const args = signature.args.map((argument) => place(argument, true));
  const named: Record<string, CallValue> = {};
  for (const [key, argument] of Object.entries(signature.kwargs)) named[key] = place(argument, false);
  return { positional, args, named };
}

/** tfjs passes one shape for one input and a list for several. */
export function shapeList(shape: tf.Shape | tf.Shape[]): Shape[] {
  const nested = shape.length > 0 && Array.isArray(shape[0]);
  return (nested ? shape : [shape]) as Shape[];
}
