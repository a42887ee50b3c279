import { knownShape, type TensorSpec } from "./signature.js";
import type { GraphContents } from "../formats/graph-contents.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { DataType, type NodeDef } from "../formats/proto/tensorflow_pb.js";

/** Ops that end a chain without being a result. */
const NO_RESULT =
  /^(NoOp|Assert|Const|Placeholder\w*|Print\w*|Save\w*|Restore\w*|Assign\w*|Variable\w*|VarHandleOp|VarIsInitializedOp|\w*Summary\w*|Switch|Enter|Exit|NextIteration|ControlTrigger|HashTable\w*|.*Dataset\w*|\w*Iterator\w*)$/;

/** Scopes that training and saving leave in a meta graph. */
const NOT_SERVING = /^(save(_\d+)?|gradients(_\d+)?|init(_\d+)?|report_uninitialized\w*|group_deps)(\/|$)/;

/** Inputs and outputs of a graph that names none: its placeholders, and what comes of them and nothing else uses. */
export function guessSignature(contents: GraphContents): { inputs: TensorSpec[]; outputs: TensorSpec[] } {
  const nodes = contents.graph.node;
  const users = usersOf(nodes);
  const inputs = nodes.filter(({ op }) => op === "Placeholder" || op === "PlaceholderV2");
  const ends = nodes.filter(
    ({ name, op }) => !users.has(name) && !NO_RESULT.test(op) && !NOT_SERVING.test(name),
  );
  const reached = new Set(inputs.map(({ name }) => name));
  for (const name of reached) for (const user of users.get(name) ?? []) reached.add(user); // grows meanwhile
  // Variables that are read for nobody are no outputs, unless there are no others.
  const computed = ends.filter(({ name }) => reached.has(name));
  return { inputs: inputs.map(spec), outputs: (computed.length > 0 ? computed : ends).map(spec) };
}

/** The nodes that each node is an input of. */
function usersOf(nodes: readonly NodeDef[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { name, input } of nodes)
    for (const text of input) {
      const from = text.replace(/^\^/, "").replace(/:\d+$/, "");
      const known = users.get(from);
      if (known) known.push(name);
      else users.set(from, [name]);
    }
  return users;
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
