import * as tf from "@tensorflow/tfjs";
import type { GraphFile, LayerObject, SavedOperations } from "../formats/graph-contents.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import {
  ComputedLayer,
  type CallValue,
  type Running,
  type Shape,
  type WeightSpec,
} from "../layers/computed-layer.js";
import { trialShape } from "../layers/trial-shape.js";
import type { LayerDefinition } from "../layers/registry.js";
import {
  type ArgumentPlace,
  capturedValues,
  functionsOf,
  type ConcreteFunction,
} from "./concrete-functions.js";
import { GraphSession, type Prepared } from "./session.js";
import { bindInputs, toTensor, type TensorSpec } from "./signature.js";
import { Variable } from "./resources.js";
import { tensorType } from "./tensors.js";
import { retain, type GraphValue } from "./value.js";

/** What computes a layer: a saved function, or a part of one. */
interface Computing {
  readonly path: string;
  readonly prepared: Prepared;
  readonly inputs: readonly TensorSpec[];
  readonly places: readonly ArgumentPlace[];
  readonly outputs: readonly TensorSpec[];
  readonly captured: readonly GraphValue[];
  readonly capturedNodes: readonly number[];
}

/** A tensor that a layer is called with; by name, or by its key in a dict, where it has one. */
interface GivenTensor {
  readonly tensor: tf.Tensor;
  readonly name: string | null;
}

/** What computes a call, and its tensors in the order of that. */
interface Way {
  readonly computing: Computing;
  readonly tensors: readonly tf.Tensor[];
}

/**
 * Layers made from the functions that Keras saved with them: a class that nobody knows still runs, with its weights
 * bound like any other layer's (tf_keras `saving/legacy/saved_model/load.py`, `_revive_layer_or_model_from_config`).
 */
export class RevivedLayers {
  private readonly session: GraphSession;
  private readonly definitions = new Map<string, LayerDefinition | null>();
  /** Types of the tensors that groups of operations gave when they were tried, by function and tensor. */
  private readonly types = new Map<string, DataType>();

  private constructor(private readonly file: GraphFile) {
    this.session = new GraphSession(file.contents);
  }

  /** Reads what the functions captured beside the layers' own weights. */
  static async open(file: GraphFile): Promise<RevivedLayers> {
    const revived = new RevivedLayers(file);
    await revived.session.initialize();
    for (const object of file.contents.layerObjects.values()) {
      const own = new Set(object.variables);
      for (const { captured, capturedNodes } of revived.capturing(object)) {
        await revived.session.loadCaptured(captured.filter((_, i) => !own.has(capturedNodes[i]!)));
      }
    }
    return revived;
  }

  /** A definition for the layer at a path; null where the file holds no function for it. */
  definition(path: string): LayerDefinition | null {
    let definition = this.definitions.get(path);
    if (definition === undefined) {
      const object = this.file.contents.layerObjects.get(path);
      definition = object === undefined ? null : this.define(path, object);
      this.definitions.set(path, definition);
    }
    return definition;
  }

  /** The same with the weights that the SavedModel has for the layer, which are then none of the layer's own. */
  async definitionWithWeights(path: string): Promise<LayerDefinition | null> {
    const object = this.file.contents.layerObjects.get(path);
    if (object === undefined) return null;
    for (const { captured } of this.capturing(object)) await this.session.loadCaptured(captured);
    return this.define(path, { ...object, variables: [] });
  }

  private capturing(object: LayerObject): Pick<Computing, "captured" | "capturedNodes">[] {
    if (object.operations === undefined) return this.calls(object.node);
    const capturedNodes = object.operations.captured.map(({ node }) => node);
    return [{ captured: capturedValues(this.session, capturedNodes) ?? [], capturedNodes }];
  }

  /** The ways in which a layer was called, those for inference first, and those with tensors before those with dicts. */
  private calls(node: number): ConcreteFunction[] {
    const child = this.file.contents.objects?.nodes[node]?.children.find(
      ({ localName }) => localName === "__call__",
    );
    if (child === undefined) return [];
    const calls = functionsOf(this.session, child.nodeId, "__call__");
    return calls.filter(({ outputs }) => outputs.length > 0).sort((a, b) => keysOf(a) - keysOf(b));
  }

