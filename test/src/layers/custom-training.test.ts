import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  openModel,
  registerCustom,
  registerFunction,
  skeleton,
  tf,
  unregisterCustom,
  type CustomFunction,
  type CustomLayerCall,
  type LoadSession,
} from "../../../src/index.js";
import { asTensor, difference, type StoredTensor } from "../keras/reference.js";
import { startOn } from "../keras/start-on.js";

const FOLDER = "test/fixtures/custom-training";

interface Trained {
  readonly input: StoredTensor;
  readonly target: StoredTensor;
  readonly before: StoredTensor;
  readonly losses: readonly number[];
  readonly after: StoredTensor;
}

type Layer = Parameters<CustomLayerCall>[1];

function product(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const flat = tf.matMul(tf.reshape(x, [-1, x.shape.at(-1)!]), kernel as tf.Tensor2D);
  const y = tf.reshape(flat, [...x.shape.slice(0, -1), kernel.shape[1]!]);
  return bias ? tf.add(y, bias) : y;
}

/** As in Keras: the batch's own moments in training, which move the averages. */
function normalize(x: tf.Tensor, weights: readonly tf.Tensor[], { training, update }: Layer): tf.Tensor {
  const [gamma, beta, mean, variance] = weights as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const batch = training ? tf.moments(x, 0) : { mean, variance };
  const moved = (old: tf.Tensor, by: tf.Tensor) => tf.add(tf.mul(old, 0.8), tf.mul(by, 0.2));
  update(mean, moved(mean, batch.mean));
  update(variance, moved(variance, batch.variance));
  const unit = tf.div(tf.sub(x, batch.mean), tf.sqrt(tf.add(batch.variance, 1e-3)));
  return tf.add(tf.mul(unit, gamma), beta);
}

/** The parts by their attributes, or by the names of an .h5 file. */
function parts({ weightsOf }: Layer, ...names: readonly (readonly [string, string])[]): tf.Tensor[][] {
  return names.map(([attribute, name]) => {
    const found = weightsOf(attribute);
    return [...(found.length > 0 ? found : weightsOf(name))];
  });
}

