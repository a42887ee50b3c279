import assert from "node:assert/strict";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { connectModel } from "../../../src/keras/connect.js";
import type { KerasFinding } from "../../../src/keras/finding.js";
import { kerasOrigin } from "../../../src/keras/origin.js";
import { readModelGraph } from "../../../src/keras/read-graph.js";
import type { LayerSpec } from "../../../src/keras/graph.js";
import { leniently } from "../../../src/layers/arguments/lenient-arguments.js";
import { resolveLayer } from "../../../src/layers/resolve.js";
import { startOn } from "../keras/start-on.js";
import { readCases } from "./layer-cases.js";

/** What no argument of a layer can be. */
const NONSENSE: readonly JsonValue[] = ["banana", {}];

/** Arguments that change nothing here, that Keras itself takes as anything, or of which `{}` is one. */
const ANYTHING = /^(seed|score_mode|renorm_clipping)$/;

type SavedLayer = { class_name: string; config: Record<string, JsonValue> };

function findingsOf(config: JsonValue, keras: string): readonly KerasFinding[] {
  const origin = kerasOrigin(keras, "tensorflow", config);
  const { graph, findings } = readModelGraph(config, origin);
  if (!graph || findings.length > 0) return findings;
  const connection = connectModel(graph, {
    origin,
    resolve: (spec) => resolveLayer(spec, new Map()),
    storedShapes: () => null,
  });
  const result = connection.advance();
  result.model?.dispose();
  return result.findings;
}

function argumentsOf(layer: SavedLayer): readonly string[] {
  const spec = { className: layer.class_name, registeredName: null, module: null, config: layer.config };
  const definition = resolveLayer(spec as never, new Map());
  const names = definition?.arguments.includes("*") ? [] : (definition?.arguments ?? []);
  return names.filter((name) => name in layer.config && !ANYTHING.test(name));
}

for (const file of ["keras2", "keras3"]) {
  const { keras, cases } = readCases(file);
  describe(`arguments that cannot be right, in layers of Keras ${keras}`, () => {
    before(() => startOn("cpu"));

    it("are refused one by one, with the layer, the argument, what was given and what is allowed", () => {
      const wrong: string[] = [];
      const seen = new Set<string>();
      let tried = 0;
      for (const { config } of cases) {
        const layers = (config as { config: { layers: SavedLayer[] } }).config.layers;
        for (const layer of layers) {
          if (layer.class_name === "InputLayer" || seen.has(layer.class_name)) continue;
          seen.add(layer.class_name);
          for (const argument of argumentsOf(layer)) {
            const saved = layer.config[argument]!;
            for (const value of NONSENSE) {
              layer.config[argument] = value;
              tried++;
              const [finding] = findingsOf(config, keras);
              const place = `${layer.class_name}.${argument} = ${JSON.stringify(value)}`;
              if (!finding) wrong.push(`${place}: taken`);
              else if (finding.argument !== argument && finding.code !== "C01")
                wrong.push(`${place}: ${finding.code} ${finding.argument} ${finding.found}`);
              else if (finding.layer === null || finding.why === "")
                wrong.push(`${place}: no place or reason`);
            }
            layer.config[argument] = saved;
          }
        }
      }
      console.log(`      ${tried} arguments of ${seen.size} classes`);
      assert.deepEqual(wrong, []);
    }).timeout(60000);
  });
}

