import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { isObject } from "../../keras/json.js";
import {
  arrange,
  ComputedLayer,
  type CallValue,
  shapeList,
  type CallSignature,
  type Running,
  type Shape,
  type SignedLayer,
} from "../computed-layer.js";
import { addLoss } from "./added-losses.js";
import { heldConfigs } from "../arguments/held-configs.js";
import { constantShape, constantTensor, withConstantTensors } from "../arguments/constant-tensors.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import { heldLayers } from "./held-layers.js";
import { operationNamed } from "../../ops/call-by-name.js";
import type { Values } from "../../ops/operation.js";
import type { LayerContext, LayerDefinition } from "../registry.js";
import { trialShape } from "../trial-shape.js";

/**
 * A subclass of `tf.layers.Layer` whose constructor takes the saved config, typed as the user likes: arguments by
 * Keras's names (`use_bias`), plain ones by those of tfjs besides (`useBias`).
 */
export type CustomLayerClass = new (config: never) => tf.layers.Layer;

/**
 * The layer's computation alone; its weights come from the file, in the file's order. `inputs` is a list where the
 * call has several tensors, `layer([x, y])` or `layer(x, y)`; those that it names are in `named`.
 */
export type CustomLayerCall = (
  inputs: tf.Tensor | tf.Tensor[],
  layer: {
    readonly weights: readonly tf.Tensor[];
    /**
     * The weights of one part, in the file's order, by a step of their paths in the file: `weightsOf("query")` are
     * kernel and bias of a Dense that the class keeps as `self.query`. A .keras file sorts the parts by name.
     */
    weightsOf(part: string): readonly tf.Tensor[];
    readonly config: Readonly<Record<string, unknown>>;
    readonly training: boolean;
    /** False where the layer is frozen: a batch normalization of Keras goes by its averages then, in training too. */
    readonly trainable: boolean;
    /** Which steps of the input count, [batch, steps]; null where all do. */
    readonly mask: tf.Tensor | null;
    /** Arguments that the call names: `factor` of `layer(x, factor=2.0)`. */
    readonly named: Readonly<Record<string, unknown>>;
    /**
     * Gives one of `weights` another value, as Keras does with moving averages in training: the value to be kept, of
     * the weight's shape, behind which no gradient goes. Nothing happens unless `training`.
     */
    update(weight: tf.Tensor, value: tf.Tensor): void;
    /** Adds to the loss in `fit` and `evaluate`, as Keras's `add_loss`: the sum of the tensor. */
    addLoss(value: tf.Tensor): void;
    /**
     * A function of TensorFlow, `keras.ops` or `keras.activations` by its Python name, with its arguments as there:
     * `operation("tf.linalg.band_part", [x, -1, 0])`, `operation("keras.ops.tril", [x], { k: 1 })`.
     */
    operation(name: string, args: readonly CallValue[], named?: Values): tf.Tensor;
  },
) => CustomResult;

/** Tensors as Keras's `call` returns them: one, a list, a dict by its keys, or lists within lists. */
export type CustomResult = tf.Tensor | CustomResult[] | { readonly [key: string]: CustomResult };

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

function fromClass(implementation: CustomLayerClass, spec: LayerSpec): tf.layers.Layer {
  // dtype policies of Keras are no dtypes of tfjs.
  const config = Object.fromEntries(Object.entries(spec.config).filter(([key]) => key !== "dtype"));
  const layer = new implementation({ ...inCamelCase(config), ...config, name: spec.name } as never);
  if (!(layer instanceof tf.layers.Layer)) {
    throw new LayerError(
      "C21",
      undefined,
      `the class registered for ${spec.className} makes no tf.layers.Layer`,
      "only a layer can stand in a model",
      "Let the class extend tf.layers.Layer.",
    );
  }
  layer.name = spec.name;
  return signed(layer, spec);
}

/**
 * Plain values under the names that tfjs has for them, words in its spelling, as a class may extend a layer of tfjs:
 * without `recurrentActivation` its LSTM would take a default that is not Keras's. Initializers do nothing here.
 */