const FUNCTIONS: Readonly<Record<string, CustomLayerCall>> = {
  Normed(x, layer) {
    const [dense, bn] = parts(layer, ["dense", "dense"], ["bn", "batch_normalization"]);
    return normalize(product(x as tf.Tensor, dense![0]!), bn!, layer);
  },
  Shifted: (x, { weights: [b, a, c] }) => tf.sub(tf.add(tf.mul(x as tf.Tensor, b!), a!), c!),
  Attends(x, layer) {
    const [q, k, v] = parts(layer, ["query", "dense"], ["key", "dense_1"], ["value", "dense_2"]).map(
      ([kernel, bias]) => product(x as tf.Tensor, kernel!, bias),
    );
    return tf.matMul(tf.softmax(tf.div(tf.matMul(q!, k!, false, true), 2)), v!);
  },
  HalfFrozen(x, layer) {
    const [body, head] = parts(layer, ["body", "dense"], ["head", "dense_1"]);
    return product(tf.tanh(product(x as tf.Tensor, body![0]!, body![1])), head![0]!, head![1]);
  },
  Gating(inputs, { weights: [gate, kernel, shift] }) {
    const [x, h] = inputs as tf.Tensor[];
    const both = tf.concat([x!, h!], -1);
    const z = tf.sigmoid(tf.add(product(both, gate!), shift!));
    return tf.add(tf.mul(tf.sub(1, z), h!), tf.mul(z, tf.tanh(product(both, kernel!))));
  },
  Centers: (x, { weights: [centers] }) =>
    tf.neg(tf.sum(tf.squaredDifference(tf.expandDims(x as tf.Tensor, 1), tf.expandDims(centers!, 0)), -1)),
  Inlaid(x, layer) {
    // The list of a model's layers in an archive; the default names, by which a .h5 file goes, are the other way.
    const archive = layer.weightsOf("net").length > 0;
    const names = archive ? ["dense", "dense_1"] : ["dense_1", "dense"];
    const [first, bn, last] = [names[0]!, "batch_normalization", names[1]!].map(layer.weightsOf);
    const inside = tf.relu(product(x as tf.Tensor, first![0]!, first![1]));
    return tf.add(x as tf.Tensor, product(normalize(inside, bn!, layer), last![0]!, last![1]));
  },
  Whole(x, layer) {
    const names = [
      ["body", "dense"],
      ["bn", "batch_normalization"],
      ["head", "dense_1"],
    ] as const;
    const [body, bn, head] = parts(layer, ...names);
    const inside = tf.tanh(product(x as tf.Tensor, body![0]!, body![1]));
    return product(normalize(inside, bn!, layer), head![0]!, head![1]);
  },
  Remembering(inputs, { weights: [kernel, recurrent, bias] }) {
    const [x, h, c] = inputs as tf.Tensor[];
    const gates = tf.split(tf.add(product(x!, kernel!, bias), product(h!, recurrent!)), 4, 1);
    const [i, f, g, o] = gates as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const kept = tf.add(tf.mul(tf.sigmoid(f), c!), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    const output = tf.mul(tf.sigmoid(o), tf.tanh(kept));
    return [output, output, kept];
  },
  Switched(x, { weights, training, update }) {
    const kernel = weights.find(({ rank }) => rank === 2)!;
    const on = weights.find(({ dtype }) => dtype === "bool")!;
    const calls = weights.find(({ dtype }) => dtype === "int32")!;
    const counted = training ? tf.add(calls, tf.scalar(1, "int32")) : calls;
    update(calls, counted);
    const y = product(x as tf.Tensor, kernel);
    return { z: tf.where(on, y, tf.zerosLike(y)), a: tf.mul(y, tf.cast(counted, "float32")) };
  },
  Holding: (x, { weights: [kernel, bias] }) => tf.add(x as tf.Tensor, product(x as tf.Tensor, kernel!, bias)),
  Penalized(x, { weights: [kernel], addLoss }) {
    const y = product(x as tf.Tensor, kernel!);
    addLoss(tf.mul(0.1, tf.sum(tf.square(y))));
    return y;
  },
};

/** What `owned` was compiled with and names in its layers. */
const OWN = {
  activation: ["own>activate", (x: tf.Tensor) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.5)))],
  regularizer: ["own>Penalty", (x: tf.Tensor, config: Config) => tf.mul(config["factor"]!, tf.pow(x, 4))],
  constraint: [
    "own>Bound",
    (weight: tf.Tensor, config: Config) => tf.clipByValue(weight, -config["most"]!, config["most"]!),
  ],
  loss: [
    "own>Error",
    (y: tf.Tensor, predicted: tf.Tensor, config: Config) =>
      tf.mul(config["factor"]!, tf.mean(tf.squaredDifference(y, predicted), -1)),
  ],
  metric: ["own>distance", (y: tf.Tensor, predicted: tf.Tensor) => tf.mean(tf.abs(tf.sub(y, predicted)), -1)],
  schedule: ["own>Rate", (step: number, config: Config) => config["first"]! / (1 + step)],
} as const;

type Config = Readonly<Record<string, number>>;

function registerOwn(...kinds: readonly (keyof typeof OWN)[]): void {
  for (const kind of kinds) registerFunction(kind, OWN[kind][0], OWN[kind][1] as CustomFunction);
}

function read(name: string): Trained {
  return JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8")) as Trained;
}

function said(session: LoadSession, title: string): string {
  return session
    .report()
    .settled.filter((problem) => problem.title.startsWith(title))
    .map(({ found }) => found)
    .join("\n");
}

/** Loads, predicts and trains on for as many steps as Keras did. */
async function trainOn(file: string): Promise<{ session: LoadSession; losses: number[]; errors: number[] }> {
  const { input, target, before, losses, after } = read(file.slice(0, file.indexOf(".")));
  const session = await openModel(`${FOLDER}/${file}`);
  assert.deepEqual(session.report().waiting, []);
  const model = session.model!;
  const [x, y] = [asTensor(input), asTensor(target)];
  const error = (wanted: StoredTensor) => difference(model.predict(x) as tf.Tensor, wanted);
  const first = await error(before);
  const got: number[] = [];
  while (got.length < losses.length) {
    const { history } = await model.fit(x, y, { batchSize: 16, shuffle: false, verbose: 0 });
    got.push(history["loss"]![0] as number);
  }
  return { session, losses: got, errors: [first, await error(after)] };
}

