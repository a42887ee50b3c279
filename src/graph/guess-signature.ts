import { knownShape, type TensorSpec } from "./signature.js";
import type { GraphContents } from "../formats/graph-contents.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { DataType, type NodeDef } from "../formats/proto/tensorflow_pb.js";

/** Ops that end a chain without being a result. */
const NO_RESULT =
  /^(NoOp|Assert|Const|Placeholder\w*|Print\w*|Save\w*|Restore\w*|Assign\w*|Scatter(Nd)?(Add|Sub|Update)|Variable\w*|VarHandleOp|VarIsInitializedOp|\w*Summary\w*|Shape|ShapeN|Size|Rank|Switch|Enter|NextIteration|ControlTrigger|HashTable\w*|.*Dataset\w*|\w*Iterator\w*)$/;

/** Scopes that training and saving leave in a meta graph. */
const NOT_SERVING =
  /^(save(_\d+)?|init(_\d+)?|report_uninitialized\w*|group_deps)(\/|$)|(^|\/)gradients(_\d+)?(\/|$)/;

/** Ops that know how large their input is and not what is in it. */
const SIZE = /^(Shape|ShapeN|Size|Rank)$/;

const TRAINING = /^(Resource)?(Sparse)?Apply[A-Z]\w*$/;
const CHANGES =
  /^(Resource)?(Assign\w*|Scatter(Nd)?(Add|Sub|Update|Mul|Div|Min|Max)|(Sparse)?Apply[A-Z]\w*)$/;
const VARIABLE = /^(VarHandleOp|VariableV?2?)$/;

/**
 * Inputs and outputs of a graph that names none: what comes of its placeholders and nothing else uses. Of a graph for
 * training, what is compared with the labels is an output, and the labels are no inputs.
 */
export function guessSignature(contents: GraphContents): { inputs: TensorSpec[]; outputs: TensorSpec[] } {
  const nodes = servingNodes(contents.graph.node);
  const placeholders = nodes.all.filter(({ op }) => op === "Placeholder" || op === "PlaceholderV2");
  const training = contents.graph.node.some(
    ({ name, op }) => TRAINING.test(op) || /(^|\/)gradients(_\d+)?\//.test(name),
  );
  const labels = training ? placeholders.filter((node) => nodes.isLabel(node)) : [];
  const compared = comparedWith(nodes, placeholders, labels);
  if (compared.length > 0) {
    const needed = nodes.before(compared);
    return { inputs: placeholders.filter((node) => needed.has(node)).map(spec), outputs: compared.map(spec) };
  }
  const ends = nodes.all.filter((node) => nodes.isEnd(node, new Set()));
  const reached = nodes.after(placeholders);
  const valued = nodes.after(placeholders, SIZE);
  // Variables that are read for nobody are no outputs, unless there are no others; nor is what is left of the size of
  // an input (`rnn/stack`).
  const computed = ends.filter((node) => reached.has(node));
  const outputs = [computed.filter((node) => valued.has(node)), computed].find((found) => found.length > 0);
  return { inputs: placeholders.map(spec), outputs: (outputs ?? ends).map(spec) };
}

/** The graph without what training and saving leave in it; gradients that something else uses stay. */
function servingNodes(all: readonly NodeDef[]): Nodes {
  const whole = new Nodes(all);
  const serves = ({ name }: NodeDef): boolean => !NOT_SERVING.test(name);
  const users = all.filter(
    (node) => serves(node) && whole.leadsOn(node) && whole.inputsOf(node).some((from) => !serves(from)),
  );
  const used = whole.before(users);
  return new Nodes(all.filter((node) => serves(node) || used.has(node)));
}

/** What a graph for training computes without the labels, and uses with them only. */
function comparedWith(
  nodes: Nodes,
  placeholders: readonly NodeDef[],
  labels: readonly NodeDef[],
): readonly NodeDef[] {
  if (labels.length === 0) return [];
  const judged = nodes.after(labels);
  const reached = nodes.after(placeholders.filter((node) => !labels.includes(node)));
  const scopes = new Set([...judged].map(({ name }) => scopeOf(name)).filter((scope) => scope !== ""));
  const found = new Set(
    nodes.all.filter((node) => reached.has(node) && !judged.has(node) && nodes.isEnd(node, judged)),
  );
  // What a loss makes ready for itself stands in its scope: what it is made of is meant.
  for (const node of found) {
    if (!scopes.has(scopeOf(node.name))) continue;
    found.delete(node);
    for (const from of nodes.inputsOf(node)) if (reached.has(from)) found.add(from); // grows meanwhile
  }
  // The class with the highest score: the scores are meant too.
  for (const node of [...found]) if (node.op === "ArgMax") found.add(nodes.inputsOf(node)[0] ?? node);
  const weighted = nodes.all.filter((node) => nodes.isWeighted(node));
  const computed = nodes.after(weighted);
  return nodes.all.filter((node) => found.has(node) && computed.has(node));
}

function scopeOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

/** The nodes of a graph with what each is used by, as data. */
class Nodes {
  private readonly byName: ReadonlyMap<string, NodeDef>;
  private readonly users = new Map<NodeDef, NodeDef[]>();
  private readonly dead = new Set<NodeDef>();
  private readonly spent = new Set<NodeDef>();
  private readonly usedLoops: ReadonlySet<string>;

  constructor(readonly all: readonly NodeDef[]) {
    this.byName = new Map(all.map((node) => [node.name, node]));
    for (const node of all) this.users.set(node, []);
    for (const node of all) for (const from of this.inputsOf(node)) this.users.get(from)!.push(node);
    this.usedLoops = new Set(
      all.flatMap((node) => (this.users.get(node)!.length > 0 ? (this.loopOf(node) ?? []) : [])),
    );
    const open = all.filter((node) => this.users.get(node)!.length === 0);
    for (const node of open) {
      if (this.dead.has(node) || (this.isResult(node) && !this.isSpent(node))) continue;
      this.dead.add(node);
      if (this.isSpent(node)) this.spent.add(node);
      for (const from of this.inputsOf(node))
        if (this.users.get(from)!.every((user) => this.dead.has(user))) open.push(from); // grows meanwhile
    }
  }

  inputsOf({ input }: NodeDef): NodeDef[] {
    return input.flatMap((text) => this.byName.get(text.replace(/:\d+$/, "")) ?? []);
  }

  /** Whether a node goes into variables only, as gradients and what metrics count do, or into what is asserted. */
  private isSpent(node: NodeDef): boolean {
    const users = this.users.get(node)!;
    const asserts = (user: NodeDef): boolean => user.op === "Assert" && this.inputsOf(user)[0] === node;
    return (
      users.length > 0 &&
      users.every((user) => CHANGES.test(user.op) || this.spent.has(user) || asserts(user))
    );
  }

  /** Whether a node is a result, or something that is not left over uses it. */
  leadsOn(node: NodeDef): boolean {
    return !this.dead.has(node);
  }

  /** Whether nothing uses a node but what is judged and what leads to no result. */
  isEnd(node: NodeDef, judged: ReadonlySet<NodeDef>): boolean {
    const users = this.users.get(node)!;
    if (!this.isResult(node) || this.spent.has(node)) return false;
    return users.every((user) => this.dead.has(user) || judged.has(user));
  }

  private isResult(node: NodeDef): boolean {
    if (NO_RESULT.test(node.op) || TRAINING.test(node.op) || NOT_SERVING.test(node.name)) return false;
    // Identities of Switch stand for the branches of a condition.
    if (node.op === "Identity" && this.inputsOf(node)[0]?.op === "Switch") return false;
    // A loop gives out all its variables, its counter too: where one is used, that one is what was meant.
    const loop = this.loopOf(node);
    return loop === null || !this.usedLoops.has(loop);
  }

  /** The loop that a node is a result of. */
  private loopOf(node: NodeDef): string | null {
    if (node.op === "Exit") return scopeOf(node.name);
    const [from] = node.op === "Identity" ? this.inputsOf(node) : [];
    return from !== undefined && /^(Stateless)?While$/.test(from.op) ? from.name : null;
  }

  /**
   * All that is computed from nodes, themselves too; not what changes variables, nor what reads them afterwards.
   * @param without ops that are no part of it, nor what is computed through them alone
   */
  after(nodes: readonly NodeDef[], without = /^$/): ReadonlySet<NodeDef> {
    const found = new Set(nodes);
    for (const node of found) {
      if (CHANGES.test(node.op) || without.test(node.op)) continue;
      for (const user of this.users.get(node)!) found.add(user); // grows meanwhile
    }
    for (const node of found) if (CHANGES.test(node.op) || without.test(node.op)) found.delete(node);
    return found;
  }

  before(nodes: readonly NodeDef[]): ReadonlySet<NodeDef> {
    const found = new Set(nodes);
    for (const node of found) for (const from of this.inputsOf(node)) found.add(from); // grows meanwhile
    return found;
  }

  /** Whether an op takes a variable, as a layer takes its weights. */
  isWeighted(node: NodeDef): boolean {
    const isRead = ({ op }: NodeDef): boolean => op === "Identity" || op === "ReadVariableOp";
    if (CHANGES.test(node.op) || isRead(node)) return false;
    return this.inputsOf(node).some((from) => {
      const variable = isRead(from) ? this.inputsOf(from)[0] : from;
      return variable !== undefined && VARIABLE.test(variable.op);
    });
  }

  /** Whether a placeholder of a graph for training passes no weights. Truths and single numbers are switches. */
  isLabel(node: NodeDef): boolean {
    const { dtype, shape } = spec(node);
    if (dtype === "bool" || shape?.length === 0) return false;
    return ![...this.after([node])].some((user) => this.isWeighted(user));
  }
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
