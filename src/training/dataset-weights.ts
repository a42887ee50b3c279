import * as tf from "@tensorflow/tfjs";

/** Tensors of a batch: one, a list, or by name. */
type Tensors = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

interface Item {
  readonly xs: Tensors;
  readonly ys: Tensors;
  /** One for each sample: for all outputs, for each, or by output. */
  readonly sampleWeight?: Tensors | null;
}

interface Items {
  next(): Promise<{ value: Item | null; done: boolean }>;
}

/** As `tf.data` has them, as far as TensorFlow.js looks at it (tfjs-layers/src/engine/training_dataset.ts). */
export interface Dataset {
  readonly size?: number;
  iterator(): Promise<Items>;
}

type Step = (batch: (tf.Tensor | null)[]) => tf.Scalar[];

/** The parts of tfjs's model that datasets go through. */
export interface WithDatasets {
  readonly inputs: readonly unknown[];
  readonly outputNames: readonly string[];
  makeTrainFunction(): Step;
  makeTestFunction(): void;
  testFunction: Step;
  fitDataset(dataset: Dataset, args: object): Promise<tf.History>;
  evaluateDataset(dataset: Dataset | Items, args?: object): Promise<tf.Scalar | tf.Scalar[]>;
}

/** Sample weights in datasets, `{ xs, ys, sampleWeight }`, which TensorFlow.js passes over. */
export function acceptDatasetWeights(model: WithDatasets): void {
  /** Of the batch that was read last. */
  let read: tf.Tensor[] | null = null;
  const watched = (items: Items): Items => ({
    next: async () => {
      const item = await items.next();
      const given = item.value?.sampleWeight ?? null;
      read = given && byOutput(given, model.outputNames);
      return item;
    },
  });
  const watch = (dataset: Dataset): Dataset => ({
    ...("size" in dataset ? { size: dataset.size } : {}),
    iterator: async () => watched(await dataset.iterator()),
  });
  const weighed =
    (step: Step): Step =>
    (batch) => {
      const [weights, place] = [read, model.inputs.length + model.outputNames.length];
      read = null;
      if (!weights) return step(batch);
      // Behind the targets are those of the classes.
      const both = weights.map((weight, i) =>
        batch[place + i] ? tf.mul(weight, batch[place + i]!) : tf.clone(weight),
      );
      const result = step([...batch.slice(0, place), ...both]);
      tf.dispose([...weights, ...both]);
      return result;
    };
  const [makeTrain, makeTest] = [model.makeTrainFunction, model.makeTestFunction];
  model.makeTrainFunction = () => weighed(makeTrain());
  model.makeTestFunction = () => {
    makeTest();
    model.testFunction = weighed(model.testFunction);
  };
  const [fit, evaluate] = [model.fitDataset.bind(model), model.evaluateDataset.bind(model)];
  model.fitDataset = (dataset, args) => fit(watch(dataset), args).finally(() => (read = null));
  model.evaluateDataset = (dataset, args) =>
    evaluate("next" in dataset ? watched(dataset) : watch(dataset), args).finally(() => (read = null));
}

function byOutput(given: Tensors, outputs: readonly string[]): tf.Tensor[] {
  if (given instanceof tf.Tensor) return outputs.map((_, i) => (i === 0 ? given : tf.clone(given)));
  if (Array.isArray(given)) return given as tf.Tensor[];
  return outputs.map((name) => (given as Record<string, tf.Tensor>)[name]!);
}

/** Batches of tensors as a dataset. */
export function batchesOf({ xs, ys, sampleWeight }: Item, batchSize: number): Dataset {
  const samples = [xs].flat().flatMap((x) => (x instanceof tf.Tensor ? x : Object.values(x)))[0]!.shape[0]!;
  return {
    iterator: async () => {
      let at = 0;
      const next = async () => {
        if (at >= samples) return Promise.resolve({ value: null, done: true });
        const size = Math.min(batchSize, samples - at);
        const cut = (tensors: Tensors) => sliced(tensors, at, size);
        const value = { xs: cut(xs), ys: cut(ys), sampleWeight: sampleWeight ? cut(sampleWeight) : null };
        at += size;
        return Promise.resolve({ value, done: false });
      };
      return Promise.resolve({ next });
    },
  };
}

function sliced(tensors: Tensors, begin: number, size: number): Tensors {
  const cut = (tensor: tf.Tensor) => tf.slice(tensor, begin, size);
  if (tensors instanceof tf.Tensor) return cut(tensors);
  if (Array.isArray(tensors)) return (tensors as tf.Tensor[]).map(cut);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, cut(tensor as tf.Tensor)]),
  );
}
