import { ARGUMENT, type FlatGraph } from "./flatten.js";
import { isDataflow } from "./program.js";
import type { GraphSession } from "./session.js";
import type { TensorSpec } from "./signature.js";

/** An op that nothing here can run. */
export interface UnknownOp {
  /** TensorFlow's name: what a function is registered for. */
  readonly op: string;
  /** Where it stands in the graph. */
  readonly nodes: readonly string[];
  /** How many inputs the first of them has. */
  readonly inputs: number;
  /** Names of its attributes. */
  readonly attributes: readonly string[];
  /** Outputs of the signature that need it; the others can be run. */
  readonly feeds: readonly string[];
}

export function findUnknownOps(
  session: GraphSession,
  flat: FlatGraph,
  outputs: readonly TensorSpec[],
): readonly UnknownOp[] {
  const found = new Map<string, UnknownOp & { nodes: string[]; feeds: string[] }>();
  for (const { op, name, inputs, attributes } of session.stepsReached(flat)) {
    if (op === ARGUMENT || isDataflow(op) || session.kernel(op) !== null) continue;
    const entry = found.get(op) ?? {
      op,
      nodes: [],
      inputs: inputs.length,
      attributes: attributes.names(),
      feeds: [],
    };
    entry.nodes.push(name);
    found.set(op, entry);
  }
  if (found.size === 0) return [];
  outputs.forEach(({ name }, i) => {
    const needed = stepsBefore(flat, flat.results[i]!.step);
    const ops = new Set<string>();
    for (const { op } of session.stepsReached({ ...flat, steps: needed.map((step) => flat.steps[step]!) }))
      ops.add(op);
    for (const entry of found.values()) if (ops.has(entry.op)) entry.feeds.push(name);
  });
  return [...found.values()];
}

function stepsBefore(flat: FlatGraph, from: number): number[] {
  const seen = new Set([from]);
  for (const step of seen) for (const input of flat.steps[step]!.inputs) seen.add(input.step);
  return [...seen];
}
