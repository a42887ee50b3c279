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
  const concrete = new Map(objects.concreteFunctions.map(({ key, value }) => [key, value]));
  const found: ConcreteFunction[] = [];
  for (const { localName, nodeId } of objects.nodes[0]?.children ?? []) {
    const kind = objects.nodes[nodeId]?.kind;
    if (kind?.case !== "function" || (INTERNAL.test(localName) && localName !== "__call__")) continue;
    for (const name of kind.value.concreteFunctions) {
      const saved = concrete.get(name);
      const inputs = leaves(saved?.canonicalizedInputSignature, "input");
      if (saved === undefined || !session.functions.has(name)) continue;
      const captured = saved.boundInputs.map((node) => capturedValue(session, objects.nodes, node));
      if (captured.some((value) => value === null)) continue;
      const outputs = leaves(saved.outputSignature, "output");
      found.push({ path: localName, definition: name, inputs, outputs, captured: captured as GraphValue[] });
      break;
    }
  }
  return found;
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
    default:
      return null;
  }
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
      for (const { key: name, value: inner } of kind.value.fields) visit(inner, name);
    } else if (kind?.case === "namedTupleValue") {
      for (const { key: name, value: inner } of kind.value.values) visit(inner, name);
    }
  };
  visit(value, null);
  return specs;
}
