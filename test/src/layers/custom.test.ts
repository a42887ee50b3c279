import assert from "node:assert/strict";
import { openModel, registerCustom, tf, unregisterCustom, type CustomObject } from "../../../src/index.js";
import { predictionError, readReference } from "../keras/reference.js";
import { startOn } from "../keras/start-on.js";

const FOLDER = "test/fixtures/custom-layers";

type Config = { readonly units: number; readonly name: string };

function product(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias);
}

/** The arithmetic, with the weights by what they are. */
function gated(x: tf.Tensor, w: Record<"scale" | "shift" | "k1" | "b1" | "k2" | "b2", tf.Tensor>): tf.Tensor {
  const hidden = tf.relu(product(tf.mul(x, w.scale), w.k1, w.b1));
  return tf.add(product(hidden, w.k2, w.b2), w.shift);
}

/** Variables made in `build`, in the order of the .h5 file. */
class InBuild extends tf.layers.Layer {
  static readonly className: string = "Gated";
  private readonly units: number;
  constructor(config: Config) {
    super({ name: config.name });
    this.units = config.units;
  }
  override build(shape: tf.Shape): void {
    const zeros = tf.initializers.zeros();
    const add = (name: string, size: number[]) => this.addWeight(name, size, "float32", zeros);
    add("scale", [shape.at(-1)!]);
    add("shift", [this.units]);
    add("kernel_2", [this.units, this.units]);
    add("bias_2", [this.units]);
    add("kernel_1", [shape.at(-1)!, this.units]);
    add("bias_1", [this.units]);
    this.built = true;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [scale, shift, k2, b2, k1, b1] = this.weights.map((weight) => weight.read());
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return gated(x, { scale: scale!, shift: shift!, k1: k1!, b1: b1!, k2: k2!, b2: b2! });
  }
}

/** Names that tfjs gives to the second of two variables of one name. */
class Numbered extends InBuild {
  override addWeight(
    name: string,
    ...rest: [tf.Shape, tf.DataType, ReturnType<typeof tf.initializers.zeros>]
  ): tf.LayerVariable {
    return super.addWeight(name.replace("_2", ""), ...rest);
  }
}

/** Variables made in the constructor, since the sizes are known. */
class InConstructor extends tf.layers.Layer {
  static readonly className: string = "Gated";
  constructor({ name, units }: Config) {
    super({ name });
    const zeros = tf.initializers.zeros();
    const sizes = [[4], [units], [units, units], [units], [4, units], [units]];
    sizes.forEach((size, i) => this.addWeight(`w${i}`, size, "float32", zeros));
  }
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return [...shape.slice(0, -1), 3];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return InBuild.prototype.call.call(this, inputs);
  }
}

/** No class at all: the weights come from the file, in its order. */
const H5_CALL: CustomObject = (x, { weights: [scale, shift, k2, b2, k1, b1] }) =>
  gated(x as tf.Tensor, { scale: scale!, shift: shift!, k1: k1!, b1: b1!, k2: k2!, b2: b2! });

/** An archive has the layer's own variables first, then its parts by name. */
const KERAS_CALL: CustomObject = (x, { weights: [scale, shift, k1, b1, k2, b2] }) =>
  gated(x as tf.Tensor, { scale: scale!, shift: shift!, k1: k1!, b1: b1!, k2: k2!, b2: b2! });

