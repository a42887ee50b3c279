import type { ModelFile, StoredWeight } from "./model-file.js";
import { create } from "@bufbuild/protobuf";
import {
  SaverDefSchema,
  type DataType,
  type GraphDef,
  type OpDef,
  type SaverDef,
  type SavedObjectGraph,
  type SignatureDef,
} from "./proto/tensorflow_pb.js";

/** A TensorFlow graph as a file holds it, with everything that running it needs. */
export interface GraphContents {
  readonly graph: GraphDef;
  /** The TensorFlow that wrote it, `2.16.1`; null where the file does not say. */
  readonly tensorflowVersion: string | null;
  /** The signatures of the ops that the graph uses, where the file gives them (`stripped_op_list`). */
  readonly opDefs: ReadonlyMap<string, OpDef>;
  /** By name: `serving_default`. Empty in a frozen graph. */
  readonly signatures: ReadonlyMap<string, SignatureDef>;
  /** What the checkpoint holds, by checkpoint key; empty in a frozen graph. */
  readonly tensors: ReadonlyMap<string, StoredWeight>;
  /** How the graph itself restores its variables; null where it cannot. */
  readonly saver: SaverDef | null;
  /** Ops that prepare tables and other resources before the first call. */
  readonly initOps: readonly string[];
  /** Names of the tensors that stand for a file's path, and the file of `assets/` that each means. */
  readonly assetTensors: ReadonlyMap<string, string>;
  /** Files of `assets/` by position in `asset_file_def`. */
  readonly assetFiles: readonly string[];
  /** The bytes of a file of `assets/`; null when the model has none of that name. */
  readAsset(name: string): Uint8Array | null;
  /** The Python objects that were saved (TF2); null in TF1 and frozen graphs. */
  readonly objects: SavedObjectGraph | null;
  /** Checkpoint keys of the variables of `objects`, by node number. */
  readonly variableKeys: ReadonlyMap<number, string>;
  /** Keras's layers among `objects`, by their path: `encoder/block_1/attention`. */
  readonly layerObjects: ReadonlyMap<string, LayerObject>;
  /** Whether the file's config was read out of a saved function, since the model's own names no layers. */
  readonly wired: boolean;
}

const FILLS_TABLE = /^(InitializeTable|LookupTableImport)(V2)?$/;

/** Ops that fill a table with what the graph itself holds: those of a frozen graph run before the first call. */
function tableFillers({ node: nodes }: GraphDef): string[] {
  const fillers = nodes.filter(({ op }) => FILLS_TABLE.test(op)).map(({ name }) => name);
  if (fillers.length === 0) return [];
  const consumers = new Map<string, string[]>();
  for (const { name, input } of nodes)
    for (const from of input.map((text) => text.replace(/^\^|:\d+$/g, ""))) {
      const list = consumers.get(from);
      if (list) list.push(name);
      else consumers.set(from, [name]);
    }
  const fed = new Set(nodes.filter(({ op }) => op.startsWith("Placeholder")).map(({ name }) => name));
  for (const at of fed) for (const name of consumers.get(at) ?? []) fed.add(name); // grows meanwhile
  return fillers.filter((name) => !fed.has(name));
}

/** The ops by which `tf.train.Saver` restores, as it names them; null where the graph has none. */
function saverOf({ node: nodes }: GraphDef): SaverDef | null {
  // A set of all names takes as long as reading the graph.
  const has = (wanted: string) => nodes.some(({ name }) => name === wanted);
  const [restoreOpName, file] = ["save/restore_all", "save/Const"];
  if (!has(restoreOpName)) return null;
  return create(SaverDefSchema, { restoreOpName, filenameTensorName: has(file) ? `${file}:0` : "" });
}

/** A graph alone, as a frozen graph is: no signatures, no variables, no assets, no Python objects. */
export function graphAlone(graph: GraphDef): GraphContents {
  return {
    graph,
    tensorflowVersion: null,
    opDefs: new Map(),
    signatures: new Map(),
    tensors: new Map(),
    saver: saverOf(graph),
    initOps: tableFillers(graph),
    assetTensors: new Map(),
    assetFiles: [],
    readAsset: () => null,
    objects: null,
    variableKeys: new Map(),
    layerObjects: new Map(),
    wired: false,
  };
}

/** A Keras layer as a saved object. */
export interface LayerObject {
  /** Its number in `objects`. */
  readonly node: number;
  /** Its variables, in the order of `layer.weights`. */
  readonly variables: readonly number[];
  /** Set where it is no layer of Keras, but a group of operations of a model's own code. */
  readonly operations?: SavedOperations;
}

/** A group of operations as a layer: the part of a function between some of its tensors. */
export interface SavedOperations {
  readonly function: string;
  /** Tensors as the function writes them, `dense/PartitionedCall:output:0`; null for a type that is not told. */
  readonly inputs: readonly { readonly tensor: string; readonly type: DataType | null }[];
  readonly outputs: readonly string[];
  /** Arguments of the function that it takes besides, and the objects that they are. */
  readonly captured: readonly { readonly argument: string; readonly node: number }[];
  /** Nodes of the function that call layers: nothing behind them belongs to the group. */
  readonly layerCalls: ReadonlySet<string>;
}

/** A model file that holds a graph. */
export interface GraphFile extends ModelFile {
  readonly contents: GraphContents;
}

/** Whether an opened file can be run as a graph. */
export function holdsGraph(file: ModelFile): file is GraphFile {
  return "contents" in file;
}
