import * as tf from "@tensorflow/tfjs";
import { ComputedLayer, shapeList, type Shape } from "../layers/computed-layer.js";
import type { KerasOrigin, LayerDefinition } from "../layers/registry.js";
import { isOfUser, saysMasks } from "../layers/custom/custom.js";
import { isOperation } from "../layers/resolve.js";
import { underTensorName } from "./apply-call.js";
import { callKey } from "./check-graph.js";
import { maskOfClass } from "./class-masks.js";
import { distinctTensors } from "./distinct-tensors.js";
import type { CallArgument, LayerCall, LayerSpec, TensorRef } from "./graph.js";
import { referencesOf } from "./read-functional.js";

/** Layers of Keras 2 that hand the mask of their input on (`supports_masking` without a `compute_mask`). */
const HAND_ON = new Set([
  "Activation",
  "ActivityRegularization",
  "AlphaDropout",
  "BatchNormalization",
  "BatchNormalizationV1",
  "BatchNormalizationV2",
  "Dense",
  "Dropout",
  "ELU",
  "GaussianDropout",
  "GaussianNoise",
  "Identity",
  "LayerNormalization",
  "LeakyReLU",
  "MultiHeadAttention",
  "PReLU",
  "ReLU",
  "Softmax",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
  "ThresholdedReLU",
  "TimeDistributed",
  "UnitNormalization",
  // Of public packages (src/layers/known).
  "EmbeddingSim",
  "EmbeddingSimilarity",
  "FeedForward",
  "PositionEmbedding",
  "ScaledDotProductAttention",
  "SeqSelfAttention",
  "TaskEmbedding",
  "TrigPosEmbedding",
  "keras_hub>TransformerDecoder",
  "keras_hub>TransformerEncoder",
  "keras_nlp>TransformerDecoder",
  "keras_nlp>TransformerEncoder",
]);

/** Layers of Keras 3 that hand the mask of their input on, over those of Keras 2. */
const HAND_ON_IN_3 = new Set([
  ...HAND_ON,
  "GroupNormalization",
  "GroupQueryAttention",
  "GroupedQueryAttention",
  "Normalization",
  "Rescaling",
]);

/** Layers that return what they are given, the same tensor, when a model predicts: it has one mask under both names. */
const PASS_ON = /^(ActivityRegularization|Identity|\w*Dropout|\w*Dropout[123]D|GaussianNoise)$/;

const MERGES = new Set(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]);
const RECURRENT = /^(SimpleRNN|LSTM|GRU|RNN|Bidirectional|ConvLSTM[123]D|CuDNN\w+|Unified\w+)(V[12])?$/;

/** The minor version of Keras 3. */
const TAKES_OFF_SINCE = 8;
const MERGES_BY_MASK_SINCE = 4;

/** Keras 3 itself hands no mask on to a call that names other tensors, such as initial_state (layer.py). */
export function masksStopAtStates({ major, version }: KerasOrigin): boolean {
  return major === 3 && !(version ?? "").includes("loadlab");
}

/** A mask that is made where something asks for it: most have no reader. */
type Mask = () => tf.SymbolicTensor;

type Masks = readonly (Mask | null)[];

/** A further argument of a call, with the tensors that belong to it. */
interface MaskArguments {
  readonly kwargs: Record<string, CallArgument>;
  readonly tensors: readonly tf.SymbolicTensor[];
}

const NONE: MaskArguments = { kwargs: {}, tensors: [] };
const TENSOR: CallArgument = { kind: "tensor", ref: { layer: "", nodeIndex: 0, tensorIndex: 0 } };

/**
 * Masks as every Keras carries them along with the tensors. Keras 1 and 2 never write them into the config; Keras 3
 * writes those that it knew of when the call was made, which leaves out the masks of what a nested model is called
 * on. Here they become tensors of the graph, so that each layer gets exactly its own.
 */