  private define(path: string, object: LayerObject): LayerDefinition | null {
    const { operations } = object;
    if (operations !== undefined) {
      const part = this.partOf(path, operations);
      return part === null
        ? null
        : this.defined(
            object,
            (layer) => ({ computing: part, tensors: tensorsOfCall(layer).map(({ tensor }) => tensor) }),
            (shapes) => this.trial(part, object, shapes),
          );
    }
    const calls = this.calls(object.node);
    const [first] = calls;
    if (first === undefined) return null;
    const ways = new Map<ConcreteFunction, Computing>();
    const made = (call: ConcreteFunction): Computing => {
      const known = ways.get(call) ?? { ...call, prepared: this.checked(call.definition) };
      ways.set(call, known);
      return known;
    };
    const ofCount = (count: number) => calls.find(({ inputs }) => inputs.length === count) ?? first;
    const way = (layer: Running): Way => {
      const given = tensorsOfCall(layer);
      const fitting = calls.flatMap((call) => {
        const tensors = inPlaces(given, call.places);
        return tensors === null ? [] : [{ call, tensors }];
      });
      const best = fitting.find(({ call }) => hasOptionsOf(call, layer)) ?? fitting[0];
      if (best) return { computing: made(best.call), tensors: best.tensors };
      return { computing: made(ofCount(given.length)), tensors: given.map(({ tensor }) => tensor) };
    };
    made(first);
    return this.defined(object, way, (shapes) => outputShapes(ofCount(shapes.length).outputs));
  }

  private checked(definition: string): Prepared {
    const prepared = this.session.prepareFunction(definition);
    this.session.refuseOutside(prepared.flat);
    return prepared;
  }

  private defined(
    object: LayerObject,
    way: (layer: Running) => Way,
    outputShape: (inputs: readonly Shape[]) => Shape | Shape[],
  ): LayerDefinition {
    const specs = object.variables.flatMap((node) => this.weightSpec(node));
    const isWeighted = this.capturing(object).some(({ captured }) => captured.length > 0);
    const takesMask = this.calls(object.node).some(({ inputs }) =>
      inputs.some(({ name }) => name === "mask"),
    );
    return {
      className: "a saved function",
      majors: [1, 2, 3],
      arguments: ["*"],
      namedArguments: takesMask ? ["*", "mask"] : ["*"],
      create: (spec) =>
        new ComputedLayer(
          spec.className,
          { name: spec.name },
          {
            ...(specs.length === 0 && isWeighted ? { weightsElsewhere: true } : {}),
            weights: () => specs,
            outputShape,
            compute: (_, layer) => {
              const { computing, tensors } = way(layer);
              return this.run(computing, object, tensors, layer.weights);
            },
          },
        ),
    };
  }

  /**
   * What a layer's saved function gives with the stored weights; null where the file holds no function that takes so
   * many tensors. The caller keeps the inputs and owns the outputs.
   */
  async compute(path: string, inputs: readonly tf.Tensor[]): Promise<tf.Tensor[] | null> {
    const object = this.file.contents.layerObjects.get(path);
    if (object === undefined || object.operations !== undefined) return null;
    const call = this.calls(object.node).find((way) => way.inputs.length === inputs.length);
    if (call === undefined) return null;
    await this.session.loadCaptured(call.captured);
    const { program } = this.checked(call.definition);
    const args = [
      ...bindInputs(path, call.inputs, [...inputs]),
      ...call.captured.map((value) => retain(value)),
    ];
    const results = await this.session.executor.runAsync(program, args);
    return call.outputs.map(({ name }, i) => toTensor(name, results[i]!));
  }

  /** Calls the function with the layer's weights in place of the variables that it captured. */
  private run(
    way: Computing,
    object: LayerObject,
    inputs: readonly tf.Tensor[],
    weights: readonly tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    const own: Variable[] = [];
    const captured = way.captured.map((value, i): GraphValue => {
      const at = object.variables.indexOf(way.capturedNodes[i]!);
      if (at < 0) return retain(value);
      const variable = new Variable(way.path, "");
      variable.assign(tf.clone(weights[at]!));
      own.push(variable);
      return variable;
    });
    try {
      const args = [...bindInputs(way.path, way.inputs, inputs.slice(0, way.inputs.length)), ...captured];
      const results = this.session.executor.runSync(way.prepared.program, args);
      const tensors = way.outputs.map(({ name }, i) => toTensor(name, results[i]!));
      return tensors.length === 1 ? tensors[0]! : tensors;
    } finally {
      for (const variable of own) variable.dispose();
    }
  }

  /** A group of operations; null where what it captured cannot be had. */
  private partOf(path: string, operations: SavedOperations): Computing | null {
    const { inputs, outputs, captured } = operations;
    const capturedNodes = captured.map(({ node }) => node);
    const values = capturedValues(this.session, capturedNodes);
    if (values === null) return null;
    const prepared = this.session.preparePart({
      function: operations.function,
      feeds: [...inputs.map(({ tensor }) => tensor), ...captured.map(({ argument }) => argument)],
      fetches: outputs,
      ends: operations.layerCalls,
    });
    this.session.refuseOutside(prepared.flat);
    const spec = (tensor: string, type: DataType): TensorSpec => ({
      name: tensor,
      dtype: typeLabel(type),
      shape: null,
      tensor,
      type,
    });
    const typeOfPart = (tensor: string): DataType | undefined =>
      this.types.get(`${operations.function} ${tensor}`);
    return {
      path,
      prepared,
      // What another group gives has the type that it had when that group was tried, which comes before.
      get inputs() {
        return inputs.map(({ tensor, type }) =>
          spec(tensor, type ?? typeOfPart(tensor) ?? DataType.DT_FLOAT),
        );
      },
      places: [],
      outputs: outputs.map((tensor) => spec(tensor, DataType.DT_FLOAT)),
      captured: values,
      capturedNodes,
    };
  }