describe("arguments out of range", () => {
  before(() => startOn("cpu"));

  const wrong: readonly (readonly [string, Record<string, JsonValue>, RegExp, keras?: string])[] = [
    ["Dense", { units: 0 }, /units = 0.*integer of at least 1/],
    ["Dropout", { rate: 1.5 }, /rate = 1.5.*between 0 and 1/],
    ["BatchNormalization", { axis: 5 }, /axis = 5.*between -3 and 2/],
    ["Conv1D", { filters: 2, kernel_size: [3, 3] }, /kernel_size = \[3,3\].*one integer/],
    ["Conv1D", { filters: 5, kernel_size: 3, groups: 5 }, /groups = 5.*divisor/],
    ["LSTM", { units: 3, recurrent_dropout: -1 }, /recurrent_dropout = -1/],
    ["LayerNormalization", { epsilon: -1 }, /epsilon = -1.*at least 0/],
    ["BatchNormalization", { renorm_clipping: "banana" }, /renorm_clipping = "banana".*an object with rmin/],
    ["BatchNormalization", { axis: [] }, /axis = \[\].*an axis, or a list/],
    ["Dense", { units: 1e12 }, /units = 1000000000000; its weight kernel.*more than the memory/],
    ["Dense", { units: 2e9 }, /units = 2000000000; its weight kernel.*more than the memory/],
    ["UpSampling1D", { size: 1e12 }, /size = 1000000000000.*at most 2147483647/],
    ["UpSampling1D", { size: 2e9 }, /size = 2000000000; its output would be \[\?, 12000000000, 4\]/],
    ["ZeroPadding1D", { padding: 1e12 }, /padding = 1000000000000; its output would be/],
    ["Cropping1D", { cropping: [4, 3] }, /its output would be \[\?, -1, 4\].*at least 0/],
    ["MaxPooling1D", { pool_size: 2e9, strides: 1 }, /pool_size = 2000000000; its output would be/],
    ["Reshape", { target_shape: [5, 5] }, /holds 24 numbers, target_shape \[5, 5\] takes 25/],
    ["LocallyConnected1D", { filters: 2, kernel_size: 9 }, /its weight kernel would be \[-2, .*too small/],
    ["Permute", { dims: [1, 1] }, /dims = \[1,1\].*once/],
    ["Permute", { dims: [2, 1, 3] }, /dims = \[2,1,3\].*of 2 axes/],
    ["Rescaling", { scale: [1, 2, 3] }, /scale = \[1,2,3\].*a number, or 4/],
    ["Normalization", { axis: null, mean: [1, 2], variance: [1] }, /mean = \[1,2\].*one number/],
    ["GroupNormalization", { groups: 3 }, /groups = 3.*divisor of 4/],
    ["GroupNormalization", { groups: 2, axis: 0 }, /axis = 0.*not the batch's/],
    ["TextVectorization", { ngrams: 1e12, vocabulary: ["a"] }, /ngrams = 1000000000000.*from 1 to 1000/],
    ["StringLookup", { vocabulary: ["a"], oov_token: {} }, /oov_token = \{\}.*a string/],
    [
      "StringLookup",
      { vocabulary: ["a"], num_oov_indices: 2e9 },
      /num_oov_indices = 2000000000.*at most 16777216/,
    ],
    ["MelSpectrogram", { sequence_length: 1e12 }, /sequence_length = 1000000000000.*at most 16384/],
    ["Hashing", { num_bins: 3, salt: 0.5 }, /salt = 0.5.*integer/],
    ["MelSpectrogram", { fft_length: 2e9 }, /fft_length = 2000000000.*at most 16384/],
    ["ZeroPadding1D", { padding: [] }, /padding = \[\].*at least 0/],
    ["Cropping1D", { cropping: [-1, 2] }, /cropping = \[-1,2\].*at least 0/],
    ["Reshape", { target_shape: [-3] }, /target_shape = \[-3\].*at most one -1/],
    ["Normalization", { mean: ["x"], variance: [1] }, /mean = \["x"\].*numbers/],
    ["Softmax", { axis: [1, 9] }, /axis = \[1,9\]/],
    ["PReLU", { shared_axes: [1, 9] }, /shared_axes = \[1,9\].*axes from 1 to/],
    ["PReLU", { shared_axes: [1.5] }, /shared_axes = \[1.5\].*axes from 1 to/],
    ["Activation", { activation: "relo" }, /relo.*near|activation/],
    ["Cropping2D", { cropping: [1, 1, 1, 1] }, /cropping = \[1,1,1,1\].*2 whole numbers/],
    ["ZeroPadding2D", { padding: [1, 1, 1, 1] }, /padding = \[1,1,1,1\].*2 whole numbers/],
    ["GaussianNoise", { stddev: 1.5 }, /stddev = 1.5.*between 0 and 1/],
    ["RandomContrast", { factor: 2 }, /factor = 2.*between 0 and 1/],
    ["RandomContrast", { factor: [1.5, 2] }, /factor = \[1.5,2\].*between 0 and 1/],
    ["RandomBrightness", { factor: -2 }, /factor = -2.*between -1 and 1/],
    ["RandomZoom", { height_factor: 2 }, /height_factor = 2.*between -1 and 1/],
    ["RandomShear", { x_factor: -0.5 }, /x_factor = -0.5.*between 0 and 1/],
    ["RandomPosterization", { factor: 9 }, /factor = 9.*between 1 and 8/],
    ["MelSpectrogram", { fft_length: null }, /fft_length = null.*integer of at least 1/],
    ["STFTSpectrogram", { frame_length: 4, fft_length: 1 }, /fft_length = 1.*integer of at least 4/],
    ["AdditiveAttention", { score_mode: "banana" }, /score_mode = "banana".*"dot" or "concat"/],
    ["RandomRotation", { factor: 2 }, /factor = 2.*between -1 and 1/],
    ["RandomRotation", { factor: [0.5, 0.2] }, /factor = \[0.5,0.2\].*no less than the first/, "2.15.0"],
    ["RandomHeight", { factor: [0.5, 0.2] }, /factor = \[0.5,0.2\].*no less than the first/, "2.15.0"],
    ["RandomWidth", { factor: -0.5 }, /factor = -0.5.*at least 0/, "2.15.0"],
    ["RandomContrast", { factor: [-0.1, 0.2] }, /factor = \[-0.1,0.2\].*at least 0/, "2.15.0"],
    ["Solarization", { threshold_factor: 300 }, /threshold_factor = 300.*between 0 and 1/],
    ["Solarization", { value_range: [0, 255, 3] }, /value_range = \[0,255,3\].*two numbers/],
    ["RandomErasing", { scale: 2 }, /scale = 2.*between 0 and 1/],
    ["RandomPerspective", { scale: -1 }, /scale = -1.*between 0 and 1/],
    ["RandomElasticTransform", { scale: -1 }, /scale = -1.*between 0 and 1/],
    ["RandomGaussianBlur", { kernel_size: 2 }, /kernel_size = 2.*odd/],
    ["StringLookup", { max_tokens: 1 }, /max_tokens = 1.*at least 2/],
    ["StringLookup", { vocabulary: ["a", "b"], max_tokens: 2 }, /max_tokens = 2.*at least 3/],
    ["StringLookup", { vocabulary: ["a", "b", "a"] }, /"a" more than once.*each of them once/],
    ["StringLookup", { vocabulary: [] }, /vocabulary = \[\].*a list of tokens/],
    ["StringLookup", { vocabulary: ["a"], sparse: true }, /sparse = true.*false where output_mode is "int"/],
    [
      "StringLookup",
      { vocabulary: ["a"], invert: true, output_mode: "count" },
      /output_mode = "count" with invert = true.*"int"/,
    ],
    ["StringLookup", { vocabulary: ["a"], idf_weights: [1] }, /idf_weights.*unless output_mode is "tf_idf"/],
    [
      "StringLookup",
      { vocabulary: ["a", "b"], output_mode: "tf_idf", idf_weights: [1] },
      /idf_weights = \[1\] with vocabulary.*each token/,
    ],
    ["IntegerLookup", { vocabulary: [1, 0], mask_token: 0 }, /vocabulary.*without the mask_token/],
    ["Hashing", { num_bins: 3, salt: [1, 2, 3] }, /salt = \[1,2,3\].*two of them/],
    ["Normalization", { mean: 1 }, /mean = 1.*given together with variance/],
    ["Rescaling", { scale: null }, /scale.*a number/],
    ["Resizing", { height: 2, width: 2, fill_mode: "x" }, /fill_mode = "x".*"constant"/],
    [
      "Resizing",
      { height: 2, width: 2, crop_to_aspect_ratio: true, pad_to_aspect_ratio: true },
      /pad_to_aspect_ratio = true.*false where crop_to_aspect_ratio/,
    ],
    ["Discretization", { num_bins: 3, bin_boundaries: [1] }, /num_bins = 3.*left out/, "2.15.0"],
    ["Discretization", { bin_boundaries: [2, 1] }, /bin_boundaries = \[2,1\].*none is below/],
    [
      "Conv1D",
      { filters: 2, kernel_size: 2, strides: 2, dilation_rate: 2 },
      /dilation_rate = 2.*1 where strides/,
    ],
    ["Conv1D", { filters: 3, kernel_size: 2, groups: 2 }, /filters = 3 with groups = 2.*multiple of groups/],
    [
      "Conv1DTranspose",
      { filters: 3, kernel_size: 2, output_padding: 1 },
      /output_padding = 1.*less than strides/,
    ],
    ["MaxPooling1D", { pool_size: 9 }, /output would be \[\?, 0, 4\].*at least 1/],
    ["Softmax", { axis: [] }, /axis = \[\].*an integer, or a list/],
    ["LeakyReLU", { alpha: -1 }, /alpha = -1.*at least 0/],
    [
      "GroupQueryAttention",
      { head_dim: 2, num_query_heads: 3, num_key_value_heads: 2 },
      /num_query_heads = 3 with num_key_value_heads = 2.*multiple/,
    ],
    // Null asks for no default: these fail on it.
    ["GroupNormalization", { groups: 2, epsilon: null }, /epsilon/],
    ["BatchNormalization", { epsilon: null }, /epsilon/],
    ["LayerNormalization", { epsilon: null }, /epsilon/, "2.15.0"],
  ];
  for (const [className, config, message, keras = "3.15.1"] of wrong) {
    it(`${className} ${JSON.stringify(config)}`, () => {
      const saved = {
        class_name: "Sequential",
        config: {
          name: "model",
          layers: [
            { class_name: "InputLayer", config: { batch_shape: [null, 6, 4], name: "x" } },
            { class_name: className, config: { name: "layer", ...config }, module: "keras.layers" },
          ],
        },
      } as unknown as JsonValue;
      const [finding] = findingsOf(saved, keras);
      assert.equal(finding?.layer, "layer");
      assert.match(`${finding.found} ${finding.why} ${finding.advice}`, message);
    });
  }
});

describe("arguments that Keras reads as others", () => {
  const read: readonly (readonly [string, Record<string, JsonValue>, Record<string, JsonValue>])[] = [
    ["Conv2D", { padding: "SAME" }, { padding: "same" }],
    ["MaxPooling2D", { data_format: "CHANNELS_FIRST" }, { data_format: "channels_first" }],
    ["Dense", { use_bias: null }, { use_bias: false }],
    ["BatchNormalization", { scale: null, epsilon: null }, { scale: false, epsilon: null }],
    ["Rescaling", { scale: null }, { scale: null }],
    ["LSTM", { recurrent_activation: null }, { recurrent_activation: "linear" }],
    ["Addons>MaxUnpooling2D", { padding: "SAME" }, { padding: "SAME" }],
  ];
  for (const [className, config, expected] of read) {
    it(`${className} ${JSON.stringify(config)}`, () => {
      assert.deepEqual(leniently({ className, config } as unknown as LayerSpec).config, expected);
    });
  }
});

describe("operations that no layer can stand for", () => {
  before(() => startOn("cpu"));

  for (const [className, reason] of [
    ["Polar", /complex numbers/],
    ["Nonzero", /known only from its data/],
    ["View", /bits/],
    ["VectorizedMap", /a Python function.*never run/],
    ["WhileLoop", /a Python function.*never run/],
  ] as const) {
    it(`${className} says why`, () => {
      const tensor = { class_name: "__keras_tensor__", config: { keras_history: ["x", 0, 0] } };
      const config = {
        class_name: "Functional",
        config: {
          name: "model",
          layers: [
            {
              class_name: "InputLayer",
              name: "x",
              config: { batch_shape: [null, 4], name: "x" },
              inbound_nodes: [],
            },
            {
              class_name: className,
              module: "keras.src.ops.numpy",
              name: "op",
              config: { name: "op" },
              inbound_nodes: [{ args: [tensor], kwargs: {} }],
            },
          ],
          input_layers: [["x", 0, 0]],
          output_layers: [["op", 0, 0]],
        },
      } as unknown as JsonValue;
      const [finding] = findingsOf(config, "3.15.1");
      assert.equal(finding?.layer, "op");
      assert.match(finding.why, reason);
    });
  }

  const model2 = (layer: JsonValue): JsonValue => ({
    class_name: "Functional",
    config: {
      name: "model",
      layers: [
        {
          class_name: "InputLayer",
          name: "x",
          config: { batch_input_shape: [null, 4], name: "x" },
          inbound_nodes: [],
        },
        layer,
      ],
      input_layers: [["x", 0, 0]],
      output_layers: [["op", 0, 0]],
    },
  });

  it("a function of TensorFlow that takes a function says why", () => {
    const layer = {
      class_name: "TFOpLambda",
      name: "op",
      config: { name: "op", function: "compat.v1.scan" },
      inbound_nodes: [["_CONSTANT_VALUE", -1, "<lambda>", { elems: ["x", 0, 0] }]],
    };
    const [finding] = findingsOf(model2(layer), "2.15.0");
    assert.match(finding?.why ?? "", /a Python function.*never run/);
  });

  it("a call whose tensors the file lost says so", () => {
    const layer = {
      class_name: "TFOpLambda",
      name: "op",
      config: { name: "op", function: "einsum" },
      inbound_nodes: [["_CONSTANT_VALUE", -1, "bi,bj->bij", {}]],
    };
    const [finding] = findingsOf(model2(layer), "2.15.0");
    assert.equal(finding?.layer, "op");
    assert.match(finding.why, /writes only the first/);
  });
});