describe("layers written as functions, trained on", () => {
  before(() => startOn("cpu"));
  beforeEach(() => Object.entries(FUNCTIONS).forEach(([name, run]) => registerCustom(name, run)));
  afterEach(() => Object.keys(FUNCTIONS).forEach((name) => unregisterCustom(name)));

  for (const name of [
    "normed",
    "shifted",
    "attends",
    "nested",
    "penalized",
    "holding",
    "directions",
    "inlaid",
    "switched",
    "rested",
  ])
    for (const ending of ["keras", "h5"])
      it(`${name}.${ending} goes on as Keras does`, async () => {
        const { losses, errors } = await trainOn(`${name}.${ending}`);
        read(name).losses.forEach((loss, i) => assert.ok(Math.abs(losses[i]! - loss) < 1e-5, `${losses}`));
        for (const error of errors) assert.ok(error < 1e-4, `${errors}`);
      });

  it("whole.keras: a model of the user's own class is one layer, registered before or after it is opened", async () => {
    unregisterCustom("Whole");
    const file = `${FOLDER}/whole.keras`;
    const waiting = await openModel(file);
    const [problem] = waiting.report().waiting;
    assert.equal(problem!.code, "C02");
    assert.deepEqual(
      problem!.remedies.slice(0, 2).map(({ id }) => id),
      ["register", "skeleton"],
    );
    assert.match(skeleton("Whole", waiting.source("Whole")), /moving_mean|vars\/|4, 4/);
    registerCustom("Whole", FUNCTIONS["Whole"]!);
    assert.ok((await waiting.step()).model);
    const { losses, errors } = await trainOn("whole.keras");
    read("whole").losses.forEach((loss, i) => assert.ok(Math.abs(losses[i]! - loss) < 1e-5, `${losses}`));
    for (const error of errors) assert.ok(error < 1e-4, `${errors}`);
  });

  it("a model of the user's own class gives all the tensors that its class gives", async () => {
    const whole = FUNCTIONS["Whole"]!;
    registerCustom("Whole", (x, layer) => {
      const y = whole(x, layer) as tf.Tensor;
      return [y, tf.sum(y, -1)];
    });
    const { model } = await openModel(`${FOLDER}/whole.keras`);
    const { input, before } = read("whole");
    const [y, sums] = model!.predict(asTensor(input)) as [tf.Tensor, tf.Tensor];
    assert.ok((await difference(y, before)) < 1e-5);
    assert.deepEqual(sums.shape, [before.shape[0]]);
    registerCustom("Whole", whole);
  });

  it("whole.h5, which has no shape for its input, asks for it", async () => {
    const session = await openModel(`${FOLDER}/whole.h5`);
    assert.equal(session.report().waiting[0]!.code, "G07");
    await session.fix(1, "input-shape", "null,4");
    const { input, before } = read("whole");
    assert.ok((await difference(session.model!.predict(asTensor(input)) as tf.Tensor, before)) < 1e-5);
  });

  it("a cell's function that runs on no number of states is told so when the file is opened", async () => {
    registerCustom("Remembering", (inputs) => tf.add(...(inputs as [tf.Tensor, tf.Tensor])));
    const session = await openModel(`${FOLDER}/remembering.keras`);
    assert.match(session.report().waiting[0]!.found, /runs on no one, two or three states of 3 numbers/);
  });

  it("a function that asks for a part that is not there is told which there are", async () => {
    registerCustom("Normed", (x, { weightsOf }) => product(x as tf.Tensor, weightsOf("dens")[0]!));
    const session = await openModel(`${FOLDER}/normed.keras`);
    assert.match(session.report().waiting[0]!.found, /weightsOf\("dens"\) found nothing; .* bn, dense\)/);
  });

  class Later extends tf.layers.Layer {
    static readonly className: string = "Later";
    override supportsMasking = true;
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.slice([inputs].flat()[0]!, [0, 1, 0], [-1, -1, -1]);
    }
    override computeMask(_: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.slice([mask!].flat()[0]!, [0, 1], [-1, -1]);
    }
  }
  const MASKED = new Map<string, CustomLayerCall>([
    ["Doubled", (x) => tf.mul(x as tf.Tensor, 2)],
    [
      "Mean",
      (x, { mask }) => {
        const counts = tf.expandDims(mask!, -1);
        return tf.div(tf.sum(tf.mul(x as tf.Tensor, counts), 1), tf.sum(counts, 1));
      },
    ],
  ]);

  it("masks of a file of Keras 2 go on through what says that it hands them on; else that is said", async () => {
    for (const [name, run] of MASKED) registerCustom(name, run, { supportsMasking: name === "Doubled" });
    registerCustom("Later", Later);
    try {
      const session = await openModel(`${FOLDER}/masked.h5`);
      const { input, before } = read("masked");
      const error = await difference(session.model!.predict(asTensor(input)) as tf.Tensor, before);
      assert.ok(error < 1e-5, String(error));
      assert.equal(said(session, "A mask that ends"), "");
      registerCustom("Doubled", MASKED.get("Doubled")!);
      registerCustom("Mean", (x) => tf.mean(x as tf.Tensor, 1));
      registerCustom("Later", (x) => tf.slice(x as tf.Tensor, [0, 1, 0], [-1, -1, -1]));
      assert.match(said(await openModel(`${FOLDER}/masked.h5`), "A mask that ends"), /ends at Doubled/);
    } finally {
      for (const name of ["Doubled", "Later", "Mean"]) unregisterCustom(name);
    }
  });

  class PenalizedClass extends tf.layers.Layer {
    static readonly className: string = "Penalized";
    private kernel: tf.LayerVariable | null = null;
    override build(shape: tf.Shape): void {
      const [zeros, l2] = [tf.initializers.zeros(), tf.regularizers.l2()];
      this.kernel = this.addWeight(
        "kernel",
        [shape.at(-1)!, 3],
        "float32",
        zeros,
        l2,
        true,
        tf.constraints.nonNeg(),
      );
      this.built = true;
    }
    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
      const y = product([inputs].flat()[0]!, this.kernel!.read());
      (kwargs["addLoss"] as Layer["addLoss"])(tf.mul(0.1, tf.sum(tf.square(y))));
      return y;
    }
  }

  it("a class's own regularizer and what it adds to the loss count, once each", async () => {
    registerCustom("Penalized", PenalizedClass);
    const { losses, errors } = await trainOn("penalized.keras");
    read("penalized").losses.forEach((loss, i) => assert.ok(Math.abs(losses[i]! - loss) < 1e-5, `${losses}`));
    for (const error of errors) assert.ok(error < 1e-4, `${errors}`);
  });

  /** Layers in fields, which nothing else makes known; they are built when they are first called. */
  class NormedClass extends tf.layers.Layer {
    static readonly className: string = "Normed";
    private readonly dense: tf.layers.Layer;
    private readonly bn = tf.layers.batchNormalization({ momentum: 0.8 });
    constructor(config: { readonly units: number }) {
      super(config as never);
      this.dense = tf.layers.dense({ units: config.units, useBias: false });
    }
    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
      return this.bn.apply(this.dense.apply(inputs), kwargs) as tf.Tensor;
    }
  }

  class AttendsClass extends tf.layers.Layer {
    static readonly className: string = "Attends";
    protected names = ["query", "key", "value"];
    private readonly size: number;
    constructor(config: { readonly size: number }) {
      super(config as never);
      this.size = config.size;
    }
    override build(shape: tf.Shape): void {
      for (const name of this.names) {
        const part = tf.layers.dense({ units: this.size });
        part.build(shape);
        part.built = true;
        Object.assign(this, { [name]: part });
      }
      this.built = true;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const parts = this.names.map((name) => (this as unknown as Record<string, tf.layers.Layer>)[name]!);
      const [q, k, v] = parts.map((part) => part.apply([inputs].flat()[0]!) as tf.Tensor);
      return tf.matMul(tf.softmax(tf.div(tf.matMul(q!, k!, false, true), 2)), v!);
    }
  }

  for (const [name, made] of [
    ["normed", NormedClass],
    ["attends", AttendsClass],
  ] as const)
    it(`${name}.keras: a class gets the weights of the layers in its fields by their names, and goes on so`, async () => {
      registerCustom(made.className, made);
      const { losses, errors } = await trainOn(`${name}.keras`);
      read(name).losses.forEach((loss, i) => assert.ok(Math.abs(losses[i]! - loss) < 1e-5, `${losses}`));
      for (const error of errors) assert.ok(error < 1e-4, `${errors}`);
    });

  it("says where fields have other names and several ways fit", async () => {
    registerCustom(
      "Attends",
      class extends AttendsClass {
        static override readonly className: string = "Attends";
        protected override names = ["first", "second", "third"];
      },
    );
    const session = await openModel(`${FOLDER}/attends.keras`);
    assert.match(said(session, "Weights in another layout"), /first, second, third under other names/);
  });

  it("a class that adds to the loss of TensorFlow.js while it runs is told of the other way", async () => {
    registerCustom(
      "Penalized",
      class extends PenalizedClass {
        static override readonly className: string = "Penalized";
        override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
          this.addLoss(() => tf.scalar(1));
          return super.call(inputs, kwargs);
        }
      },
    );
    await assert.rejects(trainOn("penalized.keras"), /penalized calls this.addLoss while it runs/);
  });

  it("says which weights are left alone, and what tells it", async () => {
    const { session } = await trainOn("normed.h5");
    assert.match(
      said(session, "Which weights"),
      /2 weights of 5 are not trained.*moving_mean.*moving_variance/,
    );
    const shifted = await trainOn("shifted.keras");
    assert.match(
      said(shifted.session, "Which weights"),
      /weights\[1\] \(the optimizer keeps no state for it\)/,
    );
  });

  for (const ending of ["keras", "h5"])
    it(`centers.${ending}: says that a regularizer's weight cannot be told`, async () => {
      const session = await openModel(`${FOLDER}/centers.${ending}`);
      assert.match(
        said(session, "A regularizer without its weight"),
        /penalty is `L2`; which of the layer's/,
      );
    });

  it("a weight is left alone where no gradient comes through it", async () => {
    registerCustom("HalfFrozen", (x, layer) => {
      const [body, head] = parts(layer, ["body", "dense"], ["head", "dense_1"]);
      const still = body!.map((weight) => layer.operation("tf.stop_gradient", [weight]));
      return product(tf.tanh(product(x as tf.Tensor, still[0]!, still[1])), head![0]!, head![1]);
    });
    const { session } = await trainOn("half_frozen.keras");
    const [kernel] = session.model!.getLayer("half").weights;
    const fresh = (await openModel(`${FOLDER}/half_frozen.keras`)).model!.getLayer("half").weights;
    assert.deepEqual(kernel!.read().arraySync(), fresh[0]!.read().arraySync());
    assert.notDeepEqual(
      session.model!.getLayer("half").weights[2]!.read().arraySync(),
      fresh[2]!.read().arraySync(),
    );
  });

  it("a function that normalizes and is frozen as in Keras goes on so, and the card says when", async () => {
    const told = (session: LoadSession) =>
      session.report().settled.find(({ title }) => title.startsWith("Which weights"))!.advice;
    const still: CustomLayerCall = (x, layer) => FUNCTIONS["Normed"]!(x, { ...layer, training: false });
    registerCustom("Normed", still);
    const { session, losses } = await trainOn("resting.keras");
    read("resting").losses.forEach((loss, i) => assert.ok(Math.abs(losses[i]! - loss) < 1e-5, `${losses}`));
    assert.match(told(session), /goes by its averages in training too/);
    assert.doesNotMatch(told(await openModel(`${FOLDER}/normed.keras`)), /goes by its averages/);
  });

  for (const ending of ["keras", "h5"])
    it(`frozen.${ending}: a frozen function is told so, and goes on as Keras does`, async () => {
      const byTrainable: CustomLayerCall = (x, layer) =>
        FUNCTIONS["Normed"]!(x, { ...layer, training: layer.training && layer.trainable });
      registerCustom("Normed", byTrainable);
      const { session, losses } = await trainOn(`frozen.${ending}`);
      read("frozen").losses.forEach((loss, i) => assert.ok(Math.abs(losses[i]! - loss) < 1e-5, `${losses}`));
      assert.match(said(session, "Which weights"), /is frozen, and holds a batch normalization/);
    });

  it("says why an archive does not tell whose the optimizer's state is; the .h5 of the same model does", async () => {
    registerCustom("Twice", (x) => x);
    const told = async (ending: string) =>
      (await openModel(`${FOLDER}/twice.${ending}`)).report().settled.find(({ code }) => code === "O01");
    const { why, advice } = (await told("keras"))!;
    assert.match(why, /sorts the parts of a layer by their names/);
    assert.match(advice, /Saved as \.h5/);
    assert.equal(await told("h5"), undefined);
    unregisterCustom("Twice");
  });

  it("says where the file does not tell which of two parts is trained", async () => {
    const { session } = await trainOn("half_frozen.keras");
    assert.match(said(session, "Which weights"), /Keras trains only some of weights\[0\]/);
    assert.match(said(session, "The state of the optimizer"), /tensors are stored/);
  });

  it("leaves them alone in a layer that was frozen and thawed", async () => {
    const session = await openModel(`${FOLDER}/shifted.keras`);
    const layer = session.model!.getLayer("shifted");
    layer.trainable = false;
    layer.trainable = true;
    assert.equal(layer.trainableWeights.length, 1);
    assert.equal(layer.nonTrainableWeights.length, 2);
    assert.equal(layer.weights.length, 3);
  });

  it("leaves them alone in a model inside the model", async () => {
    const session = await openModel(`${FOLDER}/nested.h5`);
    const layers = session.model!.getLayer("inner") as unknown as tf.LayersModel;
    const trained = layers.layers.map(({ trainableWeights }) => trainableWeights.length);
    assert.deepEqual(trained, [0, 3, 1]);
  });

  it("refuses to change what is no weight of the layer", async () => {
    registerCustom("Shifted", (x, { weights: [b], update }) => {
      update(tf.mul(b!, 2), b!);
      return tf.mul(x as tf.Tensor, b!);
    });
    await assert.rejects(trainOn("shifted.h5"), /none of the layer's weights/);
  });
});

