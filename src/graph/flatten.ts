import { Attributes } from "./attributes.js";
import { GraphError } from "./graph-error.js";
import { LIMITS } from "./limits.js";
import type { FunctionDef, GraphDef, NodeDef, OpDef } from "../formats/proto/tensorflow_pb.js";
import type { Kernel } from "./kernel.js";
import { sortNodes, type Body, type NodeReference, type Place } from "./sort-nodes.js";

/** Output `index` of a step. */
export interface Reference {
  readonly step: number;
  readonly index: number;
}

/** One op of a graph whose calls have been replaced by the bodies of the functions. */
export interface FlatStep {
  /** Unique: names of the calls that led here, then the op's own. */
  readonly name: string;
  readonly op: string;
  readonly attributes: Attributes;
  inputs: Reference[];
  /** Steps that come before this one without giving it a value. */
  readonly controls: readonly number[];
}

export interface FlatGraph {
  readonly steps: readonly FlatStep[];
  /** Steps that stand for arguments, in their order. */
  readonly arguments: readonly number[];
  readonly results: readonly Reference[];
}

/** Op of the steps that stand for arguments and feeds. */
export const ARGUMENT = "_Argument";

/** Outputs of one op. A number beyond is no op's. */
const MOST_OUTPUTS = 100_000;

const DAMAGED = "The file is damaged.";

const CALLS = new Set(["PartitionedCall", "StatefulPartitionedCall"]);

/** The functions and ops that a graph can refer to. */
export interface Definitions {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly opDefs: ReadonlyMap<string, OpDef>;
  kernel(op: string): Kernel | null;
}

/** A function's body, its calls replaced by what they call. */
export function flattenFunction(name: string, definitions: Definitions): FlatGraph {
  const flattener = new Flattener(definitions);
  const definition = flattener.functionNamed(name, null);
  const args = (definition.signature?.inputArg ?? []).map((arg) => flattener.argument(arg.name));
  const results = flattener.call(definition, args, { scope: "", path: [name], controls: [] });
  return { steps: flattener.steps, arguments: args.map(({ step }) => step), results: results.values };
}

/**
 * The part of a graph that gives `fetches` when `feeds` are given, its calls replaced by what they call.
 * @param feeds tensors by name, `x:0`
 * @param fetches tensors by name
 * @param targets ops to run for their effect
 */
export function flattenGraph(
  graph: GraphDef,
  feeds: readonly string[],
  fetches: readonly string[],
  targets: readonly string[],
  definitions: Definitions,
): FlatGraph {
  const flattener = new Flattener(definitions);
  const fed = new Map(feeds.map((name) => [canonical(name), flattener.argument(name)]));
  const body = graphBody(graph, fed);
  const wanted = fetches.map(parseGraphReference);
  const outputs = flattener.expand(
    body,
    [...wanted.map(({ node }) => node), ...targets.map((name) => parseGraphReference(name).node)],
    { scope: "", path: [], controls: [] },
  );
  return {
    steps: flattener.steps,
    arguments: [...fed.values()].map(({ step }) => step),
    results: wanted.map((reference) => outputs.value(reference)),
  };
}

/** Some tensors of a function, as it writes them. */
export interface FunctionPart {
  readonly function: string;
  /** Tensors that are given, arguments among them. */
  readonly feeds: readonly string[];
  readonly fetches: readonly string[];
  /** Nodes behind which nothing is followed; what is needed of them is among the feeds. */
  readonly ends: ReadonlySet<string>;
}

/** The part of a function's body that gives `fetches` when `feeds` are given. */
export function flattenPart(part: FunctionPart, definitions: Definitions): FlatGraph {
  const flattener = new Flattener(definitions);
  const definition = flattener.functionNamed(part.function, null);
  const nodes = byName(definition.nodeDef);
  const args = part.feeds.map((name) => flattener.argument(name));
  const parse = (input: string): NodeReference => flattener.parseFunctionReference(input, nodes);
  const key = ({ node, index }: NodeReference): string => `${node}:${index}`;
  const given = new Map(part.feeds.map((name, i) => [key(parse(name)), args[i]!]));
  const body: Body = { nodes, given, ends: part.ends, parse };
  const wanted = part.fetches.map(parse);
  const place = { scope: "", path: [part.function], controls: [] };
  const outputs = flattener.expand(
    body,
    wanted.map(({ node }) => node),
    place,
  );
  return {
    steps: flattener.steps,
    arguments: args.map(({ step }) => step),
    results: wanted.map((reference) => outputs.value(reference)),
  };
}