  /** Shapes of what operations give, which no file tells: they run on zeros. */
  private trial(part: Computing, object: LayerObject, shapes: readonly Shape[]): Shape | Shape[] {
    const weights = object.variables.flatMap((node) => this.weightSpec(node));
    const compute = (zeros: tf.Tensor[]): tf.Tensor | tf.Tensor[] => {
      const inputs = zeros.map((zero, i) => {
        const type = tensorType(part.inputs[i]!.type);
        // Not tf.fill: wasm has none for text.
        return type === "string"
          ? tf.tensor(new Array<string>(zero.size).fill(""), zero.shape, type)
          : tf.cast(zero, type);
      });
      const result = this.run(
        part,
        object,
        inputs,
        weights.map(({ shape }) => tf.zeros([...shape])),
      );
      [result]
        .flat()
        .forEach(({ dtype }, i) =>
          this.types.set(`${object.operations!.function} ${part.outputs[i]!.tensor}`, typeOf(dtype)),
        );
      return result;
    };
    return trialShape(shapes, compute);
  }

  private weightSpec(node: number): WeightSpec[] {
    const kind = this.file.contents.objects?.nodes[node]?.kind;
    if (kind?.case !== "variable") return [];
    const shape = (kind.value.shape?.dim ?? []).map(({ size }) => Number(size));
    return [
      {
        name: kind.value.name.replaceAll("/", "_") || `variable_${node}`,
        shape,
        trainable: kind.value.trainable,
      },
    ];
  }

  dispose(): void {
    this.session.dispose();
  }
}

function typeOf(dtype: tf.DataType): DataType {
  const types: Partial<Record<tf.DataType, DataType>> = {
    int32: DataType.DT_INT32,
    bool: DataType.DT_BOOL,
    string: DataType.DT_STRING,
  };
  return types[dtype] ?? DataType.DT_FLOAT;
}

/** The tensors of a call in the order in which TensorFlow flattens its arguments: positional ones, then named ones. */
function tensorsOfCall({ args, named }: Running): GivenTensor[] {
  const found: GivenTensor[] = [];
  const visit = (value: CallValue | undefined, name: string | null): void => {
    if (value instanceof tf.Tensor) found.push({ tensor: value, name });
    else if (Array.isArray(value)) for (const inner of value as readonly CallValue[]) visit(inner, name);
    else if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value as { readonly [key: string]: CallValue });
      for (const [key, inner] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) visit(inner, key);
    }
  };
  args.forEach((value) => visit(value, null));
  for (const [name, value] of Object.entries(named)) visit(value, name);
  return found;
}

/**
 * The tensors of a call in the order of a function's inputs: by the names of arguments and the keys of dicts, the others
 * where the function takes tensors outside of dicts. TensorFlow chooses by the structure of the arguments likewise.
 * @returns null where the function was traced for another call
 */
function inPlaces(
  given: readonly GivenTensor[],
  places: readonly ArgumentPlace[],
): readonly tf.Tensor[] | null {
  if (given.length !== places.length) return null;
  const left = [...given];
  const take = (name: string | null): tf.Tensor | undefined => {
    const at = left.findIndex((one) => one.name === name);
    return at < 0 ? undefined : left.splice(at, 1)[0]!.tensor;
  };
  const tensors = places.map(
    ({ argument, key }) => take(key ?? argument) ?? (key === null ? take(null) : undefined),
  );
  const placed = tensors.filter((tensor) => tensor !== undefined);
  return placed.length === places.length ? placed : null;
}

/** Whether a function was traced for the Python values of a call, and for the defaults of those that it leaves out. */
function hasOptionsOf({ options }: ConcreteFunction, { named }: Running): boolean {
  return options.every(({ name, value, isDefault }) => {
    if (name === "training") return true;
    return Object.hasOwn(named, name) ? named[name] === value : isDefault;
  });
}

/** Inputs of a function that stand in dicts. */
function keysOf({ places }: ConcreteFunction): number {
  return places.filter(({ key }) => key !== null).length;
}

function outputShapes(outputs: readonly TensorSpec[]): Shape | Shape[] {
  const shapes = outputs.map(({ shape }): Shape => [...(shape ?? [null])]);
  return shapes.length === 1 ? shapes[0]! : shapes;
}
