import type * as tf from "@tensorflow/tfjs";
import type { KerasOrigin, LayerDefinition } from "../layers/registry.js";
import { isOfUser, saysMasks } from "../layers/custom/custom.js";
import { isOperation } from "../layers/resolve.js";
import { callKey } from "./check-graph.js";
import { maskOfClass } from "./class-masks.js";
import type { CallArgument, LayerCall, LayerSpec, TensorRef } from "./graph.js";
import { concatenatedMask, maskOfSteps, mergedMask } from "./joined-masks.js";
import { later, maskLayer, maskName, type Mask, type Masks } from "./mask-layer.js";
import { handsOnMask, maskOfData, MERGES, registeredClass } from "./mask-support.js";
import { referencesOf } from "./read-functional.js";

/** Layers that return what they are given, the same tensor, when a model predicts: it has one mask under both names. */
const PASS_ON = /^(ActivityRegularization|Identity|\w*Dropout|\w*Dropout[123]D|GaussianNoise)$/;

const RECURRENT = /^(SimpleRNN|LSTM|GRU|RNN|Bidirectional|ConvLSTM[123]D|CuDNN\w+|Unified\w+)(V[12])?$/;

/** The minor version of Keras 3. */
const TAKES_OFF_SINCE = 8;
const MERGES_BY_MASK_SINCE = 4;

/** Keras 3 itself hands no mask on to a call that names other tensors, such as initial_state (layer.py). */
export function masksStopAtStates({ major, version }: KerasOrigin): boolean {
  return major === 3 && !(version ?? "").includes("loadlab");
}

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
    return handsOnMask(spec, this.major);
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
    if (MERGES.has(className)) return mergedMask(spec, call, masks, this.major);
    if (className === "Concatenate") return concatenatedMask(spec, call, masks, inputs, this.major);
    if (className === "TimeDistributed" && this.major < 3)
      return maskOfSteps(spec, call, masks[0]!, inputs, layer);
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
}

function listed(masks: Masks): MaskArguments {
  const items = masks.map((mask) => (mask ? TENSOR : ({ kind: "constant", value: null } as const)));
  return {
    kwargs: { mask: { kind: "list", items } },
    tensors: masks.flatMap((mask) => (mask ? [mask()] : [])),
  };
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