/** `node:1` for `node:1`, `node:0` for `node`. */
export function canonical(name: string): string {
  const { node, index } = parseGraphReference(name);
  return `${node}:${index}`;
}

function parseGraphReference(text: string): NodeReference {
  const cut = text.lastIndexOf(":");
  if (cut < 0 || !/^\d+$/.test(text.slice(cut + 1))) return { node: text, index: 0 };
  return { node: text.slice(0, cut), index: Number(text.slice(cut + 1)) };
}

function graphBody(graph: GraphDef, fed: ReadonlyMap<string, Reference>): Body {
  return { nodes: byName(graph.node), given: fed, parse: parseGraphReference };
}

function byName(nodes: readonly NodeDef[]): Map<string, NodeDef> {
  return new Map(nodes.map((node) => [node.name, node]));
}

class Flattener {
  readonly steps: FlatStep[] = [];
  /** Ops and calls that were followed; calls of calls may add no step and still have no end. */
  private followed = 0;
  /** Output names of ops, for references inside functions. */
  private readonly outputNames = new Map<string, readonly string[] | null>();

  constructor(private readonly definitions: Definitions) {}

  argument(name: string): Reference {
    return { step: this.push(name, ARGUMENT, new Attributes([]), [], []), index: 0 };
  }

  functionNamed(name: string, caller: string | null): FunctionDef {
    const found = this.definitions.functions.get(name);
    if (found !== undefined) return found;
    throw new GraphError(
      "O07",
      caller,
      `it calls the function ${name}, which the graph does not hold`,
      "The file is incomplete; other signatures may run.",
    );
  }

  /** Puts a function's body in place of a call. */
  call(
    definition: FunctionDef,
    args: readonly Reference[],
    place: Place,
  ): { values: Reference[]; all: number[] } {
    const given = new Map<string, Reference>();
    for (const [i, arg] of (definition.signature?.inputArg ?? []).entries()) {
      const value = args[i];
      if (value !== undefined) given.set(`${arg.name}:0`, value);
    }
    const nodes = byName(definition.nodeDef);
    const body: Body = { nodes, given, parse: (input) => this.parseFunctionReference(input, nodes) };
    const results = new Map(definition.ret.map(({ key, value }) => [key, body.parse(value)]));
    const kept = definition.controlRet.map(({ value }) => value);
    const wanted = (definition.signature?.outputArg ?? []).map(({ name }) => {
      const reference = results.get(name);
      if (reference !== undefined) return reference;
      throw new GraphError("G02", place.scope, `its function gives no value for ${name}`, DAMAGED);
    });
    const outputs = this.expand(body, [...wanted.map(({ node }) => node), ...kept], place);
    return { values: wanted.map((reference) => outputs.value(reference)), all: outputs.steps(kept) };
  }

  /** `node:output:index` counts within the named output; `name` alone is an argument. */
  parseFunctionReference(input: string, nodes: ReadonlyMap<string, NodeDef>): NodeReference {
    const [node = "", output, index] = input.split(":");
    if (output === undefined) return { node, index: 0 };
    const definition = nodes.get(node);
    const before = definition === undefined ? 0 : this.outputsBefore(definition, output);
    return { node, index: before + Number(index ?? 0) };
  }

  /** How many tensors the outputs before the named one give. */
  private outputsBefore(node: NodeDef, output: string): number {
    const opDef = this.definitions.opDefs.get(node.op) ?? this.definitions.functions.get(node.op)?.signature;
    if (opDef === undefined) {
      return Math.max(0, (this.namesOf(node.op) ?? [output]).indexOf(output));
    }
    const attributes = new Attributes(node.attr);
    let count = 0;
    for (const arg of opDef.outputArg) {
      if (arg.name === output) return count;
      if (arg.numberAttr !== "") count += attributes.int(arg.numberAttr);
      else if (arg.typeListAttr !== "") count += attributes.types(arg.typeListAttr).length;
      else count += 1;
    }
    return 0;
  }

  private namesOf(op: string): readonly string[] | null {
    let names = this.outputNames.get(op);
    if (names === undefined) {
      names = this.definitions.kernel(op)?.outputs ?? null;
      this.outputNames.set(op, names);
    }
    return names;
  }