export class ImplicitMasks {
  /** By the call that returned the tensors, then by their index. */
  private readonly masks = new Map<string, Map<number, Mask>>();
  private readonly single: boolean;
  private readonly major: number;
  /** Keras 2 gives attention the masks of its inputs since 2.10 (tf_keras/layers/attention/multi_head_attention.py). */
  private readonly attends: boolean;
  /**
   * MultiHeadAttention takes the masks off the tensors that it is called on, for the calls that come after it, since
   * Keras 3.8 (keras/layers/attention/multi_head_attention.py).
   */
  private readonly takesOff: boolean;
  /** Whether Multiply, Maximum and Minimum leave out what a mask does. */
  private readonly merges: boolean;
  /** By the call of a layer that passes its input on: that input. */
  private readonly passedOn = new Map<string, TensorRef>();
  /** Layers of the user's, by their paths, behind which a mask is gone though they do not say so. */
  readonly endedAt = new Set<string>();

  constructor(origin: KerasOrigin) {
    this.single = masksStopAtStates(origin);
    this.major = origin.major;
    const minor = Number.parseInt((origin.version ?? "").split(".")[1] ?? "", 10);
    this.attends = origin.major === 3 || !(minor < 10);
    this.merges = origin.major === 3 && !(minor < MERGES_BY_MASK_SINCE);
    this.takesOff =
      origin.major === 3 && !(minor < TAKES_OFF_SINCE) && !(origin.version ?? "").includes("loadlab");
  }

  /** The mask of a tensor, null where it has none. */
  of(given: TensorRef): Mask | null {
    const ref = this.origin(given);
    return this.masks.get(callKey(ref))?.get(ref.tensorIndex) ?? null;
  }

  /** The tensor that a name stands for, where layers passed it on. */
  private origin(ref: TensorRef): TensorRef {
    const from = this.passedOn.get(callKey(ref));
    return from ? this.origin(from) : ref;
  }

  /** Gives a tensor a mask from outside: the input of a nested model. */
  give(ref: TensorRef, mask: Mask): void {
    const call = callKey(ref);
    this.masks.set(call, (this.masks.get(call) ?? new Map<number, Mask>()).set(ref.tensorIndex, mask));
  }

  /** Forgets the masks of what a call returned, by its `callKey`. */
  forget(call: string): void {
    this.masks.delete(call);
  }

  /** The masks of what a nested model is called on, in the order of its inputs; empty where none has one. */
  forModel(call: LayerCall, inputs: readonly tf.SymbolicTensor[]): Masks {
    const given = call.kwargs["mask"];
    const data = referencesOf({ ...call, kwargs: {} });
    const own = given ? referencesOf({ ...call, args: [given], kwargs: {} }) : [];
    const from = data.length + placeOf(call, "mask");
    const masks =
      own.length === data.length
        ? own.map((_, i) => () => inputs[from + i]!)
        : data.map((ref) => this.of(ref));
    return masks.some((mask) => mask !== null) ? masks : [];
  }

  /** The mask arguments that Keras would add to a call, as further named arguments with their tensors. */
  argumentsFor(call: LayerCall, definition: LayerDefinition | null): MaskArguments {
    const named = definition?.namedArguments ?? [];
    if (named.includes("query_mask") && !this.attends) return NONE;
    if (definition?.callArguments?.some((name) => named.includes(`${name}_mask`)))
      return this.byArgument(call, definition, named);
    const others = referencesOf({ ...call, args: [] }).length;
    if (this.single && others > 0) return NONE;
    const masks = this.masksOf(call);
    const given = call.kwargs["mask"];
    if (masks.every((mask) => mask === null) || !named.includes("mask") || (given && !isNull(given)))
      return NONE;
    switch (definition?.className) {
      case "Attention":
      case "AdditiveAttention":
        return listed(masks.slice(0, 2));
      // Of public packages: the mask that counts is that of the key.
      case "MultiHeadAttention":
      case "ScaledDotProductAttention":
        if (masks.length > 1) return listed(masks);
        return { kwargs: { mask: TENSOR }, tensors: [masks[0]!()] };
      case "Multiply":
      case "Maximum":
      case "Minimum":
        return this.merges ? listed(masks) : NONE;
      default:
        return masks[0] ? { kwargs: { mask: TENSOR }, tensors: [masks[0]()] } : NONE;
    }
  }

