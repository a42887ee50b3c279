import type { FunctionDef, NodeDef } from "../proto/tensorflow_pb.js";
import { calledChild, NotTold, tensorLeaves, type Child, type ModelFunction } from "./child-calls.js";

/** Operations of a model's own code that lie together between the calls of its layers. */
export interface Operations {
  readonly name: string;
  /** Kinds of its ops, in their order. */
  readonly ops: readonly string[];
  /** Tensors that come in and go out, as the function writes them: `dense/PartitionedCall:output:0`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Arguments of the function that it takes besides: variables, tables and constants. */
  readonly captured: readonly string[];
}

/** A call of a layer inside a model's function. */
export interface ChildCall {
  readonly node: NodeDef;
  readonly child: Child;
  /** Tensors that it is called on. */
  readonly inputs: readonly string[];
  /** All that its function takes: those tensors, and arguments of the model's function (variables, tables). */
  readonly given: readonly string[];
}

/** How a model's function leads from its inputs through its layers to its results. */
export interface Wiring {
  readonly calls: readonly ChildCall[];
  readonly operations: readonly Operations[];
  /** The tensor of each result. */
  readonly results: readonly string[];
}

/** Ops that change what a variable holds: a model of layers would leave them out. */
const CHANGES =
  /^(Assign|AssignAdd|AssignSub)|Scatter\w*Update|^Resource(Scatter|Apply)|^Rng|^Stateful(?!PartitionedCall)/;

/**
 * Reads a model's function as calls of its layers and operations between them. What lies between two calls in depth
 * and hangs together becomes one group: no path leads out of a group and back into it, since every call on the way
 * adds to the depth.
 * @throws NotTold where a layer's variable is used outside of its calls, or a variable is changed
 */
export function readWiring(model: ModelFunction, children: ReadonlyMap<string, Child>): Wiring {
  return new WiringReader(model, children).read();
}

/** The node that gives a tensor, or the argument that it is. */
export function producer(tensor: string): string {
  return tensor.split(":", 1)[0]!;
}

class WiringReader {
  private readonly nodes: ReadonlyMap<string, NodeDef>;
  private readonly inputs: ReadonlySet<string>;
  /** Calls passed from the inputs to a node's results; null for what needs neither inputs nor calls. */
  private readonly depth = new Map<string, number | null>();
  private readonly order: NodeDef[] = [];
  private readonly calls = new Map<string, Child>();
  private readonly groupOf = new Map<string, string>();

  constructor(
    private readonly model: ModelFunction,
    private readonly children: ReadonlyMap<string, Child>,
  ) {
    this.nodes = new Map(model.definition.nodeDef.map((node) => [node.name, node]));
    this.inputs = new Set(model.inputs.map(({ argument }) => argument));
  }

  read(): Wiring {
    if (this.model.definition.nodeDef.some(({ op }) => CHANGES.test(op)))
      throw new NotTold("its call changes variables");
    // Losses come after them.
    const count = tensorLeaves(this.model.outputs).length;
    const results = resultsOf(this.model.definition)
      .slice(0, count)
      .map((tensor) => this.source(tensor));
    this.sort(results.map(producer));
    this.group();
    const calls = this.order.flatMap((node): ChildCall[] => {
      const child = this.calls.get(node.name);
      return child === undefined ? [] : [{ node, child, ...this.callInputs(node) }];
    });
    const operations = this.operations([...calls.flatMap(({ inputs }) => inputs), ...results]);
    this.checkVariables(operations);
    return { calls, operations, results };
  }

  /** A tensor behind the Identity ops that TensorFlow puts before results. */
  private source(tensor: string): string {
    let found = tensor;
    for (let i = 0; i < this.nodes.size; i++) {
      const node = this.nodes.get(producer(found));
      if (node?.op !== "Identity") break;
      found = dataInputs(node)[0] ?? found;
    }
    return found;
  }

  private needs(node: NodeDef): string[] {
    return dataInputs(node).map((tensor) => this.source(tensor));
  }

  /** Tensors that a layer is called on: its variables and tables come after them. */
  private callInputs(node: NodeDef): Pick<ChildCall, "inputs" | "given"> {
    const isCaptured = (tensor: string): boolean => this.model.captured.has(producer(tensor));
    const given = this.needs(node).map((tensor) => (isCaptured(tensor) ? producer(tensor) : tensor));
    return { given, inputs: given.filter((tensor) => !isCaptured(tensor)) };
  }

  private sort(wanted: readonly string[]): void {
    const open = wanted.map((name) => ({ name, entered: false }));
    const entered = new Set<string>();
    while (open.length > 0) {
      const { name, entered: second } = open.pop()!;
      const node = this.nodes.get(name);
      if (node === undefined || this.depth.has(name)) continue;
      if (second) {
        this.finish(node);
        continue;
      }
      if (entered.has(name)) throw new NotTold("its operations form a circle");
      entered.add(name);
      open.push({ name, entered: true });
      for (const tensor of this.needs(node)) {
        if (!this.depth.has(producer(tensor))) open.push({ name: producer(tensor), entered: false });
      }
    }
  }

