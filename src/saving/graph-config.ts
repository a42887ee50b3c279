import { arrayOf, heldTensor } from "./held-tensors.js";
import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph, Structure, TensorRef } from "../keras/graph.js";
import type { KerasOrigin } from "../layers/registry.js";
import { rectangle } from "../layers/arguments/constant-tensors.js";
import { isOperation, resolveLayer } from "../layers/resolve.js";
import { lambdaName } from "./python-lambda.js";
import { flatArguments, FUNCTION_LAYERS } from "./python-operation.js";
import { operationModule } from "./operation-module.js";
import { asFloats } from "./python-floats.js";
import { isChain } from "./sequential-chain.js";
import { inputShape, innerSpecs, type Target, targetClass, targetConfig } from "./layer-config.js";

type Config = Record<string, JsonValue>;
/** Shapes of layers' outputs, by path: Keras 3 wants them with every tensor. */
type Shapes = (path: string, tensorIndex: number) => { shape: readonly (number | null)[]; dtype: string };

/** Where Keras 3 keeps the class of functional models. */
const FUNCTIONAL = "keras.src.models.functional";

/** Where a layer's class is to be looked for, and under which registered name. */
export function classReference(spec: LayerSpec, target: Target): Config {
  if (target === 3 && isOperation(spec)) {
    return {
      module: spec.module ?? `keras.src.ops.${operationModule(spec.className)}`,
      class_name: spec.className,
      registered_name: spec.className,
    };
  }
  const known = targetClass(spec, target);
  if (known !== null) {
    return target === 2
      ? { class_name: known }
      : { module: "keras.layers", class_name: known, registered_name: null };
  }
  const name = spec.className.slice(spec.className.lastIndexOf(">") + 1);
  const registered = registeredName(spec);
  if (target === 2) return { class_name: registered };
  return { module: null, class_name: name, registered_name: registered };
}

/** What stays custom is registered as `package>Name`. */
export function registeredName(spec: LayerSpec): string {
  const { className, registeredName: saved } = spec;
  if (className === "Lambda") return lambdaName(spec);
  if (className.includes(">")) return className;
  if (saved?.includes(">")) return saved;
  // Keras's own, of another major than the target: no class of the user's.
  return `${resolveLayer(spec, new Map()) ? "loadlab" : "Custom"}>${className}`;
}

/**
 * A model's config as the target's `model.get_config()` writes it, with its class.
 * @param graph as `keras2Graph` or `keras3Graph` makes it
 * @param from the Keras that wrote the config
 * @param forKeras false where TensorFlow.js reads it
 */
export function modelConfig(
  graph: ModelGraph,
  target: Target,
  from: KerasOrigin,
  shapes: Shapes,
  forKeras = true,
): Config {
  const writer = new GraphWriter(target, from, shapes, forKeras);
  if (target === 2 && isChain(graph)) return { class_name: "Sequential", config: writer.sequential(graph) };
  const inner = writer.functional(graph);
  return target === 2
    ? { class_name: "Functional", config: inner }
    : { module: FUNCTIONAL, class_name: "Functional", config: inner, registered_name: "Functional" };
}

const FUNCTIONS = /^(TFOpLambda|SlicingOpLambda|ClassMethod|InstanceMethod|InstanceProperty)$/;

class GraphWriter {
  readonly #target: Target;
  readonly #from: KerasOrigin;
  readonly #shapes: Shapes;
  readonly #bare: boolean;

  constructor(target: Target, from: KerasOrigin, shapes: Shapes, bare: boolean) {
    this.#bare = bare;
    this.#target = target;
    this.#from = from;
    this.#shapes = shapes;
  }

