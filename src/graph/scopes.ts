import { ARGUMENT, type FlatGraph, type FlatStep } from "./flatten.js";

/** The ops of one name scope, as a graph's stand-in for a layer. */
export interface GraphScope {
  /** `model/dense_1`. */
  readonly name: string;
  /** Kinds of ops in the order of their first use: `MatMul`, `BiasAdd`, `Relu`. */
  readonly kinds: readonly string[];
  /** Number of ops. */
  readonly ops: number;
  /** Elements of the variables that the scope reads, and of its own large constants. */
  readonly parameters: number;
}

/** What flows from one place of a graph to another: from its inputs over its scopes to its outputs. */
export interface GraphConnection {
  readonly from: GraphPlace;
  readonly to: GraphPlace;
}

export interface GraphPlace {
  readonly kind: "input" | "scope" | "output";
  readonly name: string;
}

/** Ops that only hand on what others compute. */
const PLUMBING =
  /^(Const|Identity|IdentityN|NoOp|ReadVariableOp|VarHandleOp|VariableV2|Variable|Placeholder|StopGradient)$/;
/** Constants up to this size are shapes and axes. */
const SMALL = 16;

/**
 * Groups a graph's ops by the scope of their names, in the order in which they run. What was called stands in the
 * place of its call, so the calls' own names are left out.
 * @param sizeOf elements of a variable, by the step that makes its handle
 */
export function graphScopes(flat: FlatGraph, sizeOf: (step: FlatStep) => number): GraphScope[] {
  const groups = new Map<string, { kinds: Set<string>; ops: number; parameters: number }>();
  const counted = new Set<number>();
  const scopeOf = scopesIn(flat);
  for (const step of flat.steps) {
    if (step.op === ARGUMENT) continue;
    const scope = scopeOf(step.name);
    const group = groups.get(scope) ?? { kinds: new Set<string>(), ops: 0, parameters: 0 };
    groups.set(scope, group);
    if (!PLUMBING.test(step.op)) {
      group.kinds.add(step.op);
      group.ops++;
    }
    if (step.op === "Const") group.parameters += constantSize(step);
    for (const { step: from } of step.inputs) {
      if (counted.has(from) || !/^(VarHandleOp|Variable(V2)?)$/.test(flat.steps[from]!.op)) continue;
      counted.add(from);
      group.parameters += sizeOf(flat.steps[from]!);
    }
  }
  return [...groups]
    .filter(([, { ops, parameters }]) => ops > 0 || parameters > 0)
    .map(([name, { kinds, ops, parameters }]) => ({ name, kinds: [...kinds], ops, parameters }));
}

/** The least depth of names that tells this many scopes apart is taken, so that a layer is one where it can be. */
const ENOUGH = 12;
const DEPTHS = [2, 3, 4];

/**
 * Names the scope of an op: `StatefulPartitionedCall/model_1/dense_1/MatMul/ReadVariableOp` is of `model_1/dense_1`.
 * What stands beside the scopes of layers, as the sums of a residual model do, is a scope of its own.
 */
function scopesIn(flat: FlatGraph): (name: string) => string {
  const paths = flat.steps.flatMap(({ name, op }) =>
    op === ARGUMENT || PLUMBING.test(op) ? [] : [pathOf(name)],
  );
  const cut = (path: readonly string[], depth: number): string => path.slice(0, depth).join("/");
  const depth =
    DEPTHS.find((least) => new Set(paths.map((path) => cut(path, least))).size >= ENOUGH) ?? DEPTHS.at(-1)!;
  const holders = new Set(paths.filter(({ length }) => length >= depth).map((path) => cut(path, depth - 1)));
  const plumbing = new Set(flat.steps.flatMap(({ name, op }) => (PLUMBING.test(op) ? [name] : [])));
  return (name) => {
    const path = pathOf(name);
    const scope = cut(path, depth);
    if (path.length >= depth || !holders.has(scope) || plumbing.has(name)) return scope || TOP;
    return [...path, withoutCalls(name)[path.length] ?? TOP].join("/");
  };
}

const TOP = "(top level)";

function withoutCalls(name: string): string[] {
  return name.split("/").filter((part) => !/^(Stateful)?PartitionedCall(_\d+)?$/.test(part));
}

function pathOf(name: string): string[] {
  const parts = withoutCalls(name);
  return parts.slice(0, parts.at(-1) === "ReadVariableOp" ? -2 : -1);
}

function constantSize(step: FlatStep): number {
  const dims = step.attributes.tensor("value")?.tensorShape?.dim ?? [];
  const size = dims.reduce((n, dim) => n * Number(dim.size), 1);
  return size > SMALL ? size : 0;
}

/**
 * What flows between the scopes of `graphScopes`. Ops that only hand on a value are passed over, variables and
 * constants belong to the scope that reads them.
 * @param inputs names of the arguments, in their order
 * @param outputs names of the results, in their order
 */
export function graphConnections(
  flat: FlatGraph,
  inputs: readonly string[],
  outputs: readonly string[],
): GraphConnection[] {
  const found = new Map<string, GraphConnection>();
  const scopeOf = scopesIn(flat);
  const sources = sourcesOf(flat, inputs, scopeOf);
  const connect = (step: number, to: GraphPlace): void => {
    for (const from of sources(step)) {
      if (from.kind === to.kind && from.name === to.name) continue;
      found.set(`${from.kind} ${from.name}\n${to.kind} ${to.name}`, { from, to });
    }
  };
  for (const step of flat.steps) {
    if (step.op === ARGUMENT || PLUMBING.test(step.op)) continue;
    for (const input of step.inputs) connect(input.step, { kind: "scope", name: scopeOf(step.name) });
  }
  flat.results.forEach(({ step }, i) => connect(step, { kind: "output", name: outputs[i] ?? `${i}` }));
  return [...found.values()];
}

/** Where the value of a step comes from: the op's scope, or an input; nothing for constants and variables. */
function sourcesOf(
  flat: FlatGraph,
  inputs: readonly string[],
  scopeOf: (name: string) => string,
): (step: number) => GraphPlace[] {
  const argument = new Map(flat.arguments.map((step, i) => [step, inputs[i]]));
  return (start) => {
    const places: GraphPlace[] = [];
    const open = new Set([start]);
    for (const at of open) {
      const { op, name, inputs: needs } = flat.steps[at]!;
      const given = argument.get(at);
      if (given !== undefined) places.push({ kind: "input", name: given });
      else if (op !== ARGUMENT && !PLUMBING.test(op)) places.push({ kind: "scope", name: scopeOf(name) });
      else for (const { step } of needs) open.add(step);
    }
    return places;
  };
}