  /** Adds the ops that `wanted` need, in an order that has every op after those it needs. */
  expand(body: Body, wanted: readonly string[], place: Place): Outputs {
    if (place.path.length > LIMITS.callDepth) {
      throw tooMuch(place, `functions call functions ${LIMITS.callDepth} deep`);
    }
    const outputs = new Outputs(body.given, place.scope);
    for (const node of sortNodes(body, wanted, place)) this.addNode(node, body, outputs, place);
    for (const { step, inputs } of outputs.unfinished) {
      this.steps[step]!.inputs = inputs.map((reference) => outputs.value(reference));
    }
    return outputs;
  }

  private addNode(node: NodeDef, body: Body, outputs: Outputs, place: Place): void {
    const name = place.scope + node.name;
    if (++this.followed > LIMITS.inlinedNodes) throw beyondLimit(name);
    const attributes = new Attributes(node.attr);
    const data = node.input.filter((input) => !input.startsWith("^")).map((input) => body.parse(input));
    const controls = [...place.controls, ...outputs.steps(controlNames(node))];
    const called = this.calledBy(node.op, attributes);
    if (called === null) {
      // A loop of TF1 closes here: its value comes from further down.
      const loop = node.op === "Merge" || node.op === "RefMerge";
      const inputs = loop ? [] : data.map((reference) => outputs.value(reference));
      const step = this.push(name, node.op, attributes, inputs, controls);
      if (loop) outputs.unfinished.push({ step, inputs: data });
      outputs.addStep(node.name, step);
      return;
    }
    if (place.path.includes(called)) throw tooMuch(place, `the function ${called} calls itself`);
    const inputs = data.map((reference) => outputs.value(reference));
    const inner = { scope: `${name}/`, path: [...place.path, called], controls };
    const { values, all } = this.call(this.functionNamed(called, name), inputs, inner);
    outputs.addCall(node.name, values, all);
  }

  /** The function that an op calls: the one it names, or the one whose name is the op's own, as `Defun` writes it. */
  private calledBy(op: string, attributes: Attributes): string | null {
    if (CALLS.has(op)) return attributes.func("f");
    return this.definitions.functions.has(op) && this.definitions.kernel(op) === null ? op : null;
  }

  private push(
    name: string,
    op: string,
    attributes: Attributes,
    inputs: Reference[],
    controls: readonly number[],
  ): number {
    this.steps.push({ name, op, attributes, inputs, controls });
    return this.steps.length - 1;
  }
}

function beyondLimit(node: string): GraphError {
  return new GraphError(
    "F18",
    node,
    `the graph grows beyond ${LIMITS.inlinedNodes} ops when its functions are put in place of their calls`,
    "No model does that: the file is made to exhaust memory, and it is refused.",
  );
}

function tooMuch(place: Place, detail: string): GraphError {
  return new GraphError(
    "F18",
    place.scope || null,
    detail,
    "TensorFlow does not write such graphs; it is refused.",
  );
}

/** What the nodes of one body gave. */
class Outputs {
  readonly unfinished: { step: number; inputs: NodeReference[] }[] = [];
  private readonly nodes = new Map<string, number>();
  private readonly calls = new Map<string, { values: readonly Reference[]; all: readonly number[] }>();

  constructor(
    private readonly given: ReadonlyMap<string, Reference>,
    private readonly scope: string,
  ) {}

  addStep(node: string, step: number): void {
    this.nodes.set(node, step);
  }

  addCall(node: string, values: readonly Reference[], all: readonly number[]): void {
    this.calls.set(node, { values, all });
  }

  value({ node, index }: NodeReference): Reference {
    if (index > MOST_OUTPUTS)
      throw new GraphError("G02", this.scope + node, `it has no output ${index}`, DAMAGED);
    const given = this.given.get(`${node}:${index}`);
    if (given !== undefined) return given;
    const step = this.nodes.get(node);
    if (step !== undefined) return { step, index };
    const called = this.calls.get(node)?.values[index];
    if (called !== undefined) return called;
    throw new GraphError("G02", this.scope + node, `it has no output ${index}`, DAMAGED);
  }

  /** The steps to wait for when a node is waited for. */
  steps(names: readonly string[]): number[] {
    return names.flatMap((name) => {
      const step = this.nodes.get(name);
      return step !== undefined ? [step] : (this.calls.get(name)?.all ?? []);
    });
  }
}

/** Names of the control inputs `^name`. */
function controlNames(node: NodeDef): string[] {
  return node.input.filter((input) => input.startsWith("^")).map((input) => input.slice(1));
}
