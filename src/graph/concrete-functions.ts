import type { SavedObject, StructuredValue } from "../formats/proto/tensorflow_pb.js";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { constantFrom } from "./tensors.js";
import { Attributes } from "./attributes.js";
import type { GraphSession } from "./session.js";
import { knownShape, type TensorSpec } from "./signature.js";
import { StringTensor, type GraphValue } from "./value.js";

/** A function of the saved Python objects, with what it captured. */
export interface ConcreteFunction {
  /** Names of the references from the root: `encode`. */
  readonly path: string;
  /** Its name in the function library. */
  readonly definition: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly captured: readonly GraphValue[];
  /** The saved objects that `captured` are the values of. */
  readonly capturedNodes: readonly number[];
}

/** Names that Keras and TensorFlow keep for themselves. */
const INTERNAL = /^(signatures|keras_api|_default_save_signature|call_and_return\w*|\w*_fn|_\w+)$/;

/**
 * The functions that a saved `tf.Module` offers beside its signatures. Of a function with several concrete ones, the
 * first is taken.
 */
export function childFunctions(session: GraphSession): ConcreteFunction[] {
  const objects = session.contents.objects;
  if (objects === null) return [];
  const found: ConcreteFunction[] = [];
  for (const { localName, nodeId } of objects.nodes[0]?.children ?? []) {
    if (INTERNAL.test(localName) && localName !== "__call__") continue;
    const first = functionsOf(session, nodeId, localName)[0];
    if (first !== undefined) found.push(first);
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
        captured,
        capturedNodes: saved.boundInputs,
        training: holdsTrue(saved.canonicalizedInputSignature),
      },
    ];
  });
  return found.sort((a, b) => Number(a.training) - Number(b.training));
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
    case "constant": {
      const own = session.contents.graph.node.find(({ name }) => name === kind.value.operation);
      const tensor = own === undefined ? null : new Attributes(own.attr).tensor("value");
      return tensor === null ? null : constantFrom(tensor);
    }
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
      specs.push({
        name: key ?? (fallback === "input" && name !== "" ? name : `${fallback}_${specs.length}`),
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