function inCamelCase(config: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  const camel = (text: string) => text.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const plain = Object.entries(config).filter(
    ([key, value]) => key.includes("_") && !key.endsWith("_initializer") && !isObject(value),
  );
  return Object.fromEntries(
    plain.map(([key, value]) => [camel(key), typeof value === "string" ? camel(value) : value]),
  );
}

/** Lets a user's layer get the tensors of a call as inputs, and what the call names in the second argument. */
function signed(layer: tf.layers.Layer, spec: LayerSpec): SignedLayer {
  const { computeOutputShape } = layer;
  const says = computeOutputShape !== tf.layers.Layer.prototype.computeOutputShape;
  const call = layer.call.bind(layer);
  const ownBuild = layer.build.bind(layer);
  const build = (shape: tf.Shape | tf.Shape[]) => {
    ownBuild(shape);
    adoptHeld(layer);
  };
  const one = <T>(list: readonly T[]): T | T[] => (list.length === 1 ? list[0]! : [...list]);
  const members: Pick<SignedLayer, "signature" | "callAs" | "shapeAs"> = {
    signature: null,
    callAs(signature, tensors, kwargs) {
      const { positional, named } = arrange(signature, tensors, constantTensor);
      const second = { ...kwargs, addLoss, ...withConstantTensors(named, positional) };
      return flatTensors(call(one(positional), second));
    },
    shapeAs(signature, shapes) {
      const { positional } = arrange<Shape>(signature, shapes, constantShape);
      if (!layer.built) {
        build(one(positional) as tf.Shape);
        layer.built = true;
      }
      const tried = trialCall(signature, shapes, (inputs, named) =>
        flatTensors(call(one(inputs), { training: false, addLoss, ...named })),
      );
      adoptHeld(layer);
      if (!says) return tried;
      const said = computeOutputShape.call(layer, one(positional) as tf.Shape) as Shape | Shape[];
      if (!agree(shapeList(said), shapeList(tried))) throw otherShape(spec.className, said, tried);
      return said;
    },
  };
  const made: SignedLayer = Object.assign(layer, members);
  made.build = (shape) => {
    const { positional } = arrange<Shape>(made.signature, shapeList(shape), constantShape);
    build(one(positional) as tf.Shape);
  };
  made.call = (inputs, kwargs) => made.callAs(made.signature, [inputs].flat(), kwargs ?? {});
  made.computeOutputShape = (shape) => made.shapeAs(made.signature, shapeList(shape));
  return made;
}

/** Takes in the variables of the layers that a class holds in its fields, which TensorFlow.js does not. */
function adoptHeld(layer: tf.layers.Layer): void {
  const inner = layer as unknown as Record<"_trainableWeights" | "_nonTrainableWeights", tf.LayerVariable[]>;
  const known = new Set([...inner._trainableWeights, ...inner._nonTrainableWeights]);
  const added = (list: readonly tf.LayerVariable[]) =>
    list.filter((variable) => !known.has(variable) && known.add(variable));
  for (const { layer: held } of heldLayers(layer)) {
    adoptHeld(held);
    inner._trainableWeights.push(...added(held.trainableWeights));
    inner._nonTrainableWeights.push(...added(held.nonTrainableWeights));
  }
}

/**
 * The output shape of a call, with its named tensors but no mask: it may be null. What needs one is tried again with a
 * mask that keeps all.
 */
function trialCall(
  signature: CallSignature | null,
  shapes: readonly Shape[],
  run: (inputs: readonly tf.Tensor[], named: Running["named"]) => tf.Tensor | tf.Tensor[],
): Shape | Shape[] {
  const tried = (withMask: boolean) =>
    trialShape(shapes, (tensors) => {
      const { positional, named } = arrange(signature, tensors, constantTensor);
      const { mask, ...others } = named;
      if (withMask) return run(positional, { ...others, mask: tf.ones(positional[0]!.shape.slice(0, 2)) });
      return run(positional, mask instanceof tf.Tensor ? others : named);
    });
  try {
    return tried(false);
  } catch (error) {
    try {
      return tried(true);
    } catch {
      throw error;
    }
  }
}