  /**
   * The layers of a chain, the input's among them. A model in it has its only output bare: where that stands in a list,
   * Keras 3 hands a list to the next layer, which refuses it; Keras 2 takes both.
   */
  sequential(graph: ModelGraph): Config {
    const layers = graph.layers.map((spec) => {
      const object = this.#object(spec);
      if (!spec.model || !this.#bare) return object;
      const config = object["config"] as Config;
      const outputs = config["output_layers"] as JsonValue[];
      return outputs.length === 1 ? { ...object, config: { ...config, output_layers: outputs[0]! } } : object;
    });
    return { name: graph.name, layers };
  }

  /** Any other Sequential is written as the Functional model that it is: its input is explicit then. */
  functional(graph: ModelGraph): Config {
    const nested = new Set(graph.layers.filter(({ model }) => model).map(({ name }) => name));
    const counts = (ref: TensorRef): JsonValue[] => [
      ref.layer,
      ref.nodeIndex + (nested.has(ref.layer) ? 1 : 0),
      ref.tensorIndex,
    ];
    return {
      name: graph.name,
      trainable: true,
      layers: graph.layers.map((spec) => this.#layer(spec, graph)),
      input_layers: this.#structure(graph.inputs, counts),
      output_layers: this.#structure(graph.outputs, counts),
    };
  }

  #structure(structure: Structure<TensorRef>, write: (ref: TensorRef) => JsonValue[]): JsonValue {
    if (isReference(structure)) return this.#target === 2 ? [write(structure)] : write(structure);
    if (Array.isArray(structure)) {
      // Keras 2 has a list of one where Keras 3 has the tensor.
      if (this.#target === 3 && this.#from.major < 3 && structure.length === 1)
        return this.#structure(structure[0]!, write);
      return structure.map((item: Structure<TensorRef>) =>
        isReference(item) ? write(item) : this.#structure(item, write),
      );
    }
    return Object.fromEntries(
      Object.entries(structure as Record<string, Structure<TensorRef>>).map(([key, item]) => [
        key,
        isReference(item) ? write(item) : this.#structure(item, write),
      ]),
    );
  }

  #layer(spec: LayerSpec, graph: ModelGraph): Config {
    const calls = graph.calls.filter(({ layer }) => layer === spec.name);
    return {
      ...this.#object(spec),
      name: spec.name,
      inbound_nodes: calls
        .toSorted((a, b) => a.nodeIndex - b.nodeIndex)
        .map((call) => (this.#target === 2 ? this.#call2(call, graph) : this.#call3(call, graph))),
    };
  }

  /** A layer as a serialized object. */
  #object(spec: LayerSpec): Config {
    if (spec.model) {
      const config = {
        ...this.functional(spec.model),
        name: spec.name,
        trainable: spec.config["trainable"] ?? true,
      };
      return this.#target === 2
        ? { class_name: "Functional", config }
        : { module: FUNCTIONAL, class_name: "Functional", config, registered_name: "Functional" };
    }
    const config = targetConfig(spec, this.#target, this.#from);
    if (spec.className === "InputLayer") {
      config[this.#target === 2 ? "batch_input_shape" : "batch_shape"] = inputShape(spec);
      delete config["trainable"];
    }
    for (const [key, specs, list] of innerSpecs(spec)) {
      const written = specs.map((inner) => this.#held(inner));
      config[key] = list ? written : written[0]!;
    }
    return { ...classReference(spec, this.#target), config };
  }

  /** One that another layer holds: Keras 3 finds its class by the module only, in Keras 2's layout too. */
  #held(spec: LayerSpec): Config {
    const isKeras = this.#target === 2 && !spec.model && targetClass(spec, 3) === targetClass(spec, 2);
    return isKeras && targetClass(spec, 2) !== null
      ? { module: "keras.layers", ...this.#object(spec), registered_name: null }
      : this.#object(spec);
  }

  /** `[["x", 0, 0, {kwargs}], ...]`; nested models count their calls from 1. */
  #call2(given: LayerCall, graph: ModelGraph): JsonValue {
    const spec = graph.layers.find(({ name }) => name === given.layer);
    const call = spec && RECURRENT.test(spec.className) ? statesInList(given) : given;
    const named = { ...call.kwargs };
    // Keras 3 goes by the model's own mode, whatever was saved with a call; Keras 2 would go by this.
    if (this.#from.major === 3) delete named["training"];
    // Keras 2 saves tensors beyond the first argument by name.
    const byName = spec?.className === "MultiHeadAttention" ? ["value", "key"] : [];
    byName.forEach((name, i) => {
      if (call.args[i + 1]) named[name] = call.args[i + 1]!;
    });
    const kwargs = Object.fromEntries(
      Object.entries(named).map(([key, argument]) => [key, this.#plain2(argument, graph)]),
    );
    const [only] = call.args;
    // Functions of TensorFlow keep the structure of what they are called with.
    if (spec && FUNCTIONS.test(spec.className) && call.args.length === 1) {
      if (only!.kind === "tensor") return [...this.#history2(only!.ref, graph), kwargs];
      if (only!.kind === "constant")
        return ["_CONSTANT_VALUE", -1, this.#constant2(only!.value, spec, call, graph), kwargs];
    }
    const positional = byName.length > 0 ? call.args.slice(0, 1) : call.args;
    const flat = positional.flatMap((argument) => (argument.kind === "list" ? argument.items : [argument]));
    return flat.map((argument) => {
      if (argument.kind !== "tensor") return ["_CONSTANT_VALUE", -1, valueOf(argument), kwargs];
      return [...this.#history2(argument.ref, graph), kwargs];
    });
  }

  /** Keras 2 makes a tensor of what stands before the operator, whole numbers of int32. */
  #constant2(value: JsonValue, spec: LayerSpec, call: LayerCall, graph: ModelGraph): JsonValue {
    if (!/^(math|__operators__)\./.test(String(spec.config["function"]))) return value;
    const other = Object.values(call.kwargs).find(({ kind }) => kind === "tensor");
    if (other?.kind !== "tensor") return value;
    const path = graph.layers.find(({ name }) => name === other.ref.layer)?.path ?? other.ref.layer;
    return /float/.test(this.#shapes(path, other.ref.tensorIndex).dtype) ? asFloats(value) : value;
  }

  #plain2(argument: CallArgument, graph: ModelGraph): JsonValue {
    if (argument.kind === "tensor") return this.#history2(argument.ref, graph);
    if (argument.kind === "list") return argument.items.map((item) => this.#plain2(item, graph));
    return valueOf(argument);
  }

  #history2(ref: TensorRef, graph: ModelGraph): JsonValue[] {
    const nested = graph.layers.find(({ name }) => name === ref.layer)?.model;
    return [ref.layer, ref.nodeIndex + (nested ? 1 : 0), ref.tensorIndex];
  }

  #call3(given: LayerCall, graph: ModelGraph): JsonValue {
    const spec = graph.layers.find(({ name }) => name === given.layer);
    const call = spec && RECURRENT.test(spec.className) ? statesByName(given) : given;
    if (spec && FUNCTION_LAYERS.test(spec.className)) {
      const [first, ...rest] = flatArguments(call).map(
        ([name, argument]) => [name, this.#argument3(argument, graph)] as const,
      );
      return { args: first ? [first[1]] : [], kwargs: Object.fromEntries(rest) };
    }
    // What an operation takes by its place may be axes or a shape.
    const tensors =
      spec &&
      (BINARY.test(spec.className) || !/\.ops\./.test(String(classReference(spec, 3)["module"] ?? "")));
    const placed = tensors ? call.args.map((argument) => heldTensor(argument, null)) : call.args;
    return {
      args: placed.map((argument) => this.#argument3(argument, graph)),
      kwargs: Object.fromEntries(
        Object.entries(call.kwargs).map(([key, argument]) => [
          key,
          this.#argument3(heldTensor(argument, key), graph),
        ]),
      ),
    };
  }

  #argument3(argument: CallArgument, graph: ModelGraph): JsonValue {
    switch (argument.kind) {
      case "tensor":
        return this.#tensor3(argument.ref, graph);
      case "list":
        return argument.items.map((item) => this.#argument3(item, graph));
      case "dict":
        return Object.fromEntries(
          Object.entries(argument.items).map(([key, item]) => [key, this.#argument3(item, graph)]),
        );
      case "constant":
        return argument.array !== undefined && Array.isArray(argument.value) && rectangle(argument.value)
          ? arrayOf(argument.value, argument.array)
          : argument.value;
    }
  }

  #tensor3(ref: TensorRef, graph: ModelGraph): JsonValue {
    const spec = graph.layers.find(({ name }) => name === ref.layer);
    const { shape, dtype } = this.#shapes(spec?.path ?? ref.layer, ref.tensorIndex);
    return {
      class_name: "__keras_tensor__",
      config: { shape: [...shape], dtype, keras_history: [ref.layer, ref.nodeIndex, ref.tensorIndex] },
    };
  }
}

/** Operations that take nothing but tensors by their places. */
const BINARY =
  /^(Add|Subtract|Multiply|Divide|TrueDivide|FloorDivide|Mod|Power|Maximum|Minimum|Matmul|Where|(Not)?Equal|(Greater|Less)(Equal)?|Logical(And|Or|Xor))$/;

/** Layers that take initial states. */
export const RECURRENT = /^(SimpleRNN|LSTM|GRU|RNN|Bidirectional|ConvLSTM[123]D|CuDNNLSTM|CuDNNGRU)$/;

/** Keras 2 saves initial states behind the sequence, in one list. */
function statesInList(call: LayerCall): LayerCall {
  const { initial_state: states, ...kwargs } = call.kwargs;
  const [sequence] = call.args;
  if (!states || !sequence || (valueOf(states) === null && states.kind === "constant"))
    return { ...call, kwargs };
  const items = states.kind === "list" ? states.items : [states];
  return { ...call, args: [{ kind: "list", items: [sequence, ...items] }], kwargs };
}

/** Keras 3 takes them by name. */
function statesByName(call: LayerCall): LayerCall {
  const [first] = call.args;
  if (first?.kind !== "list" || first.items.length < 2) return call;
  const [sequence, ...states] = first.items;
  return {
    ...call,
    args: [sequence!],
    kwargs: { ...call.kwargs, initial_state: { kind: "list", items: states } },
  };
}

function valueOf(argument: CallArgument): JsonValue {
  return argument.kind === "constant" ? argument.value : null;
}

function isReference(value: Structure<TensorRef>): value is TensorRef {
  return typeof (value as TensorRef).layer === "string" && typeof (value as TensorRef).nodeIndex === "number";
}