  /** `query_mask`, `value_mask`, ... of the tensors that stand under those names or in their places. */
  private byArgument(call: LayerCall, definition: LayerDefinition, named: readonly string[]): MaskArguments {
    const found = (definition.callArguments ?? []).flatMap((name, i) => {
      const argument = call.args[i] ?? call.kwargs[name];
      const wanted = `${name}_mask`;
      const given = call.kwargs[wanted];
      if (argument?.kind !== "tensor" || !named.includes(wanted) || (given && !isNull(given))) return [];
      const mask = this.of(argument.ref);
      return mask ? [{ wanted, mask }] : [];
    });
    return {
      kwargs: Object.fromEntries(found.map(({ wanted }) => [wanted, TENSOR])),
      tensors: found.map(({ mask }) => mask()),
    };
  }

  /** Whether what a layer returns has a mask where its input has one. */
  handsOn(spec: LayerSpec): boolean {
    const className = registeredClass(spec);
    // `x * 0.5` is a Multiply too: an operation's result has no mask.
    if (this.major === 3 && isOperation(spec)) return false;
    if (MERGES.has(className) || /^(Concatenate|(Additive)?Attention)$/.test(className)) return true;
    const wrapped = spec.inner["layer"]?.[0];
    // What this gives out is the tensor of the layer within, with its mask.
    if (this.major === 3 && className === "SpectralNormalization" && wrapped) return this.handsOn(wrapped);
    return (this.major === 3 ? HAND_ON_IN_3 : HAND_ON).has(className);
  }

  /** Notes the masks of what a call returned. */
  note(
    spec: LayerSpec,
    call: LayerCall,
    inputs: readonly tf.SymbolicTensor[],
    outputs: number,
    layer: tf.layers.Layer,
  ): void {
    const mask = isOfUser(layer)
      ? this.maskAfterClass(spec, call, inputs, layer)
      : this.maskAfter(spec, call, inputs, layer);
    const data = referencesOf({ ...call, kwargs: {} });
    if (this.takesOff && PASS_ON.test(spec.className) && data[0]) this.passedOn.set(callKey(call), data[0]);
    if (this.takesOff && spec.className === "MultiHeadAttention") this.takeOff(call);
    if (!mask) return;
    const both = spec.className === "Bidirectional" && spec.config["merge_mode"] === null;
    for (let tensorIndex = 0; tensorIndex < (both ? Math.min(outputs, 2) : 1); tensorIndex++) {
      this.give({ layer: call.layer, nodeIndex: call.nodeIndex, tensorIndex }, mask);
    }
  }

  private takeOff(call: LayerCall): void {
    const { query, value, key } = call.kwargs;
    const named = [query, value, key].filter((argument) => argument !== undefined);
    for (const ref of referencesOf({ ...call, args: [...call.args, ...named], kwargs: {} })) {
      const from = this.origin(ref);
      this.masks.get(callKey(from))?.delete(from.tensorIndex);
    }
  }

  private masksOf(call: LayerCall): Masks {
    return referencesOf({ ...call, kwargs: {} }).map((ref) => this.of(ref));
  }

