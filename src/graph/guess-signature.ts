import { knownShape, type TensorSpec } from "./signature.js";
import type { GraphContents } from "../formats/graph-contents.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { DataType, type NodeDef } from "../formats/proto/tensorflow_pb.js";

/** Ops that end a chain without being a result. */
const NO_RESULT =
  /^(NoOp|Assert|Const|Placeholder\w*|Print\w*|Save\w*|Restore\w*|Assign\w*|Variable\w*|VarHandleOp|VarIsInitializedOp|\w*Summary\w*|Switch|Enter|Exit|NextIteration|ControlTrigger|HashTable\w*|.*Dataset\w*|\w*Iterator\w*)$/;

/** Scopes that training and saving leave in a meta graph. */
const NOT_SERVING = /^(save(_\d+)?|gradients(_\d+)?|init(_\d+)?|report_uninitialized\w*|group_deps)(\/|$)/;

/** Inputs and outputs of a graph that names none: its placeholders, and what nothing else uses. */
export function guessSignature(contents: GraphContents): { inputs: TensorSpec[]; outputs: TensorSpec[] } {
  const nodes = contents.graph.node;
  const used = new Set(
    nodes.flatMap(({ input }) => input.map((name) => name.replace(/^\^/, "").replace(/:\d+$/, ""))),
  );
  return {
    inputs: nodes.filter(({ op }) => op === "Placeholder" || op === "PlaceholderV2").map(spec),
    outputs: nodes
      .filter(({ name, op }) => !used.has(name) && !NO_RESULT.test(op) && !NOT_SERVING.test(name))
      .map(spec),
  };
}

function spec(node: NodeDef): TensorSpec {
  const attribute = (name: string) => node.attr.find(({ key }) => key === name)?.value?.value;
  const dtype = attribute("dtype") ?? attribute("T");
  const shape = attribute("shape");
  const type = dtype?.case === "type" ? dtype.value : DataType.DT_FLOAT;
  return {
    name: node.name,
    dtype: typeLabel(type),
    shape: shape?.case === "shape" ? knownShape(shape.value) : null,
    tensor: `${node.name}:0`,
    type,
  };
}