describe("classes that a user registers", () => {
  before(() => startOn("cpu"));
  afterEach(() => unregisterCustom("mine>Gated"));

  const cases: readonly (readonly [string, string, CustomObject])[] = [
    ["variables made in build", "gated.h5", InBuild],
    ["variables made in the constructor", "gated.h5", InConstructor],
    ["a function, no build", "gated.h5", H5_CALL],
    ["a function, no build", "gated.keras", KERAS_CALL],
  ];
  for (const [what, file, implementation] of cases) {
    it(`${file}: ${what}`, async () => {
      registerCustom("mine>Gated", implementation);
      const session = await openModel(`${FOLDER}/${file}`);
      assert.deepEqual(session.report().waiting, []);
      const error = await predictionError(session.model as never, readReference(`${FOLDER}/gated.json`));
      assert.ok(error < 1e-5, `${error}`);
    });
  }

  for (const ending of ["keras", "h5"])
    it(`nameless.${ending}: layers that the config has no names for get their own weights`, async () => {
      registerCustom("Mix", (x, { weights: [gain, kernel, bias] }) => {
        const flat = tf.reshape(tf.mul(x as tf.Tensor, gain!), [-1, 4]);
        return tf.reshape(product(flat, kernel!, bias!), (x as tf.Tensor).shape);
      });
      const session = await openModel(`${FOLDER}/nameless.${ending}`);
      unregisterCustom("Mix");
      assert.deepEqual(session.report().waiting, []);
      const error = await predictionError(session.model as never, readReference(`${FOLDER}/nameless.json`));
      assert.ok(error < 1e-5, `${error}`);
    });

  it("a function gets the mask, the named arguments of each call and the weights of a part by its name", async () => {
    registerCustom("MaskedMean", (x, { weightsOf, mask, named }) => {
      const [steps, width] = [(x as tf.Tensor).shape[1]!, 3];
      const through = (y: tf.Tensor, part: string) => product(y, weightsOf(part)[0]!, weightsOf(part)[1]!);
      const flat = tf.reshape(x as tf.Tensor, [-1, width]);
      const y = tf.reshape(through(through(flat, "first"), "values"), [-1, steps, width]);
      const kept = tf.expandDims(mask ? tf.cast(mask, "float32") : tf.ones([y.shape[0]!, steps]), -1);
      const mean = tf.div(tf.sum(tf.mul(y, kept), 1), tf.sum(kept, 1));
      return tf.mul(mean, (named["factor"] as number | undefined) ?? 1);
    });
    const session = await openModel(`${FOLDER}/handled.keras`);
    unregisterCustom("MaskedMean");
    assert.deepEqual(session.report().waiting, []);
    const error = await predictionError(session.model as never, readReference(`${FOLDER}/handled.json`));
    assert.ok(error < 1e-5, `${error}`);
  });

  class MeanOfClass extends tf.layers.Layer {
    static readonly className: string = "MaskedMean";
    override build(shape: tf.Shape): void {
      for (const name of ["first", "values"]) {
        this.addWeight(`${name}/kernel`, [shape.at(-1)!, 3], "float32", tf.initializers.zeros());
        this.addWeight(`${name}/bias`, [3], "float32", tf.initializers.zeros());
      }
      this.built = true;
    }
    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
      const x = [inputs].flat()[0]!;
      const [k1, b1, k2, b2] = this.weights.map((weight) => weight.read());
      const flat = product(product(tf.reshape(x, [-1, 3]), k1!, b1!), k2!, b2!);
      const y = tf.reshape(flat, x.shape);
      const mask = kwargs["mask"] instanceof tf.Tensor ? kwargs["mask"] : tf.ones(x.shape.slice(0, 2));
      const kept = tf.expandDims(tf.cast(mask, "float32"), -1);
      const mean = tf.div(tf.sum(tf.mul(y, kept), 1), tf.sum(kept, 1));
      return tf.mul(mean, (kwargs["factor"] as number | undefined) ?? 1);
    }
  }

  it("a class gets them in the second argument of call", async () => {
    registerCustom("MaskedMean", MeanOfClass);
    const session = await openModel(`${FOLDER}/handled.keras`);
    unregisterCustom("MaskedMean");
    assert.deepEqual(session.report().waiting, []);
    const error = await predictionError(session.model as never, readReference(`${FOLDER}/handled.json`));
    assert.ok(error < 1e-5, `${error}`);
  });

  for (const file of ["places.h5", "places.keras"]) {
    const sum = (
      x: tf.Tensor,
      context: tf.Tensor,
      gain: tf.Tensor,
      named: Readonly<Record<string, unknown>>,
    ) => tf.add(tf.mul(x, gain), tf.mul(context, (named["factor"] as number | undefined) ?? 1));
    class WeighedClass extends tf.layers.Layer {
      static readonly className: string = "Weighed";
      override build(shapes: tf.Shape | tf.Shape[]): void {
        const width = shapes.flat().at(-1)!;
        this.addWeight("gain", [width], "float32", tf.initializers.zeros());
        this.built = true;
      }
      override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor {
        const [x, context = kwargs["context"] as tf.Tensor] = [inputs].flat();
        return sum(x!, context, this.weights[0]!.read(), kwargs);
      }
    }
    const forms: Readonly<Record<string, CustomObject>> = {
      function: (inputs, { weights: [gain], named }) => {
        const [x, context = named["context"] as tf.Tensor] = [inputs].flat();
        return sum(x!, context, gain!, named);
      },
      class: WeighedClass,
    };
    for (const [form, implementation] of Object.entries(forms)) {
      it(`${file}: a ${form} gets a second tensor by its place as an input, else by its name`, async () => {
        registerCustom("Weighed", implementation);
        const session = await openModel(`${FOLDER}/${file}`);
        unregisterCustom("Weighed");
        assert.deepEqual(session.report().waiting, []);
        const error = await predictionError(session.model as never, readReference(`${FOLDER}/places.json`));
        assert.ok(error < 1e-5, `${error}`);
      });
    }
  }

  it("a class that extends a layer of tfjs gets the arguments by tfjs's names too", async () => {
    const Lstm = tf.layers.lstm({ units: 1 }).constructor as new (config: never) => tf.layers.Layer;
    class Recurrent extends Lstm {
      static readonly className: string = "Recurrent";
    }
    registerCustom("Recurrent", Recurrent);
    const session = await openModel(`${FOLDER}/recurrent.h5`);
    unregisterCustom("Recurrent");
    assert.deepEqual(session.report().waiting, []);
    const error = await predictionError(session.model as never, readReference(`${FOLDER}/recurrent.json`));
    assert.ok(error < 1e-5, `${error}`);
  });

  for (const file of ["cells.h5", "cells.keras"]) {
    it(`${file}: a cell's function has weights of its own in each direction and in a stack`, async () => {
      registerCustom("Minimal", (inputs, { weights: [kernel, recurrent] }) => {
        const [x, state] = inputs as [tf.Tensor2D, tf.Tensor2D];
        const y = tf.tanh(
          tf.add(tf.matMul(x, kernel as tf.Tensor2D), tf.matMul(state, recurrent as tf.Tensor2D)),
        );
        return [y, y];
      });
      const session = await openModel(`${FOLDER}/${file}`);
      unregisterCustom("Minimal");
      assert.deepEqual(session.report().waiting, []);
      const error = await predictionError(session.model as never, readReference(`${FOLDER}/cells.json`));
      assert.ok(error < 1e-5, `${error}`);
    });
  }

  it("names of variables that tfjs gives to others clash in no further model", async () => {
    registerCustom("mine>Gated", Numbered);
    const reference = readReference(`${FOLDER}/gated.json`);
    for (let i = 0; i < 3; i++) {
      const model = (await openModel(`${FOLDER}/gated.h5`)).finished();
      assert.ok((await predictionError(model, reference)) < 1e-5);
    }
  });

  it("an order that does not fit is matched by shapes and names, or said; never bound wrong", async () => {
    registerCustom("mine>Gated", InBuild);
    const session = await openModel(`${FOLDER}/gated.keras`);
    const { waiting, settled } = session.report();
    const said = [...waiting, ...settled].map(({ code, found }) => `${code} ${found}`).join("; ");
    assert.match(said, /W0[23]|W11/);
  });
});
