import type { Attributes } from "./attributes.js";
import { ARGUMENT, type FlatGraph, type FlatStep, type Reference } from "./flatten.js";
import type { Kernel } from "./kernel.js";

/** A flattened graph, ready to be run: ops in their order over numbered slots for values. */
export interface Program {
  readonly steps: readonly Step[];
  readonly slots: number;
  /** Slot of each argument; -1 for one that nothing needs. */
  readonly arguments: readonly number[];
  readonly results: readonly number[];
  /** True for TF1 control flow (Switch, Merge, Enter, ...), where the order is found while it runs. */
  readonly dataflow: boolean;
}

export interface Step {
  readonly name: string;
  readonly op: string;
  readonly attributes: Attributes;
  /** Null for an op that is not known. */
  readonly kernel: Kernel | null;
  readonly inputs: readonly number[];
  /** Slot of each output; -1 for one that nothing needs. */
  readonly outputs: readonly number[];
  /** Slots that nothing needs after this step. */
  readonly last: readonly number[];
  /** Steps that come before this one without giving it a value. */
  readonly controls: readonly number[];
}

/** Ops of TF1's control flow: the executor itself does what they say. */
const DATAFLOW = /^(Ref)?(Switch|Merge|Enter|Exit|NextIteration|LoopCond)$/;

export function isDataflow(op: string): boolean {
  return DATAFLOW.test(op);
}

/** @param hasEffect whether an op changes state, itself or in a function that it runs */
export function makeProgram(
  flat: FlatGraph,
  kernelOf: (op: string) => Kernel | null,
  hasEffect: (step: FlatStep) => boolean,
): Program {
  const dataflow = flat.steps.some(({ op }) => isDataflow(op));
  const live = liveSteps(flat, hasEffect, dataflow);
  const slots = new SlotNumbers();
  const kept = flat.steps.flatMap((step, i) => (live.has(i) && step.op !== ARGUMENT ? [i] : []));
  for (const i of kept) flat.steps[i]!.inputs.forEach((input) => slots.of(input));
  const results = flat.results.map((result) => slots.of(result));
  const lasts = lastUses(flat, kept, slots, new Set(results));
  const position = new Map(kept.map((i, at) => [i, at]));
  return {
    steps: kept.map((i) => {
      const { name, op, attributes, inputs, controls } = flat.steps[i]!;
      return {
        name,
        op,
        attributes,
        kernel: kernelOf(op),
        inputs: inputs.map((input) => slots.of(input)),
        outputs: slots.outputsOf(i),
        last: lasts.get(i) ?? [],
        controls: dataflow ? controls.flatMap((control) => position.get(control) ?? []) : [],
      };
    }),
    slots: slots.count,
    arguments: flat.arguments.map((step) => slots.find({ step, index: 0 })),
    results,
    dataflow,
  };
}

/** Steps that a result needs or that change state, and all that those need. */
function liveSteps(flat: FlatGraph, hasEffect: (step: FlatStep) => boolean, dataflow: boolean): Set<number> {
  const live = new Set<number>();
  const open = flat.results.map(({ step }) => step);
  flat.steps.forEach((step, i) => {
    if (hasEffect(step)) open.push(i);
  });
  while (open.length > 0) {
    const step = open.pop()!;
    if (live.has(step)) continue;
    live.add(step);
    for (const input of flat.steps[step]!.inputs) open.push(input.step);
    if (dataflow) open.push(...flat.steps[step]!.controls);
  }
  return live;
}

function lastUses(
  flat: FlatGraph,
  kept: readonly number[],
  slots: SlotNumbers,
  results: ReadonlySet<number>,
): Map<number, number[]> {
  const seen = new Set(results);
  const lasts = new Map<number, number[]>();
  for (const i of [...kept].reverse()) {
    const last: number[] = [];
    for (const input of flat.steps[i]!.inputs) {
      const slot = slots.of(input);
      if (seen.has(slot)) continue;
      seen.add(slot);
      last.push(slot);
    }
    lasts.set(i, last);
  }
  return lasts;
}

/** Numbers the outputs that something needs. */
class SlotNumbers {
  count = 0;
  private readonly byStep = new Map<number, number[]>();

  of({ step, index }: Reference): number {
    let outputs = this.byStep.get(step);
    if (outputs === undefined) this.byStep.set(step, (outputs = []));
    while (outputs.length <= index) outputs.push(-1);
    if (outputs[index] === -1) outputs[index] = this.count++;
    return outputs[index]!;
  }

  find({ step, index }: Reference): number {
    return this.byStep.get(step)?.[index] ?? -1;
  }

  outputsOf(step: number): readonly number[] {
    return this.byStep.get(step) ?? [];
  }
}
