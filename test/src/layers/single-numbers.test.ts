import assert from "node:assert/strict";
import { layers, tf } from "../../../src/index.js";
import { operationNamed } from "../../../src/ops/call-by-name.js";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { startOn } from "../keras/start-on.js";
import { buildCase } from "./layer-cases.js";

for (const backend of ["cpu", "wasm"] as const) {
  describe(`operations on single numbers, and what is none of them, on the ${backend} back end`, () => {
    before(() => startOn(backend));

    it("a masked step leaves the state of a recurrent layer", () => {
      const steps = tf.tensor3d([[[1], [NaN], [2]]]);
      const mask = tf.tensor2d([[true, false, true]], [1, 3], "bool");
      for (const make of [layers.lstm, layers.gru, layers.simpleRNN]) {
        const y = make({ units: 2 }).apply(steps, { mask }) as tf.Tensor;
        assert.ok(y.dataSync().every(Number.isFinite));
      }
    });

    it("einsum by its Python name takes the subscripts first", () => {
      const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      for (const name of ["keras.ops.einsum", "tf.einsum", "tf.linalg.einsum"]) {
        const y = operationNamed(name, ["ij,jk->ik", a, a]) as tf.Tensor;
        assert.deepEqual(Array.from(y.dataSync()), [7, 10, 15, 22], name);
      }
    });

    it("a nearest pixel is taken alone", () => {
      const image = tf.tensor4d([1, NaN, 3, Infinity], [1, 2, 2, 1]);
      const y = layers.resizing({ height: 4, width: 2, interpolation: "nearest" }).apply(image) as tf.Tensor;
      assert.deepEqual(Array.from(y.dataSync()), [1, NaN, 1, NaN, 3, Infinity, 3, Infinity]);
    });

    it("the other half of a triangle is zero", () => {
      const x = tf.fill([2, 2], -Infinity);
      const upper = [0, -Infinity, 0, 0];
      for (const y of [
        operationNamed("keras.ops.triu", [x], { k: 1 }),
        tf.sub(
          operationNamed("tf.linalg.band_part", [x, 0, -1]) as tf.Tensor,
          tf.tensor2d([
            [-Infinity, 0],
            [0, -Infinity],
          ]),
        ),
      ])
        assert.deepEqual(
          Array.from((y as tf.Tensor).dataSync(), (n) => (Number.isNaN(n) ? 0 : n)),
          upper,
        );
    });

    const numbers = (y: unknown) => Array.from((y as tf.Tensor).dataSync());
    const rows = tf.tensor2d([
      [NaN, 1, 2, 3],
      [4, Infinity, 1, 2],
      [5, 3, 4, 4],
    ]);

    it("a recurrent layer with relu keeps NaN", () => {
      const steps = tf.tensor3d([[[NaN], [1]]]);
      for (const make of [layers.simpleRNN, layers.lstm, layers.gru]) {
        const y = make({ units: 2, activation: "relu" }).apply(steps) as tf.Tensor;
        assert.ok(numbers(y).every(Number.isNaN), `${make.name}: ${numbers(y)}`);
      }
    });

    it("the place of the largest passes over NaN", () => {
      assert.deepEqual(numbers(operationNamed("keras.ops.argmax", [rows], { axis: 1 })), [3, 1, 0]);
      assert.deepEqual(numbers(operationNamed("keras.ops.argmin", [rows], { axis: 1 })), [1, 2, 1]);
      assert.deepEqual(numbers(tf.argMax(tf.tensor2d([[NaN, NaN]]), 1)), [0]);
    });

    it("a median is NaN with NaN, and finite beside infinity", () => {
      assert.deepEqual(numbers(operationNamed("keras.ops.median", [rows], { axis: 1 })), [NaN, 3, 4]);
      const odd = tf.tensor1d([1, 2, Infinity]);
      assert.deepEqual(numbers(operationNamed("keras.ops.median", [odd])), [2]);
      assert.deepEqual(numbers(operationNamed("keras.ops.nanquantile", [odd, 0.5])), [2]);
    });

    it("infinities have sums of exponentials, sides, and parts of a ReLU", () => {
      const ends = tf.tensor1d([Infinity, -Infinity, 0]);
      assert.deepEqual(numbers(operationNamed("keras.ops.logaddexp", [ends, ends])), [
        Infinity,
        -Infinity,
        Math.fround(Math.LN2),
      ]);
      assert.deepEqual(numbers(operationNamed("keras.ops.heaviside", [ends, ends])), [1, 0, 0]);
      const relu = layers.reLU({ maxValue: 2, negativeSlope: 0.5, threshold: 1 });
      assert.deepEqual(numbers(relu.apply(ends)), [2, -Infinity, -0.5]);
    });

    it("bytes begin anew beyond their range, as far as the file says what is a byte", async () => {
      const tensor = { class_name: "__keras_tensor__", config: { keras_history: ["x", 0, 0] } };
      // What takes the product says of which type that is.
      const taken = (dtype: string) => ({
        class_name: "__keras_tensor__",
        config: { dtype, keras_history: ["op", 0, 0] },
      });
      const config = (dtype: string, args: JsonValue[], result: string | null): JsonValue => ({
        class_name: "Functional",
        config: {
          name: "model",
          layers: [
            {
              class_name: "InputLayer",
              name: "x",
              config: { batch_shape: [null, 2], dtype, name: "x" },
              inbound_nodes: [],
            },
            {
              class_name: "Multiply",
              module: "keras.src.ops.numpy",
              name: "op",
              config: { name: "op" },
              inbound_nodes: [{ args, kwargs: {} }],
            },
            ...(result === null
              ? []
              : [
                  {
                    class_name: "Cast",
                    module: "keras.src.ops.core",
                    name: "after",
                    config: { name: "after", dtype: "float32" },
                    inbound_nodes: [{ args: [taken(result)], kwargs: {} }],
                  },
                ]),
          ],
          input_layers: [["x", 0, 0]],
          output_layers: [[result === null ? "op" : "after", 0, 0]],
        },
      });
      const product = async (dtype: string, args: JsonValue[], x: number[], result: string | null = null) => {
        const model = await buildCase(
          { name: dtype, config: config(dtype, args, result), layers: [], inputs: [], outputs: [] },
          "3.15.1",
        );
        assert.ok(typeof model !== "string", String(model));
        return numbers(model.predict(tf.tensor2d([x], [1, 2], "int32")));
      };
      assert.deepEqual(await product("uint8", [tensor, tensor], [20, 3]), [144, 9]);
      assert.deepEqual(await product("int8", [tensor, tensor], [-12, 3]), [-112, 9]);
      assert.deepEqual(await product("int32", [tensor, tensor], [20, 3]), [400, 9]);
      assert.deepEqual(await product("int16", [tensor, 4], [20000, 3]), [14464, 12]);
      // Of 32 bits too, to the last digit, though the tensor is taken twice.
      assert.deepEqual(await product("int32", [tensor, tensor], [2147483647, 100000]), [1, 1410065408]);
      assert.deepEqual(await product("int32", [tensor, 1], [16777217, -3]), [16777217, -3]);
      assert.deepEqual(await product("int32", [tensor, 1.5], [3, -3]), [4.5, -4.5]);
      // 2 may have been 2.0: what follows says it.
      assert.deepEqual(await product("uint8", [tensor, 2], [200, 3]), [144, 6]);
      assert.deepEqual(await product("uint8", [tensor, 2], [200, 3], "uint8"), [144, 6]);
      assert.deepEqual(await product("uint8", [tensor, 2], [200, 3], "float32"), [400, 6]);
      assert.deepEqual(await product("uint8", [tensor, 2.5], [200, 3]), [500, 7.5]);
    });

    it("operations on whole numbers keep all their digits and begin anew beyond 31 bits", () => {
      const x = tf.tensor2d([2147483647, -2147483648, 16777217, -3], [2, 2], "int32");
      const expected: readonly [string, JsonValue[], number[]][] = [
        ["negative", [], [-2147483647, -2147483648, -16777217, 3]],
        ["abs", [], [2147483647, -2147483648, 16777217, 3]],
        ["square", [], [1, 0, 33554433, 9]],
        ["power", [3], [2147483647, 0, 50331649, -27]],
        ["sort", [], [-2147483648, 2147483647, -3, 16777217]],
        ["argsort", [], [1, 0, 1, 0]],
        ["clip", [-16777217, 2147483646], [2147483646, -16777217, 16777217, -3]],
        ["round", [], [2147483647, -2147483648, 16777217, -3]],
        ["prod", [1], [-2147483648, -50331651]],
        ["cast", ["int16"], [-1, 0, 1, -3]],
        ["cast", ["uint8"], [255, 0, 1, 253]],
      ];
      for (const [name, more, values] of expected) {
        const y = operationNamed(`keras.ops.${name}`, [x, ...more]) as tf.Tensor;
        assert.deepEqual([y.dtype, ...numbers(y)], ["int32", ...values], name);
      }
      const more = tf.tensor2d([16777217, 1, 1, 3], [2, 2], "int32");
      const updated = operationNamed("keras.ops.scatter_update", [x, [[0, 0]], [5]]) as tf.Tensor;
      assert.deepEqual(numbers(updated), [5, -2147483648, 16777217, -3]);
      const sums = operationNamed("keras.ops.segment_sum", [
        more,
        tf.tensor1d([0, 0], "int32"),
        1,
      ]) as tf.Tensor;
      assert.deepEqual(numbers(sums), [16777218, 4]);
      const product = operationNamed("keras.ops.einsum", [more, more], {
        subscripts: "ij,jk->ik",
      }) as tf.Tensor;
      assert.deepEqual([product.dtype, ...numbers(product)], ["int32", 33554434, 16777220, 16777220, 10]);
    });

    it("bytes begin anew in functions of TensorFlow 2 too", async () => {
      const config: JsonValue = {
        class_name: "Functional",
        config: {
          name: "model",
          layers: [
            {
              class_name: "InputLayer",
              name: "x",
              config: { batch_input_shape: [null, 2], dtype: "uint8", name: "x" },
              inbound_nodes: [],
            },
            {
              class_name: "TFOpLambda",
              name: "op",
              config: { name: "op", function: "__operators__.add" },
              inbound_nodes: [["x", 0, 0, { y: 200, name: null }]],
            },
          ],
          input_layers: [["x", 0, 0]],
          output_layers: [["op", 0, 0]],
        },
      };
      const model = await buildCase({ name: "add", config, layers: [], inputs: [], outputs: [] }, "2.15.0");
      assert.ok(typeof model !== "string", String(model));
      assert.deepEqual(numbers(model.predict(tf.tensor2d([[100, 3]], [1, 2], "int32"))), [44, 203]);
    });

    it("an epsilon of null is the back end's", async () => {
      for (const [className, expected] of [
        ["LayerNormalization", [-0.3015113, 0.3015113]],
        ["RMSNormalization", [0, 0.5773503]],
      ] as const) {
        const layer = {
          class_name: className,
          module: "keras.layers",
          config: { name: "layer", epsilon: null },
        };
        const input = { class_name: "InputLayer", config: { batch_shape: [null, 2], name: "x" } };
        const config: JsonValue = {
          class_name: "Sequential",
          config: { name: "model", layers: [input, layer] },
        };
        const weights = (className === "LayerNormalization" ? [1, 0] : [1]).map((value, i) => ({
          name: `${i}`,
          shape: [2],
          dtype: "float32" as const,
          values: [value, value],
        }));
        const model = await buildCase(
          { name: className, config, layers: [{ name: "layer", weights }], inputs: [], outputs: [] },
          "3.15.1",
        );
        assert.ok(typeof model !== "string", String(model));
        const y = numbers(model.predict(tf.tensor2d([[0, 2e-4]])));
        y.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-5, `${className}: ${y}`));
      }
    });

    it("a crop that does not train is made as the version that wrote it made it", async () => {
      const layer = { class_name: "RandomCrop", config: { name: "layer", height: 1, width: 1 } };
      const input = { class_name: "InputLayer", config: { batch_input_shape: [null, 2, 4, 1], name: "x" } };
      const config: JsonValue = {
        class_name: "Sequential",
        config: { name: "model", layers: [input, layer] },
      };
      for (const [version, expected] of [
        ["2.6.0", 2.5],
        ["2.8.0", 3.5],
      ] as const) {
        const model = await buildCase(
          { name: version, config, layers: [], inputs: [], outputs: [] },
          version,
        );
        assert.ok(typeof model !== "string", String(model));
        assert.deepEqual(numbers(model.predict(tf.reshape(tf.range(0, 8), [1, 2, 4, 1]))), [expected]);
      }
    });

    it("a batch without samples has the shapes of one", () => {
      const empty = (...shape: number[]) => tf.zeros([0, ...shape]);
      const shapes: [string, unknown[], object, number[]][] = [
        ["pad", [empty(3, 4)], { pad_width: [[0, 0], [1, 1], [0, 0]], mode: "reflect" }, [0, 5, 4]], // prettier-ignore
        ["tensordot", [empty(3, 4), tf.ones([4, 2])], { axes: 1 }, [0, 3, 2]],
        ["linalg.inv", [empty(3, 3)], {}, [0, 3, 3]],
        ["linalg.solve", [empty(3, 3), empty(3, 2)], {}, [0, 3, 2]],
        ["linalg.cholesky", [empty(3, 3)], {}, [0, 3, 3]],
      ];
      for (const [name, args, named, shape] of shapes)
        assert.deepEqual(
          (
            operationNamed(
              `keras.ops.${name}`,
              args as tf.Tensor[],
              named as Record<string, number>,
            ) as tf.Tensor
          ).shape,
          shape,
          name,
        );
      const mel = layers.melSpectrogram({ fftLength: 16, sequenceStride: 8, numMelBins: 4 });
      assert.deepEqual((mel.apply(empty(64)) as tf.Tensor).shape, [0, 4, 9]);
    });

    it("whole parts of large quotients are kept", () => {
      const y = operationNamed("keras.ops.floor_divide", [
        tf.tensor1d([1e12, -7]),
        tf.scalar(2),
      ]) as tf.Tensor;
      assert.deepEqual(Array.from(y.dataSync()), [5e11, -4].map(Math.fround));
    });

    it("losses are functions", () => {
      const [truth, given] = [tf.tensor2d([[1, -1]]), tf.tensor2d([[0.5, 0.25]])];
      for (const name of ["keras.losses.hinge", "tf.keras.metrics.hinge"])
        assert.deepEqual(Array.from((operationNamed(name, [truth, given]) as tf.Tensor).dataSync()), [0.875]);
    });

    it("a histogram counts between its edges", () => {
      const [counts, edges] = operationNamed("keras.ops.histogram", [tf.range(0, 6)], {
        bins: 4,
      }) as tf.Tensor[];
      assert.deepEqual(Array.from(counts!.dataSync()), [2, 1, 1, 2]);
      assert.deepEqual(Array.from(edges!.dataSync()), [0, 1.25, 2.5, 3.75, 5]);
    });
  });
}
