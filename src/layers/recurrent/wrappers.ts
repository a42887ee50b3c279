import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import { KerasModel } from "../../keras/keras-model.js";
import type { LayerSpec } from "../../keras/graph.js";
import { reversed } from "./reversed.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type Computation, type Running, type Shape } from "../computed-layer.js";
import { normalizeSpectrum } from "../normalization/normalize-spectrum.js";
import type { LayerContext, LayerDefinition } from "../registry.js";
import { WrapperLayer } from "../wrapper-layer.js";

/** keras/layers/rnn/bidirectional.py and time_distributed.py. */
export const WRAPPERS: readonly LayerDefinition[] = [
  {
    className: "TimeDistributed",
    majors: [1, 2, 3],
    arguments: ["layer"],
    namedArguments: ["mask"],
    create(spec, context) {
      return timeDistributed(spec, context.build(innerOf(spec, "layer")), context.origin.major);
    },
  },
  {
    className: "Bidirectional",
    majors: [1, 2, 3],
    arguments: ["layer", "backward_layer", "merge_mode"],
    inert: ["weights"],
    namedArguments: ["mask", "initial_state", "constants", "training"],
    create: bidirectional,
  },
  {
    className: "SpectralNormalization",
    majors: [2, 3],
    arguments: ["layer", "power_iterations"],
    create: (spec, context) =>
      spectralNormalization(spec, context.build(innerOf(spec, "layer")), context.origin.major),
  },
];

/** The stored kernel is already normalised: when the model predicts, the wrapped layer alone counts. */
function spectralNormalization(spec: LayerSpec, inner: tf.layers.Layer, major: number): tf.layers.Layer {
  const iterations = new Arguments(spec).number("power_iterations", 1);
  return new WrapperLayer("SpectralNormalization", spec.name, [inner], {
    build: ([x]) => {
      inner.build(x!);
      inner.built = true;
    },
    state: () => [["vector_u", [1, inner.weights[0]?.shape.at(-1) ?? 1]]],
    outputShape: ([x]) => inner.computeOutputShape(x!) as Shape,
    compute: ([x], kwargs, [u]) => {
      if (kwargs["training"] === true) normalizeSpectrum(inner.weights[0]!, u!, iterations);
      const output = inner.apply(x!, kwargs) as tf.Tensor;
      // Keras 3 gives the output the dtype of the input, whole numbers after an embedding.
      return major === 3 && x!.dtype === "int32" ? tf.cast(output, "int32") : output;
    },
  });
}

function innerOf(spec: LayerSpec, argument: string): LayerSpec {
  const inner = spec.inner[argument]?.[0];
  if (inner) return inner;
  throw new LayerError(
    "A24",
    argument,
    `a ${spec.className} without ${argument}`,
    "the wrapper computes nothing by itself",
    `Restore ${argument} in the layer's config.`,
  );
}

function timeDistributed(spec: LayerSpec, inner: tf.layers.Layer, major: number): tf.layers.Layer {
  const step = (shape: Shape): Shape => [shape[0]!, ...shape.slice(2)];
  return new WrapperLayer("TimeDistributed", spec.name, [inner], {
    build: ([x]) => {
      if (inner.built) return;
      inner.build(step(x!));
      inner.built = true;
    },
    outputShape: ([x]) => {
      const shape = inner.computeOutputShape(step(x!)) as Shape;
      return [shape[0]!, x![1]!, ...shape.slice(1)];
    },
    compute: ([x, given], kwargs) => {
      const masked = inner instanceof KerasModel && inner.masked !== null;
      const mask = inner instanceof ComputedLayer || masked ? given : undefined;
      const [batch, steps, ...rest] = x!.shape as [number, number, ...number[]];
      const run = (part: tf.Tensor, counted: tf.Tensor | undefined) =>
        (masked && counted
          ? inner.apply([part, counted], kwargs)
          : inner.apply(part, counted ? { ...kwargs, mask: counted } : kwargs)) as tf.Tensor;
      // Keras 3 goes step by step, which tells where averages are kept of what passes.
      if (major === 3 && kwargs["training"] === true && inner.nonTrainableWeights.length > 0) {
        const masks = mask ? tf.unstack(mask, 1) : [];
        return tf.stack(
          tf.unstack(x!, 1).map((one, step) => run(one, masks[step])),
          1,
        );
      }
      const counted = mask && tf.reshape(mask, [batch * steps, ...mask.shape.slice(2)]);
      const flat = run(tf.reshape(x!, [batch * steps, ...rest]), counted);
      return tf.reshape(flat, [batch, steps, ...flat.shape.slice(1)]);
    },
  });
}

