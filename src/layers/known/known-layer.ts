import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import { Arguments } from "../arguments/arguments.js";
import {
  ComputedLayer,
  type CallSignature,
  type CallValue,
  type Running,
  type Shape,
} from "../computed-layer.js";
import type { KerasOrigin, LayerContext, LayerDefinition } from "../registry.js";
import { trialShape } from "../trial-shape.js";

/** A class of a public package that many files use and Keras does not have. */
export interface KnownLayer {
  /** As files name it, without a package: `TCN`. */
  readonly className: string;
  /** What it is, in a few words, for the remedy that offers it. */
  readonly title: string;
  /** The public package and file that it follows. */
  readonly source: string;
  /** Where only classes that were registered by these packages are meant: `keras_hub>TransformerEncoder`. */
  readonly packages?: readonly string[];
  /** An argument that tells it from other known classes of its name: they lack it. */
  readonly toldBy?: string;
  readonly definition: LayerDefinition;
}

/** What a known layer computes with: its stored weights in file order, its config, the call's named arguments. */
export interface KnownCall {
  readonly weights: readonly tf.Tensor[];
  /** Names of the stored weights, beside them; empty where the file has none. */
  readonly stored: readonly string[];
  /** Makes a layer of Keras that the known one holds. */
  readonly build: LayerContext["build"];
  readonly args: Arguments;
  readonly origin: KerasOrigin;
  readonly training: boolean;
  /** Moves a weight that is a moving average towards the value of a batch. */
  average(weight: tf.Tensor, value: tf.Tensor, momentum: number): void;
  readonly named: Running["named"];
  /** The layer's name, for its errors. */
  readonly name: string;
}

export interface KnownRow {
  readonly className: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly source: string;
  readonly packages?: readonly string[];
  readonly toldBy?: string;
  /** True where it takes the mask of its input. */
  readonly masked?: boolean;
  /** Names of the tensors that a call takes by place. */
  readonly callArguments?: readonly string[];
  /** Names of what else a call takes. */
  readonly namedArguments?: readonly string[];
  compute(inputs: readonly tf.Tensor[], call: KnownCall): tf.Tensor | tf.Tensor[];
}

/** A row whose variables are those that the file stores; its output shape is found by a run on zeros. */
export function knownLayer(row: KnownRow): KnownLayer {
  const { className, title, source, packages, toldBy } = row;
  const definition: LayerDefinition = {
    className,
    ...(row.aliases ? { aliases: row.aliases } : {}),
    majors: [1, 2, 3],
    arguments: ["*"],
    ...(toldBy ? { computes: ({ config }) => toldBy in config } : {}),
    ...(row.callArguments ? { callArguments: row.callArguments } : {}),
    namedArguments: [...(row.masked ? ["mask"] : []), ...(row.namedArguments ?? [])],
    create(spec, { origin, storedShapes, stored, build }) {
      const shapes = storedShapes ?? [];
      const names = (stored ?? []).map(({ name }) => name);
      const args = new Arguments(spec);
      const call = (
        weights: readonly tf.Tensor[],
        running: Pick<Running, "training" | "named" | "variables">,
      ) => ({
        weights,
        stored: names,
        build,
        args,
        origin,
        name: spec.name,
        training: running.training,
        average: (weight: tf.Tensor, value: tf.Tensor, momentum: number) => {
          const variable = running.variables[weights.indexOf(weight)];
          variable?.write(tf.add(tf.mul(weight, momentum), tf.mul(value, 1 - momentum)));
        },
        named: running.named,
      });
      const layer: ComputedLayer = new ComputedLayer(spec.className, spec, {
        storedInOrder: true,
        weights: () =>
          shapes.map((shape, i) => ({
            name: `weight_${i}`,
            shape,
            trainable: !MOVING_AVERAGE.test(names[i] ?? ""),
          })),
        outputShape: (inputs) =>
          trialShape(inputs, (zeros) => {
            const { read, array: weights } = readsOf(shapes.map((shape) => tf.zeros([...shape])));
            const named = constantsOf(layer.signature);
            let outputs: tf.Tensor | tf.Tensor[];
            try {
              outputs = row.compute(zeros, call(weights, { training: false, named, variables: [] }));
            } catch (error) {
              throw error instanceof LayerError ? error : unlike(row, spec.name, inputs, shapes, error);
            }
            // A weight that it has no use for is of another class.
            if (shapes.some((_, i) => !read.has(`${i}`) && !COUNTER.test(names[i] ?? "")))
              throw unlike(row, spec.name, inputs, shapes, undefined);
            return outputs;
          }),
        compute: (inputs, running) => row.compute(inputs, call(running.weights, running)),
      });
      return layer;
    },
  };
  return {
    className,
    title,
    source,
    ...(packages ? { packages } : {}),
    ...(toldBy ? { toldBy } : {}),
    definition,
  };
}

