import * as tf from "@tensorflow/tfjs";
import type { StoredWeight, WeightArray } from "../formats/model-file.js";
import type { Fidelity } from "../layers/fidelity.js";
import { differentShape, lostWeight, unreadable } from "./bind-findings.js";
import type { Conversion } from "./convert-weights.js";
import type { KerasFinding } from "./finding.js";
import type { LayerSpec } from "./graph.js";
import { type Part, sameShape } from "./stored-weights.js";

export interface BindResult {
  /** W01, W02, W03, W05: each names the layer; tensors that fit are bound nevertheless. */
  readonly findings: readonly KerasFinding[];
  /** Number of variables that got their values. */
  readonly bound: number;
  /** Layouts of older files that were changed into today's, exactly as Keras does it. */
  readonly conversions: readonly WeightConversion[];
  /** From which stored tensor each variable came. */
  readonly sources: ReadonlyMap<tf.LayerVariable, StoredWeight>;
}

/** One layer whose stored weights were changed into today's layout. */
export interface WeightConversion {
  /** Path of the layer. */
  readonly layer: string;
  /** Code of the taxonomy. */
  readonly code: string;
  readonly detail: string;
  readonly fidelity: Fidelity;
}

/** Gives each variable the values of its stored tensor, where the shapes are the same. */
export async function bindPairs(
  spec: LayerSpec,
  pairs: readonly (readonly [tf.LayerVariable, StoredWeight])[],
): Promise<BindResult> {
  const findings: KerasFinding[] = [];
  let bound = 0;
  for (const [variable, weight] of pairs) {
    if (!sameShape(variable, weight)) {
      findings.push(differentShape(spec, variable, weight));
      continue;
    }
    try {
      const value = toTensor(await weight.read(), weight, variable.dtype);
      assign(variable, value);
      value.dispose();
      bound++;
    } catch (error) {
      findings.push(unreadable(spec, weight, error));
    }
  }
  return { findings, bound, conversions: [], sources: new Map(pairs) };
}

/** Null where the stored arrays have shapes, or indices into each other, that cannot be put together so. */
function convertedOrNull(conversion: Conversion, stored: readonly tf.Tensor[]): tf.Tensor[] | null {
  try {
    return tf.tidy(() => conversion.convert([...stored]));
  } catch (error) {
    if (error instanceof Error && /shape|size|rank|dimension|axis|index/i.test(error.message)) return null;
    throw error;
  }
}

/** Gives the variables of one layer what a known change of layout makes of the stored tensors. */
export async function bindConverted(
  { spec, variables }: Part,
  weights: readonly StoredWeight[],
  conversion: Conversion,
): Promise<BindResult> {
  const stored: tf.Tensor[] = [];
  try {
    for (const weight of weights) stored.push(toTensor(await weight.read(), weight, "float32"));
  } catch (error) {
    tf.dispose(stored);
    return {
      findings: [unreadable(spec, weights[stored.length]!, error)],
      bound: 0,
      conversions: [],
      sources: new Map(),
    };
  }
  const values = convertedOrNull(conversion, stored);
  if (values === null) {
    tf.dispose(stored);
    const findings = variables.map((variable, i) =>
      differentShape(spec, variable, weights[i] ?? weights[0]!),
    );
    return { findings, bound: 0, conversions: [], sources: new Map() };
  }
  const fitting = values.map((value, i) => tf.util.arraysEqual(value.shape, variables[i]!.shape as number[]));
  values.forEach((value, i) => {
    if (fitting[i]) assign(variables[i]!, value);
  });
  tf.dispose([...stored, ...values]);
  const unfit = variables.filter((_, i) => !fitting[i]);
  return {
    findings: [
      ...(conversion.missing ?? []).map((name) => ({
        ...lostWeight(spec, name),
        why: "Keras 3.15 leaves the zero points of GPTQ and AWQ layers out of what it saves, and cannot load the file either",
        advice:
          "The layer computes wrong numbers without them. Save the model again by a Keras that writes them.",
      })),
      ...unfit.map((variable) =>
        differentShape(spec, variable, weights[variables.indexOf(variable)] ?? weights[0]!),
      ),
    ],
    sources: new Map(
      variables.flatMap((variable, i) => (weights[i] ? [[variable, weights[i]] as const] : [])),
    ),
    bound: variables.length - unfit.length,
    conversions: [
      {
        layer: spec.path,
        code: conversion.code,
        detail: conversion.detail,
        fidelity: conversion.fidelity ?? "exact",
      },
    ],
  };
}

/** As it is stored: `write` would bend the value to the variable's constraint, which is for training alone. */
function assign(variable: tf.LayerVariable, value: tf.Tensor): void {
  (variable.read() as tf.Variable).assign(value);
}

/** Gives variables their initial values again, zeros: they are bound anew, perhaps not all of them. */
export function clearVariables(variables: Iterable<tf.LayerVariable>): void {
  for (const variable of variables) {
    if (variable.dtype === "string") continue;
    tf.tidy(() => assign(variable, tf.zeros(variable.shape as number[], variable.dtype)));
  }
}

/** What came of several layers, as of one. */
export function joined(results: readonly BindResult[]): BindResult {
  return {
    findings: results.flatMap(({ findings }) => findings),
    bound: results.reduce((sum, { bound }) => sum + bound, 0),
    conversions: results.flatMap(({ conversions }) => conversions),
    sources: new Map(results.flatMap(({ sources }) => [...sources])),
  };
}

function toTensor(values: WeightArray, weight: StoredWeight, dtype: tf.DataType): tf.Tensor {
  if (dtype === "string" && Array.isArray(values))
    return tf.tensor(values as string[], [...weight.shape], "string");
  if (Array.isArray(values)) throw new Error("text where numbers belong");
  if (dtype === "string") throw new Error("numbers where text belongs");
  const numbers =
    values instanceof BigInt64Array || values instanceof BigUint64Array ? Array.from(values, Number) : values;
  const shape = [...weight.shape];
  if (dtype === "bool") return tf.tensor(Array.from(numbers as ArrayLike<number>, Boolean), shape, "bool");
  if (dtype === "int32") return tf.tensor(Int32Array.from(numbers as ArrayLike<number>), shape, "int32");
  const floats = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers as ArrayLike<number>);
  return tf.tensor(floats, shape, "float32");
}
