import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { brief } from "../../keras/json.js";
import { shapeList, type Shape } from "../computed-layer.js";

/** More numbers than this for one example are 8 GB in float32: no back end holds them. */
const MOST_NUMBERS = 2 ** 31;
/** What an argument says below this may be what was meant. */
const ABSURD = 1e6;
/** Numbers that stand for no size. */
const NO_SIZE = /seed|salt|hash_key|value$|scale|offset|mean|variance|_freq$|_db$|^l[12]$|epsilon/;

/** Refuses outputs that cannot be: sizes below 0, or more numbers than any memory holds. */
export function limitOutputs(layer: tf.layers.Layer, spec: LayerSpec): void {
  const shapeOf = layer.computeOutputShape.bind(layer);
  layer.computeOutputShape = (inputShape) => {
    const shape = shapeOf(inputShape);
    for (const one of shapeList(shape)) checkShape(one, inputShape, spec);
    return shape;
  };
}

function checkShape(shape: Shape, inputShape: tf.Shape | tf.Shape[], spec: LayerSpec): void {
  const known = shape.slice(1).filter((n) => n !== null);
  const numbers = known.reduce((product, n) => product * n, 1);
  // A window that is larger than what it moves over fits nowhere.
  const least = /Pooling[123]D$/.test(spec.className) ? 1 : 0;
  const whole = known.every((n) => Number.isInteger(n) && n >= least);
  if (whole && numbers <= MOST_NUMBERS) return;
  if (known.some(Number.isNaN)) throw otherAxes(inputShape, spec);
  const argument = absurdArgument(spec.config);
  throw new LayerError(
    whole ? "A24" : "G11",
    argument,
    `${saidOf(spec, argument)}its output would be ${written(shape)}, for an input of ${shapeList(inputShape).map(written).join(" and ")}`,
    whole
      ? `one example may have ${MOST_NUMBERS} numbers at most; no memory holds more`
      : `every size of an output must be a whole number of at least ${least}`,
    argument === undefined
      ? "Check the layer's arguments and the shapes that reach it."
      : `Correct ${argument} in the layer's config.`,
  );
}

function otherAxes(inputShape: tf.Shape | tf.Shape[], { className }: LayerSpec): LayerError {
  return new LayerError(
    "G11",
    undefined,
    `an input of ${shapeList(inputShape).map(written).join(" and ")} reaches it`,
    `${className} takes another number of axes`,
    "Check the shape of the model's input and the layers before this one.",
  );
}

/** The argument with the largest number of a config, where that number is far beyond what layers have. */
export function absurdArgument(config: Readonly<Record<string, JsonValue>>): string | undefined {
  let found: string | undefined;
  let most = ABSURD;
  for (const [name, value] of Object.entries(config)) {
    if (NO_SIZE.test(name)) continue;
    for (const n of [value].flat(2)) {
      if (typeof n !== "number" || Math.abs(n) <= most) continue;
      most = Math.abs(n);
      found = name;
    }
  }
  return found;
}

/** `units = 1000000000000; `, empty where no argument is to blame. */
export function saidOf({ config }: Pick<LayerSpec, "config">, argument: string | undefined): string {
  return argument === undefined ? "" : `${argument} = ${brief(config[argument])}; `;
}

function written(shape: Shape): string {
  return `[${shape.map((n) => n ?? "?").join(", ")}]`;
}