/** Lengths that one side leaves open agree with any. */
function agree(said: readonly Shape[], tried: readonly Shape[]): boolean {
  return (
    said.length === tried.length &&
    said.every(
      (shape, i) =>
        shape.length === tried[i]!.length &&
        shape.every((n, axis) => n === null || tried[i]![axis] === null || n === tried[i]![axis]),
    )
  );
}

function otherShape(className: string, said: Shape | Shape[], tried: Shape | Shape[]): LayerError {
  return new LayerError(
    "C21",
    undefined,
    `computeOutputShape says ${JSON.stringify(said)}, and call gives ${JSON.stringify(tried)}`,
    `the class registered for ${className} contradicts itself`,
    "Correct either of the two.",
  );
}

/**
 * The names of a function's variables, by which its regularizers and constraints find them: those of a .h5 file. An
 * archive has numbers; the settings in the config tell the layer's own variables where they are as many.
 */
function variableNames(stored: readonly string[], config: LayerSpec["config"]): (string | undefined)[] {
  const archived = /(^|\/)vars\/\d+$/;
  if (!stored.every((name) => archived.test(name)))
    return stored.map((name) => name.replace(/:\d+$/, "").split("/").slice(-2).join("/"));
  const folder = (name: string) => name.slice(0, name.lastIndexOf("/"));
  const held = heldConfigs(config);
  const root = Math.min(...stored.map((name) => name.split("/").length));
  return stored.map((name) => {
    const group = stored.filter((other) => folder(other) === folder(name));
    const steps = name.split("/");
    const part = held.findLast(({ names }) => steps.some((step) => names.includes(step)));
    const named = part || steps.length === root ? settledNames(part?.config ?? config) : [];
    return named.length === group.length ? named[group.indexOf(name)] : undefined;
  });
}

/** `kernel` and `bias` of a config with `kernel_regularizer` and `bias_constraint`. */
function settledNames(config: LayerSpec["config"]): string[] {
  const stems = Object.keys(config).flatMap(
    (key) => /^(\w+)_(initializer|regularizer|constraint)$/.exec(key)?.[1] ?? [],
  );
  const names = new Set(stems.filter((stem) => stem !== "activity"));
  if (config["use_bias"] === false) names.delete("bias");
  return [...names].map((stem) => (/^(recurrent|depthwise|pointwise)$/.test(stem) ? `${stem}_kernel` : stem));
}

/** Variables of layers that are functions, with the name of the stored weight that each was made for. */
const ofFunctions = new WeakMap<
  tf.LayerVariable,
  { readonly name: string; readonly layer: tf.layers.Layer }
>();

/** Which of its variables Keras trains, a function does not say. */
export function isOfFunction(variable: tf.LayerVariable): boolean {
  return ofFunctions.has(variable);
}

/** The layer of a function's variable, which a wrapper may hold too; null for any other variable. */
export function functionOf(variable: tf.LayerVariable): tf.layers.Layer | null {
  return ofFunctions.get(variable)?.layer ?? null;
}

/** The name of the stored weight that a function's variable was made for; null for any other variable. */
export function madeFor(variable: tf.LayerVariable): string | null {
  return ofFunctions.get(variable)?.name ?? null;
}

class FunctionLayer extends ComputedLayer {
  storedNames: readonly string[] = [];

  /** In the file's order, whichever of them are trained. */
  override get weights(): tf.LayerVariable[] {
    return [...this.variables];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    super.build(inputShape);
    this.weights.forEach((variable, i) =>
      ofFunctions.set(variable, { name: this.storedNames[i] ?? "", layer: this }),
    );
  }
}

/** Counters and switches stay what they are; numbers of any other precision are computed in float32. */
function dtypeOf(stored: string | undefined): "float32" | "int32" | "bool" {
  if (stored === "bool") return "bool";
  return stored !== undefined && /^u?int/.test(stored) ? "int32" : "float32";
}

