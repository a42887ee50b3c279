import type { ByteSource } from "./byte-source.js";
import { graphAlone, type GraphFile } from "./graph-contents.js";
import {
  FormatError,
  type FormatFinding,
  type ModelFile,
  type StoredLayer,
  type StoredWeight,
  type WeightArray,
} from "./model-file.js";
import { decodeWhole, decodeWholeText } from "./proto/decode.js";
import { dtypeName } from "./proto/data-type.js";
import { readTensorProto } from "./proto/tensor-proto.js";
import { GraphDefSchema, type GraphDef, type NodeDef, type TensorProto } from "./proto/tensorflow_pb.js";
import { readWhole } from "./saved-model/folder.js";

/** Constants below this many elements are shapes and axes, not weights. */
const WEIGHT_ELEMENTS = 16;

/** Whether the first bytes can be a GraphDef: field 1, a node whose own first field is its name. */
export function looksLikeGraphDef(head: Uint8Array): boolean {
  if (head[0] !== 0x0a) return false;
  let at = 1;
  while (at < 6 && (head[at] ?? 0) >= 0x80) at++;
  return head[at + 1] === 0x0a || head[at + 1] === 0x12;
}

/**
 * Opens a frozen graph: a GraphDef whose weights are constants, binary (`.pb`) or text (`.pbtxt`).
 * The source is read whole and closed. A graph that is cut off gives the constants that are whole, and cannot be run.
 * @throws FormatError F14 when it is no GraphDef.
 */
export function openFrozenGraph(path: string, source: ByteSource): GraphFile | ModelFile {
  const { size } = source;
  const bytes = readWhole(source);
  source.close();
  const { message: graph, cut } = path.endsWith(".pbtxt")
    ? decodeWholeText(GraphDefSchema, new TextDecoder().decode(bytes), path)
    : decodeWhole(GraphDefSchema, bytes, path);
  if (graph.node.length === 0) throw notAGraph(path);
  const file: ModelFile = {
    path,
    format: "frozen-graph",
    size,
    kerasVersion: null,
    backend: null,
    config: null,
    trainingConfig: null,
    layers: constants(graph),
    optimizerWeights: [],
    findings: cut === null ? [] : [lostNodes(cut, graph)],
    close: () => undefined,
  };
  return cut === null ? { ...file, contents: graphAlone(graph) } : file;
}

function lostNodes(cut: FormatFinding, { node }: GraphDef): FormatFinding {
  const last = node.at(-1)!.name;
  const detail = `${cut.detail}; ${node.length} nodes are whole, those after ${JSON.stringify(last.slice(0, 80))} are lost`;
  return { ...cut, detail };
}

function notAGraph(path: string): FormatError {
  return new FormatError({
    code: "F14",
    title: "Not a frozen graph",
    where: path,
    detail: "it holds no nodes",
    advice: "A SavedModel is opened by its folder, a checkpoint by its prefix.",
  });
}

/** The graph's constants as weights, grouped by scope. */
function constants(graph: GraphDef): StoredLayer[] {
  const groups = new Map<string, StoredWeight[]>();
  for (const node of graph.node) {
    const weight = constantWeight(node);
    if (weight === null) continue;
    const scope = node.name.includes("/") ? node.name.slice(0, node.name.lastIndexOf("/")) : node.name;
    groups.set(scope, [...(groups.get(scope) ?? []), weight]);
  }
  return [...groups].map(([name, weights]) => ({ name, weights, missing: [] }));
}

function constantWeight(node: NodeDef): StoredWeight | null {
  if (node.op !== "Const") return null;
  const value = node.attr.find(({ key }) => key === "value")?.value?.value;
  if (value?.case !== "tensor") return null;
  const tensor = value.value;
  const dtype = dtypeName(tensor.dtype);
  const shape = (tensor.tensorShape?.dim ?? []).map((dim) => Number(dim.size));
  const size = shape.reduce((n, dim) => n * dim, 1);
  const known = shape.every((dim) => dim >= 0) && Number.isSafeInteger(size);
  if (!known || dtype === null || dtype === "string" || size < WEIGHT_ELEMENTS) return null;
  return {
    name: node.name,
    path: node.name,
    shape,
    dtype,
    byteLength: tensor.tensorContent.length,
    whole: true,
    read: async () => readConstant(node.name, tensor),
  };
}

/** @throws FormatError F14 when the constant's values are not its own */
function readConstant(name: string, tensor: TensorProto): Exclude<WeightArray, string[]> {
  try {
    const read = readTensorProto(tensor);
    if (read.dtype !== "string") return read.values;
    throw new RangeError("a string constant is no weight");
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const finding = {
      code: "F14",
      title: "A constant cannot be read",
      where: name,
      detail: cause.message,
      advice: "Get the file again from where it was made.",
    };
    throw new FormatError(finding, { cause });
  }
}