  private maskAfter(
    spec: LayerSpec,
    call: LayerCall,
    inputs: readonly tf.SymbolicTensor[],
    layer: tf.layers.Layer,
  ): Mask | null {
    const { className, config } = spec;
    if (this.major === 3 && isOperation(spec)) return null;
    const own = maskOfData(registeredClass(spec), config);
    if (own) return later(() => maskLayer(maskName(spec, call), inputs.slice(0, 1), own));
    const wrapped = spec.inner["layer"]?.[0];
    const inside =
      className === "TimeDistributed" && wrapped ? maskOfData(wrapped.className, wrapped.config) : null;
    if (inside && this.major < 3)
      return later(() => maskLayer(maskName(spec, call), inputs.slice(0, 1), inside));
    const given = call.kwargs["mask"];
    const at = referencesOf({ ...call, kwargs: {} }).length + placeOf(call, "mask");
    const masks = given?.kind === "tensor" && this.major === 3 ? [() => inputs[at]!] : this.masksOf(call);
    if (masks.every((mask) => mask === null)) return null;
    if (RECURRENT.test(className)) return sequences(spec) ? (masks[0] ?? null) : null;
    if (MERGES.has(className)) return this.merged(spec, call, masks);
    if (className === "Concatenate") return this.concatenated(spec, call, masks, inputs);
    if (className === "TimeDistributed" && this.major < 3)
      return ofSteps(spec, call, masks[0]!, inputs, layer);
    return this.handsOn(spec) ? (masks[0] ?? null) : null;
  }

  /** What the class says; it may make a mask where its input has none. */
  private maskAfterClass(
    spec: LayerSpec,
    call: LayerCall,
    inputs: readonly tf.SymbolicTensor[],
    layer: tf.layers.Layer,
  ): Mask | null {
    const data = inputs.slice(0, referencesOf({ ...call, kwargs: {} }).length);
    const [mask = null] = this.masksOf(call).filter((one) => one !== null);
    const tensors = mask ? [...data, mask()] : data;
    const made = maskOfClass(layer, tensors, mask !== null);
    if (made === null && mask && !saysMasks(layer)) this.endedAt.add(spec.path);
    return made && later(() => maskLayer(maskName(spec, call), tensors, made));
  }

  /** Keras 2 keeps what all masks keep; Keras 3 what any keeps, and nothing where an input has no mask. */
  private merged(spec: LayerSpec, call: LayerCall, masks: Masks): Mask | null {
    const present = masks.filter((mask) => mask !== null);
    if (this.major === 3 && present.length < masks.length) return null;
    if (present.length === 1) return present[0]!;
    const join = this.major === 3 ? tf.maximum : tf.mul;
    return later(() =>
      maskLayer(
        maskName(spec, call),
        present.map((mask) => mask()),
        { compute: (list) => list.map((m) => tf.cast(m, "float32")).reduce((a, b) => join(a, b)) },
      ),
    );
  }

  /** merging/concatenate.py: masks laid out like their inputs and joined; an input without one counts whole. */
  private concatenated(
    spec: LayerSpec,
    call: LayerCall,
    masks: Masks,
    inputs: readonly tf.SymbolicTensor[],
  ): Mask {
    const axis = typeof spec.config["axis"] === "number" ? spec.config["axis"] : -1;
    const any = this.major === 3;
    return later(() => {
      const data = inputs.slice(0, masks.length);
      const present = masks.flatMap((mask) => (mask ? [mask()] : []));
      return maskLayer(maskName(spec, call), [...data, ...present], {
        until: -1,
        shape: (shapes) => {
          const rank = shapes[0]!.length;
          const at = axis < 0 ? axis + rank : axis;
          const own = shapes.slice(0, data.length);
          const length = own.reduce<number | null>(
            (n, x) => (n === null || x[at] == null ? null : n + x[at]),
            0,
          );
          return shapes[0]!.slice(0, -1).map((n, i) => (i === at ? length : n));
        },
        compute: (list) => {
          let next = data.length;
          const whole = masks.map((mask, i) => {
            const ones = tf.ones(list[i]!.shape);
            if (!mask) return ones;
            const kept = tf.cast(list[next++]!, "float32");
            return tf.mul(ones, kept.rank < ones.rank ? tf.expandDims(kept, -1) : kept);
          });
          const joined = tf.concat(whole, axis < 0 ? axis + whole[0]!.rank : axis);
          return any ? tf.max(joined, -1) : tf.min(joined, -1);
        },
      });
    });
  }
}

/** Layers with `mask_zero`, those of public packages among them. */
const MASKS_ZERO =
  /^(Embedding|EmbeddingRet|TokenEmbedding|(loadlab>)?ReversibleEmbedding|keras_(hub|nlp)>(ReversibleEmbedding|TokenAndPositionEmbedding))$/;