  private finish(node: NodeDef): void {
    const child = calledChild(node, this.children);
    if (child !== null) this.calls.set(node.name, child);
    const below = this.needs(node).flatMap((tensor) => this.depthOf(producer(tensor)) ?? []);
    const depth = below.length === 0 ? null : Math.max(...below);
    this.depth.set(node.name, child === null ? depth : (depth ?? 0) + 1);
    this.order.push(node);
  }

  private depthOf(name: string): number | null {
    return this.inputs.has(name) ? 0 : (this.depth.get(name) ?? null);
  }

  private isOperation(name: string): boolean {
    return this.nodes.has(name) && !this.calls.has(name) && this.depth.get(name) !== null;
  }

  /** Joins operations of one depth that take from one another. */
  private group(): void {
    const root = (name: string): string => {
      let found = name;
      while (this.groupOf.get(found) !== undefined && this.groupOf.get(found) !== found)
        found = this.groupOf.get(found)!;
      return found;
    };
    for (const node of this.order) {
      if (!this.isOperation(node.name)) continue;
      this.groupOf.set(node.name, node.name);
      for (const from of this.needs(node).map(producer)) {
        if (!this.isOperation(from) || this.depth.get(from) !== this.depth.get(node.name)) continue;
        this.groupOf.set(root(from), root(node.name));
      }
    }
    for (const name of this.groupOf.keys()) this.groupOf.set(name, root(name));
  }

  /** The groups, and one for each tensor that is wanted and needs no input. */
  private operations(wanted: readonly string[]): Operations[] {
    const members = new Map<string, NodeDef[]>();
    for (const node of this.order) {
      const group = this.groupOf.get(node.name);
      if (group === undefined) continue;
      const nodes = members.get(group) ?? [];
      nodes.push(node);
      members.set(group, nodes);
    }
    const usedOutside = new Set([...wanted, ...this.crossing()]);
    const groups = [...members].map(([group, nodes]) => {
      const inside = (tensor: string): boolean => this.groupOf.get(producer(tensor)) === group;
      const { ops, captured, inputs } = this.reach(nodes, inside);
      return { name: group, ops, captured, inputs, outputs: [...usedOutside].filter(inside) };
    });
    const free = [...new Set(wanted)].filter((tensor) => {
      const name = producer(tensor);
      return this.nodes.has(name) && !this.calls.has(name) && this.depth.get(name) === null;
    });
    const [first] = this.inputs;
    return [
      ...groups,
      ...free.map((tensor) => {
        const { ops, captured } = this.reach([this.nodes.get(producer(tensor))!], () => false);
        // A layer of a model hangs on an input, although nothing of it is used.
        return { name: producer(tensor), ops, captured, inputs: [first!], outputs: [tensor] };
      }),
    ];
  }

  /** Tensors of one group that another takes. */
  private crossing(): string[] {
    return this.order.flatMap((node) => {
      const own = this.groupOf.get(node.name);
      if (own === undefined) return [];
      return this.needs(node).filter((tensor) => {
        const from = this.groupOf.get(producer(tensor));
        return from !== undefined && from !== own;
      });
    });
  }

  /** What operations take from outside, constants and what comes of variables alone counted to them. */
  private reach(
    nodes: readonly NodeDef[],
    inside: (tensor: string) => boolean,
  ): { ops: string[]; inputs: string[]; captured: string[] } {
    const inputs = new Set<string>();
    const captured = new Set<string>();
    const seen = new Set(nodes);
    for (const node of seen) {
      for (const tensor of this.needs(node)) {
        const name = producer(tensor);
        if (this.model.captured.has(name)) captured.add(name);
        else if (this.inputs.has(name) || (this.depthOf(name) !== null && !inside(tensor)))
          inputs.add(tensor);
        else if (!inside(tensor) && this.nodes.has(name)) seen.add(this.nodes.get(name)!);
      }
    }
    return { ops: nodes.map(({ op }) => op), inputs: [...inputs], captured: [...captured] };
  }

  /** A variable trains in one place only: in the layer that owns it, or in one group of operations. */
  private checkVariables(operations: readonly Operations[]): void {
    const owners = new Map<number, string>();
    for (const { variables, name } of this.children.values())
      for (const variable of variables) owners.set(variable, name);
    for (const { name, captured } of operations) {
      for (const argument of captured) {
        const variable = this.model.captured.get(argument)!;
        const owner = owners.get(variable);
        if (owner !== undefined)
          throw new NotTold(`the operation ${name} uses a variable of ${owner} as well`);
        owners.set(variable, name);
      }
    }
  }
}

function dataInputs(node: NodeDef): string[] {
  return node.input.filter((input) => !input.startsWith("^"));
}

function resultsOf(definition: FunctionDef): string[] {
  const results = new Map(definition.ret.map(({ key, value }) => [key, value]));
  return (definition.signature?.outputArg ?? []).map(({ name }) => results.get(name) ?? "");
}