describe("losses, metrics, regularizers, constraints, schedules and optimizers of the user's own", () => {
  before(() => startOn("cpu"));
  afterEach(() => Object.values(OWN).forEach(([name]) => unregisterCustom(name)));

  for (const ending of ["keras", "h5"]) {
    it(`owned.${ending} goes on as Keras does, with all of them registered`, async () => {
      registerOwn("activation", "regularizer", "constraint", "loss", "metric", "schedule");
      const { session, losses, errors } = await trainOn(`owned.${ending}`);
      assert.equal(said(session, "Unknown"), "");
      read("owned").losses.forEach((loss, i) => assert.ok(Math.abs(losses[i]! - loss) < 1e-4, `${losses}`));
      for (const error of errors) assert.ok(error < 1e-4, `${errors}`);
    });

    it(`owned.${ending} says each that training does without`, async () => {
      registerOwn("activation", "loss");
      const { session } = await trainOn(`owned.${ending}`);
      const settled = session.report().settled.filter(({ title }) => title.startsWith("Unknown"));
      const told = settled.map(({ title, where, advice }) => {
        assert.match(advice, /%register_custom --kind (regularizer|constraint|metric|schedule) /);
        return `${title} ${where.layer ?? ""}`.trim();
      });
      assert.deepEqual(told.toSorted(), [
        "Unknown constraint: own>Bound hidden",
        "Unknown metric: own>distance",
        "Unknown regularizer: own>Penalty hidden",
        "Unknown regularizer: own>Penalty hidden",
        "Unknown schedule: Rate",
      ]);
    });
  }

  it("an optimizer that is registered takes the place of the saved one", async () => {
    registerOwn("activation", "loss");
    registerFunction("optimizer", "SGD", () => tf.train.sgd(0));
    try {
      const { losses } = await trainOn("owned.keras");
      assert.equal(losses[2], losses[0]);
      registerFunction("optimizer", "SGD", () => 1 as never);
      await assert.rejects(openModel(`${FOLDER}/owned.keras`), /SGD must return an optimizer/);
    } finally {
      unregisterCustom("SGD");
    }
  });
});