/** The class with the package that registered it, where that is one of the known ones. */
function registeredClass({ className, registeredName }: LayerSpec): string {
  const registered = className.includes(">") ? className : (registeredName ?? "");
  return /^keras_(hub|nlp)>/.test(registered) ? registered : className;
}

/** The masks that layers make of their data. */
function maskOfData(className: string, config: LayerSpec["config"]): MaskMaking | null {
  if (MASKS_ZERO.test(className) && config["mask_zero"] === true)
    return { compute: ([x]) => tf.notEqual(x!, 0) };
  if (className !== "Masking") return null;
  const value = typeof config["mask_value"] === "number" ? config["mask_value"] : 0;
  return { compute: ([x]) => tf.any(tf.notEqual(x!, value), -1), until: -1 };
}

function listed(masks: Masks): MaskArguments {
  const items = masks.map((mask) => (mask ? TENSOR : ({ kind: "constant", value: null } as const)));
  return {
    kwargs: { mask: { kind: "list", items } },
    tensors: masks.flatMap((mask) => (mask ? [mask()] : [])),
  };
}

/** A layer may be called several times in a model; the first call's mask is named as ever. */
export function maskName({ name }: LayerSpec, { nodeIndex }: LayerCall): string {
  return nodeIndex === 0 ? `${name}_mask` : `${name}_mask_${nodeIndex}`;
}

/**
 * Keras 2 keeps a step where any part of it is kept, once the wrapped layer has made one of the parts: a sentence that
 * has words. Keras 3 hands the mask on as it is.
 */
function ofSteps(
  spec: LayerSpec,
  call: LayerCall,
  mask: Mask,
  inputs: readonly tf.SymbolicTensor[],
  layer: tf.layers.Layer,
): Mask {
  return later(() => {
    const given = mask();
    const [output] = shapeList(layer.computeOutputShape(inputs[0]!.shape));
    const axes = given.shape.map((_, axis) => axis).slice(Math.max(2, output!.length - 1));
    if (axes.length === 0) return given;
    return maskLayer(maskName(spec, call), [given], {
      until: axes[0]!,
      compute: ([x]) => tf.max(tf.cast(x!, "float32"), axes),
    });
  });
}

/** Made once, however many layers ask for it. */
export function later(make: Mask): Mask {
  let made: tf.SymbolicTensor | null = null;
  return () => (made ??= make());
}

/** How many tensors of a call's named arguments come before those of one. */
function placeOf(call: LayerCall, name: string): number {
  let count = 0;
  for (const [key, argument] of Object.entries(call.kwargs)) {
    if (key === name) break;
    count += referencesOf({ ...call, args: [argument], kwargs: {} }).length;
  }
  return count;
}

function sequences(spec: LayerSpec): boolean {
  const config = spec.inner["layer"]?.[0]?.config ?? spec.config;
  return config["return_sequences"] === true;
}

function isNull(argument: CallArgument): boolean {
  return argument.kind === "constant" && argument.value === null;
}

export interface MaskMaking {
  readonly compute: (inputs: readonly tf.Tensor[]) => tf.Tensor;
  /** End of the first input's axes that the mask has, all of them by default. */
  readonly until?: number;
  /** Where the shape is another. */
  readonly shape?: (inputs: readonly Shape[]) => Shape;
}

/** A layer that computes a mask, 1 for what counts and 0 for what does not. */
export function maskLayer(
  name: string,
  inputs: readonly tf.SymbolicTensor[],
  { compute, until, shape = ([x]) => x!.slice(0, until) }: MaskMaking,
): tf.SymbolicTensor {
  const layer = new ComputedLayer(
    "Mask",
    { name },
    { outputShape: shape, compute: (list) => tf.cast(compute(list), "float32") },
  );
  return underTensorName(layer, () =>
    layer.apply(distinctTensors(inputs, `${layer.name}_input`)),
  ) as tf.SymbolicTensor;
}