/** An array, and the places that were read of it so far. */
function readsOf<T>(items: readonly T[]): { array: readonly T[]; read: ReadonlySet<string> } {
  const read = new Set<string>();
  const array = new Proxy(items, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) read.add(key);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  return { array, read };
}

/** The file's class of this name is another one. */
function unlike(
  { className, source }: KnownRow,
  layer: string,
  inputs: readonly Shape[],
  weights: readonly (readonly (number | null)[])[],
  cause: unknown,
): LayerError {
  const list = (shapes: readonly (readonly (number | null)[])[]) =>
    shapes.map((shape) => `[${shape.map((n) => n ?? "None").join(", ")}]`).join(" ");
  const stored = weights.length === 0 ? "no stored weights" : `the stored weights ${list(weights)}`;
  return new LayerError(
    "C21",
    undefined,
    `${className} of ${source} does not fit "${layer}"`,
    `it cannot be called on ${list(inputs)} with ${stored}: the file means another class of this name`,
    `Register the class with its own code: \`%%register_custom ${className}\`.`,
    { cause },
  );
}

/** Names of weights that training by gradients leaves alone. */
const MOVING_AVERAGE = /(^|\/)moving_(mean|variance)(:0)?$/;

/** Names of weights that count the steps of a training. */
const COUNTER = /(^|\/)optimizer_step(:0)?$/;

/** What a call names beside tensors, which can decide how many outputs there are. */
function constantsOf(signature: CallSignature | null): Record<string, CallValue> {
  const named = Object.entries(signature?.kwargs ?? {});
  return Object.fromEntries(
    named.flatMap(([name, argument]) => (argument.kind === "constant" ? [[name, argument.value]] : [])),
  );
}

/** W02: the file's weights are those of another version of the class. @param takes what this one has */
export function otherWeights(weights: readonly tf.Tensor[], name: string, takes: string): LayerError {
  const shapes = weights.map(({ shape }) => `[${shape.join(", ")}]`).join(" ");
  return new LayerError(
    "W02",
    undefined,
    `${weights.length} stored weights for "${name}"${shapes === "" ? "" : `: ${shapes}`}`,
    takes,
    "The file was written by another version of the class; register it with its own code.",
  );
}

/** The layer's weights one after another, as many as it takes. */
export class WeightQueue {
  private next = 0;
  constructor(
    private readonly weights: readonly tf.Tensor[],
    private readonly name: string,
  ) {}

  take(): tf.Tensor {
    const weight = this.peek();
    this.next++;
    return weight;
  }

  /** The one that `take` gives next. */
  peek(): tf.Tensor {
    const weight = this.weights[this.next];
    if (weight) return weight;
    throw otherWeights(this.weights, this.name, "the layer, with the arguments in its config, takes more");
  }
}

export function dense(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const [features, units] = kernel.shape as [number, number];
  const flat = tf.matMul(tf.reshape(x, [-1, features]) as tf.Tensor2D, kernel as tf.Tensor2D);
  return tf.reshape(bias ? tf.add(flat, bias) : flat, [...x.shape.slice(0, -1), units]);
}

/** Layer normalisation over the last axis. */
export function normalized(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon))), gamma), beta);
}
