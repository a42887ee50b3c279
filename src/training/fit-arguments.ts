import * as tf from "@tensorflow/tfjs";
import { camelCase } from "../names/camel-case.js";
import { callbackInstances } from "./callback-instances.js";
import { acceptDatasetWeights, batchesOf, type Dataset, type WithDatasets } from "./dataset-weights.js";
import { acceptSampleWeights, type WithSampleWeights } from "./sample-weights.js";
import { acceptStrings } from "./string-inputs.js";
import { type Frequency, skipValidations, validatedAt, ValidationFrequency } from "./validation-frequency.js";

interface Arguments {
  readonly callbacks?: tf.ModelFitArgs["callbacks"];
  readonly yieldEvery?: tf.ModelFitArgs["yieldEvery"];
  readonly validationFreq?: Frequency;
}

interface FitArguments extends Arguments {
  readonly validationData?: readonly unknown[];
}

interface DatasetArguments extends Arguments {
  readonly validationData?: Dataset | readonly [tf.Tensor, tf.Tensor, tf.Tensor?];
  readonly validationBatchSize?: number;
}

/**
 * What `fit`, `fitDataset`, `evaluate` and `evaluateDataset` of Keras take and those of TensorFlow.js do not:
 * callbacks of both kinds in one list, `validationFreq`, sample weights, also in datasets and in
 * `validationData`, and strings as inputs.
 */
export function acceptArgumentsOfKeras(model: tf.LayersModel): void {
  const inner = model as unknown as WithSampleWeights & WithDatasets & Parameters<typeof skipValidations>[0];
  acceptSampleWeights(inner);
  acceptStrings(inner);
  acceptDatasetWeights(inner);
  skipValidations(inner);
  const [fit, fitDataset] = [inner.fit, inner.fitDataset];
  inner.fit = async (x, y, args: FitArguments = {}) => {
    refusePython(args, "fit");
    const frequency = new ValidationFrequency(args.validationFreq ?? 1);
    return validatedAt(inner, frequency, () => fit(x, y, withInstances(args)));
  };
  inner.fitDataset = async (dataset, args: DatasetArguments = {}) => {
    refusePython(args, "fitDataset");
    const frequency = new ValidationFrequency(args.validationFreq ?? 1);
    frequency.held = heldOf(args);
    const validation = frequency.held ? { validationData: frequency.held } : {};
    return validatedAt(inner, frequency, () =>
      fitDataset(dataset, { ...withInstances(args), ...validation }),
    );
  };
}

function withInstances<T extends Arguments>(args: T): T {
  return { ...args, callbacks: callbackInstances(args.callbacks, args.yieldEvery) };
}

/** Tensors to validate on as a dataset, which may have sample weights. */
function heldOf({ validationData: held, validationBatchSize = 32 }: DatasetArguments): Dataset | null {
  if (!held || !("length" in held)) return held ?? null;
  const [xs, ys, sampleWeight] = held;
  return batchesOf({ xs, ys, ...(sampleWeight ? { sampleWeight } : {}) }, validationBatchSize);
}

const OF_KERAS = new Set([
  ...["batchSize", "epochs", "callbacks", "validationSplit", "validationData", "shuffle", "classWeight"],
  ...["sampleWeight", "initialEpoch", "validationFreq", "validationBatchSize"],
]);

/** @throws RangeError for an argument as Python writes it, which would be passed over, and for steps */
function refusePython(args: object, method: string): void {
  for (const name of Object.keys(args)) {
    const meant = camelCase(name);
    if (meant !== name && OF_KERAS.has(meant))
      throw new RangeError(`${method} has no argument ${name}: write ${meant}.`);
    if (meant === "stepsPerEpoch")
      throw new RangeError(
        `${method} has no ${name}: fitDataset takes batchesPerEpoch; fit takes the tensors of an epoch.`,
      );
  }
}
