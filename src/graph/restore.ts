import type { GraphContents } from "../formats/graph-contents.js";
import { readTensorProto } from "../formats/proto/tensor-proto.js";
import type { TensorProto } from "../formats/proto/tensorflow_pb.js";
import { flattenGraph, type Definitions, type FlatGraph, type FlatStep, type Reference } from "./flatten.js";
import { GraphError } from "./graph-error.js";

/** Where the graph's own restore op takes each resource's content from. */
export interface Bindings {
  /** Checkpoint key by the variable's name. */
  readonly variables: ReadonlyMap<string, StoredPart>;
  /** Keys and values by the table's name. */
  readonly tables: ReadonlyMap<string, { readonly keys: string; readonly values: string }>;
}

/** A tensor of the checkpoint, or the part of a partitioned one: `4 3 0,2:0,3`. */
export interface StoredPart {
  readonly key: string;
  readonly slice: string;
}

/**
 * Reads off the restore op of a graph which tensor of the checkpoint goes to which variable and table. The op is
 * never run: nothing of the checkpoint is read that no prediction needs.
 */
export function readBindings(contents: GraphContents, definitions: Definitions): Bindings {
  const variables = new Map<string, StoredPart>();
  const tables = new Map<string, { keys: string; values: string }>();
  const flat = restoreGraph(contents, definitions);
  if (flat === null) return { variables, tables };
  for (const step of flat.steps) {
    if (/^(AssignVariableOp|Assign)$/.test(step.op)) {
      const name = resourceName(flat, step.inputs[0]);
      const part = storedPart(flat, step.inputs[1]);
      if (name !== null && part !== null) variables.set(name, part);
    } else if (/^LookupTableImport(V2)?$/.test(step.op)) {
      const name = resourceName(flat, step.inputs[0]);
      const keys = storedPart(flat, step.inputs[1]);
      const values = storedPart(flat, step.inputs[2]);
      if (name !== null && keys !== null && values !== null)
        tables.set(name, { keys: keys.key, values: values.key });
    }
  }
  return { variables, tables };
}

function restoreGraph(contents: GraphContents, definitions: Definitions): FlatGraph | null {
  const saver = contents.saver;
  if (saver === null || saver.restoreOpName === "") return null;
  const feeds = saver.filenameTensorName === "" ? [] : [saver.filenameTensorName];
  try {
    return flattenGraph(contents.graph, feeds, [], [saver.restoreOpName], definitions);
  } catch (error) {
    // A graph whose restore op is damaged still has names to go by.
    if (error instanceof GraphError) return null;
    throw error;
  }
}

/** Follows a handle back to the op that makes it. */
function resourceName(flat: FlatGraph, reference: Reference | undefined): string | null {
  const step = origin(flat, reference)?.step;
  if (
    step === undefined ||
    !/^(VarHandleOp|Variable(V2)?|(Mutable)?(Dense)?HashTable(OfTensors)?(V2)?)$/.test(step.op)
  )
    return null;
  return step.attributes.text("shared_name") || step.name;
}

function storedPart(flat: FlatGraph, reference: Reference | undefined): StoredPart | null {
  const found = origin(flat, reference);
  if (found === null || !/^Restore(V2|Slice)?$/.test(found.step.op)) return null;
  const [, names, slices] = found.step.inputs;
  const key = constantTexts(flat, names)[found.index];
  return key === undefined ? null : { key, slice: constantTexts(flat, slices)[found.index] ?? "" };
}

/** The op that a value comes from, past those that hand it on. */
function origin(flat: FlatGraph, reference: Reference | undefined): { step: FlatStep; index: number } | null {
  let at = reference;
  for (let hops = 0; at !== undefined && hops < 64; hops++) {
    const step = flat.steps[at.step]!;
    if (!/^(Identity|IdentityN|Cast|Reshape)$/.test(step.op)) return { step, index: at.index };
    at = step.inputs[step.op === "IdentityN" ? at.index : 0];
  }
  return null;
}

function constantTexts(flat: FlatGraph, reference: Reference | undefined): string[] {
  const tensor = origin(flat, reference)?.step.attributes.tensor("value");
  if (!tensor) return [];
  const read = readable(tensor);
  return read?.dtype === "string" ? read.values.map((bytes) => new TextDecoder().decode(bytes)) : [];
}

/** A damaged constant names nothing here; where it is run, that is told with its name. */
function readable(tensor: TensorProto): ReturnType<typeof readTensorProto> | null {
  try {
    return readTensorProto(tensor);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Rows, columns, ... of a partition: `4 3 0,2:-` is rows 0 and 1 of a matrix of 4 by 3. */
export function parseSlice(slice: string): { begin: number[]; size: number[] } | null {
  if (slice === "") return null;
  const parts = slice.split(" ");
  const extents = parts.pop()!.split(":");
  const shape = parts.map(Number);
  const begin = extents.map((extent) => (extent === "-" ? 0 : Number(extent.split(",")[0])));
  const size = extents.map((extent, d) => (extent === "-" ? shape[d]! : Number(extent.split(",")[1])));
  return begin.length === shape.length ? { begin, size } : null;
}
