import type { SavedFunction, SavedObject, StructuredValue } from "../formats/proto/tensorflow_pb.js";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { fields, items, pythonValue, type PythonValue } from "../formats/proto/structured-value.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { compositeParts } from "./composite-parts.js";
import { constantFrom } from "./tensors.js";
import { Attributes } from "./attributes.js";
import type { GraphSession } from "./session.js";
import { knownShape, type TensorSpec } from "./signature.js";
import { StringTensor, type GraphValue } from "./value.js";

export interface PythonOption {
  readonly name: string;
  readonly value: PythonValue;
  /** Whether a call without this argument means this value. */
  readonly isDefault: boolean;
}

/** Where in a call of the Python function a tensor stands. */
export interface ArgumentPlace {
  /** Name of the argument: `input_ids`. */
  readonly argument: string;
  /** Key in a dict that the argument is; null outside of one. */
  readonly key: string | null;
}

/** A function of the saved Python objects, with what it captured. */
export interface ConcreteFunction {
  /** Names of the references from the root: `encode`. */
  readonly path: string;
  /** Its name in the function library. */
  readonly definition: string;
  readonly inputs: readonly TensorSpec[];
  /** Of each input; empty where a tensor of several parts makes it another number. */
  readonly places: readonly ArgumentPlace[];
  readonly outputs: readonly TensorSpec[];
  /** Python arguments that it was traced for. */
  readonly options: readonly PythonOption[];
  readonly captured: readonly GraphValue[];
  /** The saved objects that `captured` are the values of. */
  readonly capturedNodes: readonly number[];
}

/** Names that Keras and TensorFlow keep for themselves. */
const INTERNAL = /^(signatures|keras_api|_default_save_signature|call_and_return\w*|\w*_fn|_\w+)$/;

/** Layers and the like of Keras, whose functions are Keras's own. */
const KERAS_OBJECT = /^_tf_keras_/;

/** A function of a saved `tf.Module`, with all that it was traced for; the usual one first. */
export interface SavedFunctions {
  /** Names of the references from the root: `encode`, `encoder.call`, `blocks.0.call`. */
  readonly path: string;
  readonly node: number;
  readonly concrete: readonly ConcreteFunction[];
}

/** The functions that a saved `tf.Module` and the objects in it offer beside its signatures, the root's own first. */
export function moduleFunctions(session: GraphSession): SavedFunctions[] {
  const nodes = session.contents.objects?.nodes ?? [];
  const found: SavedFunctions[] = [];
  const seen = new Set([0]);
  const open: { node: number; prefix: string }[] = [{ node: 0, prefix: "" }];
  for (const { node, prefix } of open) {
    for (const { localName, nodeId } of nodes[node]?.children ?? []) {
      if (INTERNAL.test(localName) && localName !== "__call__") continue;
      const path = prefix + localName;
      const kind = nodes[nodeId]?.kind;
      if (kind?.case === "function") {
        const concrete = functionsOf(session, nodeId, path);
        const usual = ({ options }: ConcreteFunction): boolean => options.every(({ isDefault }) => isDefault);
        concrete.sort((a, b) => Number(usual(b)) - Number(usual(a)));
        if (concrete.length > 0) found.push({ path, node: nodeId, concrete });
      } else if (kind?.case === "userObject" && !KERAS_OBJECT.test(kind.value.identifier)) {
        if (seen.has(nodeId)) continue;
        seen.add(nodeId);
        open.push({ node: nodeId, prefix: `${path}.` }); // grows meanwhile
      }
    }
  }
  return found;
}

/** The concrete functions of a saved function, those that want an argument `training=True` last. */
export function functionsOf(session: GraphSession, node: number, path: string): ConcreteFunction[] {
  const objects = session.contents.objects;
  const kind = objects?.nodes[node]?.kind;
  if (objects === null || kind?.case !== "function") return [];
  const concrete = new Map(objects.concreteFunctions.map(({ key, value }) => [key, value]));
  const found = kind.value.concreteFunctions.flatMap((name): (ConcreteFunction & { training: boolean })[] => {
    const saved = concrete.get(name);
    if (saved === undefined || !session.functions.has(name)) return [];
    const captured = capturedValues(session, saved.boundInputs);
    if (captured === null) return [];
    const inputs = leaves(saved.canonicalizedInputSignature, "input");
    const places = placesOf(kind.value, saved.canonicalizedInputSignature);
    const options = optionsOf(kind.value, saved.canonicalizedInputSignature);
    return [
      {
        path,
        definition: name,
        inputs,
        places: places.length === inputs.length ? places : [],
        outputs: leaves(saved.outputSignature, "output"),
        options,
        captured,
        capturedNodes: saved.boundInputs,
        training: isTraining(options, saved.canonicalizedInputSignature),
      },
    ];
  });
  return found.sort((a, b) => Number(a.training) - Number(b.training));
}

/** The arguments of a signature by the names that the function gives them: those by position, then those by name. */
function argumentsOf(
  { functionSpec }: SavedFunction,
  signature: StructuredValue | undefined,
): (readonly [string, StructuredValue | undefined])[] {
  const names = argumentNames(functionSpec);
  const [args, keywords] = items(signature);
  return [
    ...items(args).map((value, i) => [String(names[i] ?? `argument_${i}`), value] as const),
    ...fields(keywords),
  ];
}