function bidirectional(spec: LayerSpec, context: LayerContext): tf.layers.Layer {
  const args = new Arguments(spec);
  // None keeps the two outputs apart; a config without the argument has its default.
  const merging = ["concat", "sum", "mul", "ave"] as const;
  const said = args.raw("merge_mode");
  const mode = said === null ? null : said === undefined ? "concat" : args.choice("merge_mode", merging);
  const forwardSpec = zeroForMask(innerOf(spec, "layer"), context);
  const backwardSpec = zeroForMask(spec.inner["backward_layer"]?.[0] ?? reversed(forwardSpec), context);
  const forward = computation(forwardSpec, context);
  const backward = computation(backwardSpec, context);
  const inner = new Arguments(forwardSpec);
  const sequences = inner.flag("return_sequences", false);
  const withState = inner.flag("return_state", false);
  const timeMajor = inner.flag("time_major", false);
  let forwardWeights = 0;
  return new ComputedLayer("Bidirectional", spec, {
    weights: (shapes) => {
      const first = forward.weights?.(shapes) ?? [];
      forwardWeights = first.length;
      const second = backward.weights?.(shapes) ?? [];
      return [
        ...first.map((weight) => ({ ...weight, name: `forward/${weight.name}` })),
        ...second.map((weight) => ({ ...weight, name: `backward/${weight.name}` })),
      ];
    },
    outputShape: (shapes) => {
      const [f, ...fStates] = asList(forward.outputShape(shapes));
      const [b, ...bStates] = asList(backward.outputShape(shapes));
      const merged: Shape[] = mode === null ? [f!, b!] : [mode === "concat" ? joined(f!, b!) : f!];
      const states = withState ? [...fStates, ...bStates] : [];
      return merged.length + states.length === 1 ? merged[0]! : [...merged, ...states];
    },
    ...(forward.reset || backward.reset
      ? {
          reset: () => {
            forward.reset?.();
            backward.reset?.();
          },
        }
      : {}),
    compute: (inputs, running) => {
      const states = inputs.slice(1);
      const half = states.length / 2;
      const run = (part: Computation, own: readonly tf.Tensor[], first: boolean): tf.Tensor[] => {
        const weights = first
          ? running.weights.slice(0, forwardWeights)
          : running.weights.slice(forwardWeights);
        const result = part.compute([inputs[0]!, ...own], {
          ...running,
          weights,
          named: named(running, first),
        });
        return Array.isArray(result) ? result : [result];
      };
      const f = run(forward, states.slice(0, half), true);
      const b = run(backward, states.slice(half), false);
      const back = sequences ? tf.reverse(b[0]!, timeMajor ? 0 : 1) : b[0]!;
      const merged = mode === null ? [f[0]!, back] : [merge(mode, f[0]!, back)];
      const outputs = withState ? [...merged, ...f.slice(1), ...b.slice(1)] : merged;
      return outputs.length === 1 ? outputs[0]! : outputs;
    },
  });
}

/** Each direction takes its half of a named initial state. */
function named(running: Running, first: boolean): Running["named"] {
  const states = running.named["initial_state"];
  if (!Array.isArray(states)) return running.named;
  const half = states.length / 2;
  return { ...running.named, initial_state: first ? states.slice(0, half) : states.slice(half) };
}

/** tf.keras makes masked steps of both directions zero, and does not say so in the config (bidirectional.py). */
function zeroForMask(spec: LayerSpec, { origin }: LayerContext): LayerSpec {
  const [major, minor] = (origin.version ?? "").split(".").map((part) => Number.parseInt(part, 10));
  const byTensorFlow = major === 2 && (origin.version!.endsWith("-tf") || minor! >= 4);
  if (!byTensorFlow) return spec;
  return {
    ...spec,
    config: { ...spec.config, zero_output_for_mask: spec.config["return_sequences"] === true },
  };
}

function computation(spec: LayerSpec, context: LayerContext): Computation {
  const layer = context.build(spec);
  if (layer instanceof ComputedLayer) return layer.computation;
  throw new LayerError(
    "A24",
    "layer",
    `a Bidirectional around ${spec.className}`,
    "only a recurrent layer can run in two directions",
    "Register the whole layer under its own name.",
  );
}

function merge(mode: "concat" | "sum" | "mul" | "ave", a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (mode === "concat") return tf.concat([a, b], a.rank - 1);
  if (mode === "mul") return tf.mul(a, b);
  return mode === "sum" ? tf.add(a, b) : tf.div(tf.add(a, b), 2);
}

function asList(shape: Shape | Shape[]): Shape[] {
  return Array.isArray(shape[0]) ? (shape as Shape[]) : [shape as Shape];
}

/** The two directions may have unlike cells. */
function joined(forward: Shape, backward: Shape): Shape {
  const [f, b] = [forward.at(-1)!, backward.at(-1)!];
  return [...forward.slice(0, -1), f === null || b === null ? null : f + b];
}
