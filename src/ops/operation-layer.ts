import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { LayerError } from "../keras/finding.js";
import { brief } from "../keras/json.js";
import type { CallSignature, CallValue, Shape } from "../layers/computed-layer.js";
import { ComputedLayer } from "../layers/computed-layer.js";
import type { LayerDefinition } from "../layers/registry.js";
import {
  declaredType,
  elementType,
  elementTypeName,
  setElementType,
} from "../layers/arguments/element-types.js";
import { halfTypeOf, roundToHalf } from "./half-precision.js";
import { knownOf, knownValue, setKnownValue, type Known, type KnownValue } from "../layers/known-values.js";
import { asByte, byteType } from "./byte-arithmetic.js";
import { freeLengthsOf } from "./free-lengths.js";
import { FIXED_LENGTHS, trialShape } from "../layers/trial-shape.js";
import type { Operation } from "./operation.js";

/** An operation standing in a model as a layer. What it returns is found by running it on zeros. */
export class OperationLayer extends ComputedLayer {
  /** What it was saved with, as its errors say it. */
  saved: Readonly<Record<string, JsonValue>> = {};
  /** What stands for the inputs then, where zeros do not do. */
  trial: Operation["trial"];

  protected override readonly takesHeldTensors = false;

  /** Whether what it returns follows from the shapes that it is given. */
  readsShapes = false;
  /** The element types of its inputs by their saved names, null for those that nothing says. */
  inputTypes: readonly (string | null)[] = [];
  /** That of what it gives out, where it makes one. */
  outputType: string | null = null;
  /** Whether it gives out elements of the type that its first input has. */
  keepsType = false;

  /** What is known of the inputs of the call at hand. */
  private known: readonly (KnownValue | null)[] = [];
  /** Those inputs. */
  private given: readonly tf.SymbolicTensor[] = [];
  private readonly found = new Map<number, readonly Known[]>();

  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    kwargs?: Parameters<ComputedLayer["apply"]>[1],
  ): tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[] {
    const list = [inputs].flat();
    if (!(list[0] instanceof tf.SymbolicTensor)) return super.apply(inputs, kwargs);
    this.given = list as tf.SymbolicTensor[];
    this.known = this.given.map(knownValue);
    this.inputTypes = this.given.map(elementType);
    try {
      const outputs = super.apply(inputs, kwargs);
      [outputs].flat().forEach((output, i) => {
        const found = [...this.found].map(([length, tensors]) => [length, tensors[i]!] as const);
        setKnownValue(output as tf.SymbolicTensor, new Map(found));
        const dtype = keptType(found[0]?.[1].dtype, declaredType(this));
        if (dtype !== null) Object.assign(output, { dtype });
        setElementType(
          output as tf.SymbolicTensor,
          declaredType(this) ?? this.outputType ?? (this.keepsType ? this.inputTypes[0]! : null),
        );
      });
      return outputs;
    } finally {
      [this.given, this.known] = [[], []];
      this.found.clear();
    }
  }

  override shapeAs(signature: CallSignature | null, shapes: readonly Shape[]): Shape | Shape[] {
    const zeros = this.trial ?? ((shape: number[], dtype: tf.DataType) => tf.zeros(shape, dtype));
    const types = this.given.map(({ dtype }) => (dtype === "int32" ? dtype : "float32"));
    let free: readonly (readonly number[])[] = [];
    const compute = (tensors: tf.Tensor[], length: number) => {
      const outputs = this.callAs(signature, tensors, {});
      free = [outputs].flat().map(freeLengthsOf);
      const fromLengths =
        this.readsShapes || this.known.every((value) => (value?.get(length)?.values ?? null) !== null);
      this.found.set(
        length,
        [outputs].flat().map((x) => knownOf(x, fromLengths)),
      );
      return outputs;
    };
    const asKnown = (shape: number[], input: number, length: number) => {
      const known = this.known[input]?.get(length);
      if (known?.values) return tf.tensor([...known.values], [...known.shape], known.dtype);
      return zeros(known ? [...known.shape] : shape, known?.dtype ?? types[input] ?? "float32");
    };
    try {
      return freed(trialShape(shapes, compute, asKnown, FIXED_LENGTHS), free);
    } catch (error) {
      throw error instanceof LayerError ? error : refused(error, this.saved, shapes);
    }
  }
}

