import type { LayerCall, ModelGraph, TensorRef } from "./graph.js";
import { referencesOf, structureReferences } from "./read-functional.js";
import type { KerasFinding } from "./finding.js";

/** References that lead nowhere (G02, G03) and calls that wait for each other (G01), in nested models too. */
export function checkGraph(graph: ModelGraph, path = ""): KerasFinding[] {
  const inside = graph.layers.flatMap(({ model, path: own }) => (model ? checkGraph(model, own) : []));
  return [...inside, ...checkCalls(graph, path)];
}

function checkCalls(graph: ModelGraph, path: string): KerasFinding[] {
  const findings: KerasFinding[] = [];
  const calls = new Map<string, number>();
  for (const call of graph.calls) calls.set(call.layer, (calls.get(call.layer) ?? 0) + 1);
  const layers = new Map(graph.layers.map((layer) => [layer.name, layer]));
  const at = (name: string) => layers.get(name)?.path ?? (path === "" ? name : `${path}/${name}`);

  const report = (ref: TensorRef, user: string | null, role: string) => {
    const layer = layers.get(ref.layer);
    if (ref.unreadable) {
      findings.push({
        code: "G02",
        layer: user,
        found: `${role} ${ref.layer}, which names no tensor`,
        why: "a tensor is named as [layer, node, tensor], the two indices as whole numbers",
        advice: "The config was edited or damaged: say what was connected there.",
        blocking: true,
      });
      return;
    }
    if (!layer) {
      findings.push({
        code: "G02",
        layer: user,
        found: `${role} "${ref.layer}", which is not among the model's ${graph.layers.length} layers`,
        why: "the graph has a hole there",
        advice: "The config was edited or damaged: name a layer that exists, or restore the missing one.",
        blocking: true,
      });
      return;
    }
    const count = layer.className === "InputLayer" ? 1 : (calls.get(ref.layer) ?? 0);
    if (ref.nodeIndex >= 0 && ref.nodeIndex < count) return;
    findings.push({
      code: "G03",
      layer: user,
      found: `${role} call ${ref.nodeIndex} of "${ref.layer}"`,
      why: count === 0 ? "that layer is never called" : `that layer is called ${count} times, counted from 0`,
      advice: "The config was edited, or saved by a Keras that counts calls differently: correct the index.",
      blocking: true,
    });
  };
  for (const call of graph.calls) {
    for (const ref of referencesOf(call)) report(ref, at(call.layer), "it takes");
  }
  const model = path === "" ? null : path;
  for (const ref of structureReferences(graph.inputs)) report(ref, model, "the model's input is");
  for (const ref of structureReferences(graph.outputs)) report(ref, model, "the model's output is");
  reportCycle(graph, at, findings);
  return findings;
}

/** The layers of calls that can never be computed: they wait for each other, or for one that does. */
export function waitingLayers(graph: ModelGraph): ReadonlySet<string> {
  const ordered = new Set(callOrder(graph));
  return new Set(graph.calls.filter((call) => !ordered.has(call)).map(({ layer }) => layer));
}

/** Whether a layer is computed from another, over any number of layers. */
export function waitsFor(graph: ModelGraph, name: string, other: string): boolean {
  const seen = new Set<string>();
  const open = [name];
  while (open.length > 0) {
    const at = open.pop()!;
    if (at === other) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const call of graph.calls)
      if (call.layer === at) open.push(...referencesOf(call).map(({ layer }) => layer));
  }
  return false;
}

function reportCycle(graph: ModelGraph, at: (name: string) => string, findings: KerasFinding[]): void {
  const ordered = new Set(callOrder(graph));
  const stuck = graph.calls.filter((call) => !ordered.has(call));
  const known = new Set(graph.calls.map(callKey));
  // A call that waits for a missing tensor is reported as G02 or G03; a cycle is what remains without any.
  const cycle = stuck.filter((call) =>
    referencesOf(call).every((ref) => known.has(callKey(ref)) || isInput(graph, ref)),
  );
  if (cycle.length === 0 || stuck.length !== cycle.length) return;
  const names = [...new Set(cycle.map((call) => call.layer))];
  findings.push({
    code: "G01",
    layer: at(names[0]!),
    found: `layers that wait for each other: ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", ..." : ""}`,
    why: "a model's graph has no cycles, so none of them can ever be computed",
    advice: "The config was edited or damaged: one of these layers must take another input.",
    blocking: true,
  });
}

function isInput(graph: ModelGraph, ref: TensorRef): boolean {
  return graph.layers.some((layer) => layer.name === ref.layer && layer.className === "InputLayer");
}

export function callKey(call: { readonly layer: string; readonly nodeIndex: number }): string {
  return `${call.nodeIndex} ${call.layer}`;
}

/**
 * The calls in an order in which each comes after those it depends on, those first that are furthest from the outputs,
 * as Keras runs them; calls that never can are left out.
 */
export function callOrder(graph: ModelGraph): LayerCall[] {
  const byKey = new Map(graph.calls.map((call) => [callKey(call), call]));
  const inputs = new Set(graph.layers.filter((l) => l.className === "InputLayer").map((l) => l.name));
  const waiting = new Map<LayerCall, number>();
  const users = new Map<LayerCall, LayerCall[]>();
  const ready: LayerCall[] = [];
  for (const call of graph.calls) {
    let count = 0;
    for (const ref of referencesOf(call)) {
      const source = byKey.get(callKey(ref));
      if (!source && inputs.has(ref.layer)) continue;
      count++;
      if (!source) continue;
      const known = users.get(source);
      if (known) known.push(call);
      else users.set(source, [call]);
    }
    waiting.set(call, count);
    if (count === 0) ready.push(call);
  }
  for (let i = 0; i < ready.length; i++) {
    for (const user of users.get(ready[i]!) ?? []) {
      const left = waiting.get(user)! - 1;
      waiting.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return byDepth(ready, users);
}

/** Keras counts the depth of a shared layer's calls as that of its deepest so far (keras/src/ops/function.py). */
function byDepth(
  order: readonly LayerCall[],
  users: ReadonlyMap<LayerCall, readonly LayerCall[]>,
): LayerCall[] {
  const depths = new Map<LayerCall, number>();
  const ofLayers = new Map<string, number>();
  for (const call of [...order].reverse()) {
    const after = (users.get(call) ?? []).reduce(
      (most, user) => Math.max(most, (depths.get(user) ?? -1) + 1),
      0,
    );
    const depth = Math.max(after, ofLayers.get(call.layer) ?? 0);
    depths.set(call, depth);
    ofLayers.set(call.layer, depth);
  }
  return [...order].sort((a, b) => depths.get(b)! - depths.get(a)!);
}
