import type { SavedFunction, SavedObject, StructuredValue } from "../formats/proto/tensorflow_pb.js";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { constantFrom } from "./tensors.js";
import { Attributes } from "./attributes.js";
import type { GraphSession } from "./session.js";
import { knownShape, type TensorSpec } from "./signature.js";
import { StringTensor, type GraphValue } from "./value.js";

/** A Python value that a function can be traced for, beside tensors. */
export type PythonValue = boolean | number | string | null;

export interface PythonOption {
  readonly name: string;
  readonly value: PythonValue;
  /** Whether a call without this argument means this value. */
  readonly isDefault: boolean;
}

/** A function of the saved Python objects, with what it captured. */
export interface ConcreteFunction {
  /** Names of the references from the root: `encode`. */
  readonly path: string;
  /** Its name in the function library. */
  readonly definition: string;
  readonly inputs: readonly TensorSpec[];
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
    return [
      {
        path,
        definition: name,
        inputs: leaves(saved.canonicalizedInputSignature, "input"),
        outputs: leaves(saved.outputSignature, "output"),
        options: optionsOf(kind.value, saved.canonicalizedInputSignature),
        captured,
        capturedNodes: saved.boundInputs,
        training: holdsTrue(saved.canonicalizedInputSignature),
      },
    ];
  });
  return found.sort((a, b) => Number(a.training) - Number(b.training));
}

/** The arguments of a signature that are no tensors, by the names that the function gives them. */
function optionsOf(
  { functionSpec }: SavedFunction,
  signature: StructuredValue | undefined,
): readonly PythonOption[] {
  const spec = functionSpec?.fullargspec?.kind;
  const fields = spec?.case === "namedTupleValue" ? spec.value.values : [];
  const field = (name: string): StructuredValue | undefined => fields.find(({ key }) => key === name)?.value;
  const names = listed(field("args")).map(pythonValue);
  if (functionSpec?.isMethod && names[0] === "self") names.shift();
  const defaults = new Map<string, PythonValue | undefined>();
  const values = listed(field("defaults"));
  values.forEach((value, i) =>
    defaults.set(String(names[names.length - values.length + i]), pythonValue(value)),
  );
  const named = [...entriesOf(field("kwonlydefaults"))];
  for (const [name, value] of named) defaults.set(name, pythonValue(value));
  const [args, keywords] = listed(signature);
  const given = [
    ...listed(args).map((value, i) => [String(names[i] ?? `argument_${i}`), value] as const),
    ...entriesOf(keywords),
  ];
  return given.flatMap(([name, signed]) => {
    const value = pythonValue(signed);
    return value === undefined ? [] : [{ name, value, isDefault: defaults.get(name) === value }];
  });
}

function listed(value: StructuredValue | undefined): readonly StructuredValue[] {
  const kind = value?.kind;
  return kind?.case === "listValue" || kind?.case === "tupleValue" ? kind.value.values : [];
}

function entriesOf(value: StructuredValue | undefined): [string, StructuredValue | undefined][] {
  const kind = value?.kind;
  return kind?.case === "dictValue" ? kind.value.fields.map((field) => [field.key, field.value]) : [];
}

/** A number, text, truth or None; undefined for what is none of these. */
function pythonValue(value: StructuredValue | undefined): PythonValue | undefined {
  const kind = value?.kind;
  switch (kind?.case) {
    case "noneValue":
      return null;
    case "boolValue":
    case "stringValue":
    case "float64Value":
      return kind.value;
    case "int64Value":
      return Number(kind.value);
    default:
      return undefined;
  }
}

/** Whether a signature was made for an argument that is True; Keras's only one is `training`. */
function holdsTrue(value: StructuredValue | undefined): boolean {
  const kind = value?.kind;
  switch (kind?.case) {
    case "boolValue":
      return kind.value;
    case "listValue":
    case "tupleValue":
      return kind.value.values.some(holdsTrue);
    case "dictValue":
      return kind.value.fields.some(({ value: inner }) => holdsTrue(inner));
    default:
      return false;
  }
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

/** The tensors of a nested signature, in its order; keys of dicts and names of specs become names. */
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
    } else if (kind?.case === "listValue" || kind?.case === "tupleValue") {
      for (const inner of kind.value.values) visit(inner, null);
    } else if (kind?.case === "dictValue") {
      // A protobuf map has any order; a function takes a dict's tensors by their sorted keys (tf.nest).
      const sorted = [...kind.value.fields].sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const { key: name, value: inner } of sorted) visit(inner, name);
    } else if (kind?.case === "namedTupleValue") {
      for (const { key: name, value: inner } of kind.value.values) visit(inner, name);
    }
  };
  visit(value, null);
  return specs;
}