/**
 * TensorFlow.js turns what a layer gives out into the type that it is said to be, float32 where nothing is said: whole
 * numbers beyond 2^24 would lose their last digits and those beyond 2^31 not begin anew.
 */
function keptType(found: tf.DataType | undefined, declared: string | null): tf.DataType | null {
  if (found === "complex64") return found;
  return found === "int32" && (declared === null || /^u?int/.test(declared)) ? found : null;
}

/** Shapes with null for the lengths that no trial can tell. */
function freed(found: Shape | Shape[], free: readonly (readonly number[])[]): Shape | Shape[] {
  const each = (shape: Shape, output: number): Shape =>
    shape.map((length, axis) => (free[output]?.includes(axis) ? null : length));
  return Array.isArray(found[0]) ? (found as Shape[]).map(each) : each(found as Shape, 0);
}

/** Keys of an operation's config that are no arguments. */
const NO_ARGUMENT = /^(name|dtype|trainable)$/;

function refused(
  error: unknown,
  config: Readonly<Record<string, JsonValue>>,
  shapes: readonly Shape[],
): LayerError {
  const saved = Object.entries(config).filter(([name, value]) => value !== null && !NO_ARGUMENT.test(name));
  const inputs = shapes.map((shape) => `[${shape.map((n) => n ?? "?").join(", ")}]`).join(" and ");
  const given = saved.map(([name, value]) => `${name} = ${brief(value)}`).join(", ");
  return new LayerError(
    "A24",
    saved.length === 1 ? saved[0]![0] : undefined,
    `${given === "" ? "" : `${given} `}for inputs of shape ${inputs || "none"}`,
    `the operation does not take them: ${(error as Error).message}`,
    "Check its arguments and the shapes that reach it.",
    { cause: error },
  );
}

/** The row of the layer table for an operation. */
export function operationDefinition(operation: Operation): LayerDefinition {
  return {
    className: operation.name,
    majors: [3],
    arguments: ["*"],
    // Tensors stay where the call has them: an operation sorts its arguments by itself.
    callArguments: [],
    create(spec) {
      const layer: OperationLayer = new OperationLayer(operation.name, spec, {
        outputShape: ([x]) => x!,
        compute(_, { args, named }) {
          const made = operation.compute({ ...spec.config, ...byName(operation.parameters, args), ...named });
          const operands = [...args, ...Object.values(named)];
          const type = byteType(operation.name, declaredType(layer), layer.inputTypes, operands);
          layer.outputType = operation.name === "Cast" ? elementTypeName(spec.config["dtype"]) : type;
          return ofNarrowType(layer, made, type);
        },
      });
      layer.trial = operation.trial;
      layer.saved = spec.config;
      return layer;
    },
  };
}

/** Bytes wrap and numbers of 16 bits are rounded where an operation makes them. */
export function ofNarrowType(
  layer: OperationLayer,
  made: tf.Tensor | tf.Tensor[],
  byte: string | null,
): tf.Tensor | tf.Tensor[] {
  if (byte !== null) return made instanceof tf.Tensor ? asByte(made, byte) : made;
  const half = halfTypeOf(declaredType(layer) ?? layer.outputType, layer.inputTypes);
  if (half === null) return made;
  layer.outputType = half;
  const round = (x: tf.Tensor) => (x.dtype === "float32" ? roundToHalf(x, half) : x);
  return Array.isArray(made) ? made.map(round) : round(made);
}

/** Positional arguments under their names; those beyond the names under their numbers. */
export function byName(names: readonly string[], args: readonly CallValue[]): Record<string, CallValue> {
  return Object.fromEntries(args.map((value, i) => [names[i] ?? `${i}`, value]));
}