function argumentNames(spec: SavedFunction["functionSpec"]): (PythonValue | undefined)[] {
  const names = items(fields(spec?.fullargspec).get("args")).map(pythonValue);
  return spec?.isMethod && names[0] === "self" ? names.slice(1) : names;
}

function placesOf(saved: SavedFunction, signature: StructuredValue | undefined): ArgumentPlace[] {
  const within = (part: StructuredValue | undefined, at: ArgumentPlace): ArgumentPlace[] => {
    if (/^(?:boundedTensor|tensor)SpecValue$/.test(part?.kind.case ?? "")) return [at];
    return [
      ...items(part).flatMap((inner) => within(inner, at)),
      ...[...fields(part)].flatMap(([key, inner]) => within(inner, { ...at, key })),
    ];
  };
  return argumentsOf(saved, signature).flatMap(([argument, value]) => within(value, { argument, key: null }));
}

/** The arguments of a signature that are no tensors. */
function optionsOf(saved: SavedFunction, signature: StructuredValue | undefined): readonly PythonOption[] {
  const spec = fields(saved.functionSpec?.fullargspec);
  const names = argumentNames(saved.functionSpec);
  const defaults = new Map<string, PythonValue | undefined>();
  const values = items(spec.get("defaults"));
  values.forEach((value, i) =>
    defaults.set(String(names[names.length - values.length + i]), pythonValue(value)),
  );
  const named = fields(spec.get("kwonlydefaults"));
  for (const [name, value] of named) defaults.set(name, pythonValue(value));
  return argumentsOf(saved, signature).flatMap(([name, signed]) => {
    const value = pythonValue(signed);
    return value === undefined ? [] : [{ name, value, isDefault: defaults.get(name) === value }];
  });
}

/** By the argument `training`; where the names are not known, by any that is True: Keras has only that one. */
function isTraining(options: readonly PythonOption[], signature: StructuredValue | undefined): boolean {
  const named = options.find(({ name }) => name === "training");
  return named ? named.value === true : holdsTrue(signature);
}

/** Whether a signature was made for an argument that is True. */
function holdsTrue(value: StructuredValue | undefined): boolean {
  return pythonValue(value) === true || [...items(value), ...fields(value).values()].some(holdsTrue);
}

/** The values of saved objects that a function captured; null where one of them cannot be had. */
export function capturedValues(session: GraphSession, bound: readonly number[]): GraphValue[] | null {
  const nodes = session.contents.objects?.nodes ?? [];
  const values = bound.map((node) => capturedValue(session, nodes, node));
  return values.some((value) => value === null) ? null : (values as GraphValue[]);
}

/** What a function holds besides its arguments: a variable, constant, asset or table. */
function capturedValue(
  session: GraphSession,
  nodes: readonly SavedObject[],
  node: number,
): GraphValue | null {
  const kind = nodes[node]?.kind;
  switch (kind?.case) {
    case "variable":
      return session.variableOfObject(node, kind.value.name);
    case "asset":
      return StringTensor.fromText([], [session.contents.assetFiles[kind.value.assetFileDefIndex] ?? ""]);
    case "constant":
      return session.constantOfObject(node, () => {
        const own = session.contents.graph.node.find(({ name }) => name === kind.value.operation);
        const tensor = own === undefined ? null : new Attributes(own.attr).tensor("value");
        return tensor === null ? null : constantFrom(tensor);
      });
    case "resource":
      return madeResource(session, nodes, node);
    default:
      return null;
  }
}

/** A table and the like: its own function makes it, under the name that the graph fills it by. */
function madeResource(session: GraphSession, nodes: readonly SavedObject[], node: number): GraphValue | null {
  const maker = nodes[node]?.children.find(({ localName }) => localName === "_create_resource");
  const [create] = maker === undefined ? [] : functionsOf(session, maker.nodeId, "_create_resource");
  if (create === undefined) return null;
  const { program } = session.prepareFunction(create.definition);
  return session.executor.runSync(program, create.captured)[0] ?? null;
}

/**
 * The tensors of a nested signature, in its order; keys of dicts and names of specs become names. Sparse and ragged
 * tensors are several: `input_0.values`, `input_0.row_splits`.
 */
function leaves(value: StructuredValue | undefined, fallback: string): TensorSpec[] {
  const specs: TensorSpec[] = [];
  const visit = (part: StructuredValue | undefined, key: string | null): void => {
    const kind = part?.kind;
    if (kind?.case === "tensorSpecValue" || kind?.case === "boundedTensorSpecValue") {
      const { name, dtype, shape } = kind.value;
      const own = fallback === "input" && name !== "" ? name : `${fallback}_${specs.length}`;
      // Two dicts can have one key: each input has a name of its own.
      const free = [key, own].find((text) => text !== null && specs.every((spec) => spec.name !== text));
      specs.push({
        name: free ?? `${fallback}_${specs.length}`,
        dtype: typeLabel(dtype),
        shape: knownShape(shape),
        tensor: "",
        type: dtype ?? DataType.DT_FLOAT,
      });
    } else if (kind?.case === "typeSpecValue") {
      const whole = key ?? `${fallback}_${specs.length}`;
      for (const { suffix, ...rest } of compositeParts(kind.value) ?? [])
        specs.push({ ...rest, name: `${whole}.${suffix}`, tensor: "" });
    } else {
      for (const inner of items(part)) visit(inner, null);
      for (const [name, inner] of fields(part)) visit(inner, name);
    }
  };
  visit(value, null);
  return specs;
}