function fromCall(implementation: CustomLayerCall, spec: LayerSpec, context: LayerContext): tf.layers.Layer {
  const names = (context.stored ?? []).map(({ name }) => name);
  const plain = variableNames(names, spec.config).map((name, i, all) =>
    all.indexOf(name) === i ? name : undefined,
  );
  const weights = (context.storedShapes ?? []).map((shape, i) => ({
    name: plain[i] ?? `weight_${i}`,
    shape,
    dtype: dtypeOf(context.stored?.[i]?.dtype),
  }));
  const run = (
    inputs: readonly tf.Tensor[],
    { weights: values, variables, training, named }: Omit<Running, "args">,
  ) => {
    const missed = new Set<string>();
    const given = {
      weights: values,
      weightsOf: (part: string) => {
        const found = values.filter((_, i) => names[i]?.split("/").includes(part));
        if (found.length === 0) missed.add(part);
        return found;
      },
      config: spec.config,
      training,
      trainable: layer.trainable,
      mask: named["mask"] instanceof tf.Tensor ? named["mask"] : null,
      named,
      update: (weight: tf.Tensor, value: tf.Tensor) => {
        const variable = variables[values.indexOf(weight)];
        if (training) (variable ?? noWeight(spec)).write(stopGradient(value));
      },
      addLoss,
      operation: operationNamed as (...given: Parameters<typeof operationNamed>) => tf.Tensor,
    };
    try {
      return flatTensors(implementation(inputs.length === 1 ? inputs[0]! : [...inputs], given));
    } catch (error) {
      if (missed.size > 0 && error instanceof Error) error.message += notFound(missed, names);
      throw error;
    }
  };
  const layer: FunctionLayer = new FunctionLayer(spec.className, spec, {
    weights: () => weights,
    outputShape: (shapes) => layer.shapeAs(null, shapes),
    compute: (inputs, running) => run(inputs, running),
  });
  layer.storedNames = names;
  layer.shapeAs = (signature, shapes) =>
    trialCall(signature, shapes, (inputs, named) =>
      run(inputs, {
        weights: weights.map(({ shape, dtype }) => tf.zeros([...shape], dtype)),
        variables: [],
        training: false,
        named,
      }),
    );
  return layer;
}

/**
 * Keras numbers the tensors of a dict by its sorted keys.
 * @throws LayerError where a user's call gave no tensor
 */
function flatTensors(result: CustomResult): tf.Tensor | tf.Tensor[] {
  if (result instanceof tf.Tensor) return result;
  const given: unknown = result;
  if (typeof given !== "object" || given === null || given instanceof Promise) throw noTensor(given);
  const items = Array.isArray(result)
    ? result
    : Object.keys(result)
        .sort()
        .map((key) => result[key]!);
  return items.flatMap(flatTensors);
}

function noTensor(given: unknown): LayerError {
  const isPromise = given instanceof Promise;
  const what = given === undefined ? "nothing" : given === null ? "null" : `a ${typeof given}`;
  return new LayerError(
    "C21",
    undefined,
    isPromise ? "it returns a promise" : `it returns ${what}, not a tensor`,
    isPromise
      ? "a layer computes when it is called; an async function does so later"
      : "what a layer gives out is a tensor, or a list of tensors",
    isPromise
      ? "Leave out async and await, and register it again."
      : "Return a tensor: a function with braces needs `return`.",
  );
}

/** What a function asked for in vain is the likeliest cause of what it threw. */
function notFound(missed: ReadonlySet<string>, names: readonly string[]): string {
  const steps = names.flatMap((name) => name.split("/").slice(0, -1));
  const parts = [...new Set(steps)].filter((step) => !/^(vars|layers|_layer_\w+)$/.test(step)).slice(0, 12);
  const asked = [...missed]
    .slice(0, 3)
    .map((part) => `weightsOf(${JSON.stringify(part)})`)
    .join(", ");
  return ` (${asked} found nothing; the file's parts are ${parts.join(", ")})`;
}

function noWeight({ className }: LayerSpec): never {
  throw new LayerError(
    "C21",
    undefined,
    "update was given a tensor that is none of the layer's weights",
    `the function registered for ${className} can change only what the file has for the layer`,
    "Give it one of `weights` or of `weightsOf(part)` itself, not what was computed of it.",
  );
}
