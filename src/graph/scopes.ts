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

/** `StatefulPartitionedCall/model_1/dense_1/MatMul/ReadVariableOp` is of `model_1/dense_1`. */
function scopeOf(name: string): string {
  const parts = name.split("/").filter((part) => !/^(Stateful)?PartitionedCall(_\d+)?$/.test(part));
  const op = parts.at(-1) === "ReadVariableOp" ? -2 : -1;
  return parts.slice(0, op).slice(0, 3).join("/") || "(top level)";
}

function constantSize(step: FlatStep): number {
  const dims = step.attributes.tensor("value")?.tensorShape?.dim ?? [];
  const size = dims.reduce((n, dim) => n * Number(dim.size), 1);
  return size > SMALL ? size : 0;
}
