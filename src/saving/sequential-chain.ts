import type { ModelGraph } from "../keras/graph.js";
import { structureReferences } from "../keras/read-functional.js";

/**
 * Whether a model can be written as the list of its layers: a Sequential whose layers are each called once, on what
 * the one before gives, and with nothing else.
 */
export function isChain({ className, layers, calls, inputs, outputs }: ModelGraph): boolean {
  const [input, ...others] = layers;
  if (className !== "Sequential" || input?.className !== "InputLayer" || others.length === 0) return false;
  const ends = [...structureReferences(inputs), ...structureReferences(outputs)];
  if (ends.length !== 2 || ends[0]!.layer !== input.name || ends[1]!.layer !== others.at(-1)!.name)
    return false;
  const called = calls.filter(({ layer }) => layer !== input.name);
  return (
    called.length === others.length &&
    others.every(({ name }, i) => {
      const call = called.find(({ layer }) => layer === name);
      const [only] = call?.args ?? [];
      return (
        call?.args.length === 1 &&
        Object.keys(call.kwargs).length === 0 &&
        only?.kind === "tensor" &&
        only.ref.layer === layers[i]!.name &&
        only.ref.tensorIndex === 0
      );
    })
  );
}
