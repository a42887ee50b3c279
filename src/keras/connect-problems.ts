import type * as tf from "@tensorflow/tfjs";
import { asLayerError } from "../layers/create.js";
import { callKey } from "./check-graph.js";
import { LayerError, type KerasFinding } from "./finding.js";
import type { LayerCall, LayerSpec, ModelGraph, TensorRef } from "./graph.js";
import type { BatchShape } from "./input-layer.js";
import { referencesOf, structureReferences } from "./read-functional.js";

/** What blocks a layer, from what making or calling it threw. */
export function blockedLayer(spec: LayerSpec, error: unknown): KerasFinding {
  const { code, argument, found, why, advice, layer, cause } = asLayerError(error, spec);
  const thrownAt = lineOfCell(cause);
  return {
    ...{ code, layer: layer ?? spec.path, found, why, advice, blocking: true },
    ...(argument === undefined ? {} : { argument }),
    ...(thrownAt === null ? {} : { thrownAt }),
  };
}

/**
 * A model whose inputs and outputs are not all there.
 * @param missing the first output without a tensor
 */
export function incompleteModel(path: string, missing: TensorRef | undefined): KerasFinding {
  return {
    code: "G05",
    layer: path === "" ? null : path,
    found: missing ? `output "${missing.layer}" is not connected to the inputs` : "no inputs or no outputs",
    why: "a layer on the way is missing, or its calls wait for each other",
    advice: "Mend the graph where the other findings point.",
    blocking: true,
  };
}

/** A model that tfjs does not make. */
export function refusedModel(path: string, { calls }: ModelGraph, error: unknown): KerasFinding {
  const deep = error instanceof RangeError;
  return {
    code: deep ? "G10" : "G05",
    layer: path === "" ? null : path,
    found: deep ? `a graph of ${calls.length} calls` : disconnected(error as Error),
    why: deep
      ? "tfjs walks a graph recursively, and this one is too deep for its stack"
      : "an input layer is not listed among the model's inputs, or a layer on the way is missing",
    advice: deep
      ? "Start Node with a larger --stack-size."
      : "Mend the graph where the other findings point.",
    blocking: true,
  };
}

/** A class that nothing makes. */
export function unknownClass(spec: LayerSpec): LayerError {
  return new LayerError(
    "C01",
    undefined,
    `layer "${spec.name}" is of class ${spec.className}`,
    "this class is not one of Keras's own, and the file holds its name and arguments but not its code",
    `Register it: %%register_custom ${spec.className}`,
  );
}

/** A user's layer may give fewer outputs than the file's graph takes of it. */
export function checkNumber(graph: ModelGraph, call: LayerCall, given: number): void {
  const key = callKey(call);
  const taking = graph.calls.flatMap((taker) =>
    referencesOf(taker).map((ref) => ({ ref, taker: taker.layer })),
  );
  const ends = structureReferences(graph.outputs).map((ref) => ({ ref, taker: "the model" }));
  const beyond = [...taking, ...ends].find(({ ref }) => callKey(ref) === key && ref.tensorIndex >= given);
  if (!beyond) return;
  const number = beyond.ref.tensorIndex + 1;
  throw new LayerError(
    "C21",
    undefined,
    `it gives ${given === 1 ? "one output" : `${given} outputs`}, and ${beyond.taker} takes output ${number} of it`,
    "the graph in the file takes more outputs than the class registered for it returns",
    `Return a list of at least ${number} tensors, in Python's order.`,
  );
}

/** tfjs does not look at the shapes that a nested model is called on. */
export function checkCalled(spec: LayerSpec, model: tf.LayersModel, shapes: readonly BatchShape[]): void {
  const unlike = model.inputs.findIndex(({ shape }, i) => {
    const given = shapes[i];
    const fits = (n: number | null, axis: number) =>
      axis === 0 || n === null || given?.[axis] == null || n === given[axis];
    return given !== undefined && (given.length !== shape.length || !shape.every(fits));
  });
  if (unlike < 0) return;
  const text = (shape: readonly (number | null)[]) => `[${shape.map((n) => n ?? "null").join(", ")}]`;
  throw new LayerError(
    "G11",
    undefined,
    `the model "${spec.name}" takes ${text(model.inputs[unlike]!.shape)} and is called on ${text(shapes[unlike]!)}`,
    "a nested model has the shapes that it was built with",
    "Look at what it is called on.",
  );
}

/** In a kernel's stack, frames of cells stand as `Cell [3]:4:12`. */
function lineOfCell(error: unknown): string | null {
  const [, cell, line] = /\b(Cell \[\d+\]):(\d+):\d+/.exec((error as Error | undefined)?.stack ?? "") ?? [];
  return cell === undefined ? null : `${cell}, line ${line}`;
}

/** tfjs prints the tensor that it cannot reach as an object. */
function disconnected({ message }: Error): string {
  const layer = /cannot obtain value for tensor .* at layer "([^"]+)"/.exec(message)?.[1];
  return layer === undefined
    ? message
    : `the outputs need "${layer}", which none of the model's inputs reaches`;
}
