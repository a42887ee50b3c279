import path from "node:path";
import { tf } from "../../../../src/index.js";
import type { JsonValue } from "../../../../src/formats/model-file.js";
import { byChoice, byCode, byItself, whole, type Case } from "./case.js";
import {
  conv2d,
  copy,
  dense,
  functional,
  layer,
  savedLayer,
  savedLayers,
  sequential,
  type JsonObject,
  type Parts,
} from "./parts.js";
import { writeHdf5 } from "./write.js";

/** A case in which the config of an unbroken `.h5` is changed. */
function edited(
  code: string,
  what: string,
  make: () => Parts,
  change: (parts: Parts) => void,
  place?: RegExp,
  within?: number,
): Case {
  return {
    code,
    what,
    async run(folder) {
      const parts = make();
      const unbroken = await whole(folder, parts);
      const broken = copy(parts);
      change(broken);
      return byItself(
        {
          file: await writeHdf5(path.join(folder, "model.h5"), broken),
          whole: unbroken,
          ...(within === undefined ? {} : { within }),
        },
        code,
        place,
      );
    },
  };
}

const twoDense = (keras: 2 | 3 = 2) =>
  sequential(keras, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);

const recurrent = (keras: 2 | 3 = 2) =>
  sequential(
    keras,
    [null, 5, 3],
    [
      layer(
        "LSTM",
        "memory",
        { units: 4, activation: "tanh", recurrent_activation: "sigmoid", use_bias: true },
        { kernel: [3, 16], recurrent_kernel: [4, 16], bias: [16] },
      ),
      dense("out", 4, 2),
    ],
  );

const normalized = () =>
  sequential(
    2,
    [null, 4, 4, 3],
    [
      layer(
        "BatchNormalization",
        "norm",
        { axis: 3, momentum: 0.99, epsilon: 0.001, center: true, scale: true },
        {
          gamma: [3],
          beta: [3],
          moving_mean: [3],
          moving_variance: [3],
        },
      ),
      layer("Flatten", "flat"),
      dense("out", 48, 2),
    ],
  );

/** `lambda x: x * 0.5`, `lambda x: x * factor` with its closure, and a function with a loop, by Python 3.11. */
const TIMES_HALF =
  "4wEAAAAAAAAAAAAAAAIAAAADAAAA8wwAAACXAHwAZAF6BQAAUwApAk7nAAAAAAAA4D+pACkB2gF4\ncwEAAAAg+gc8c3RkaW4++gg8bGFtYmRhPnIGAAAAAwAAAHMKAAAAgACIcZAziXeAAPMAAAAA\n";
const CAPTURING =
  "4wEAAAAAAAAAAAAAAAIAAAATAAAA8w4AAACVAZcAfACJAXoFAABTACkBTqkAKQLaAXjaBmZhY3Rv\ncnMCAAAAIID6BzxzdGRpbj76CDxsYW1iZGE++hRtay48bG9jYWxzPi48bGFtYmRhPgQAAABzCwAA\nAPiAAKARoFahGoAA8wAAAAA=\n";
const STATEMENTS: JsonValue = [
  "4wEAAAAAAAAAAAAAAAQAAAADAAAA8z4AAACXAGQBfQF0AQAAAAAAAAAAAABkAqYBAACrAQAAAAAA\nAAAARABdCn0CfAF8AGQDegUAAHoAAAB9AYwLfAFTACkETukAAAAA6QIAAADnAAAAAAAA0D+pAdoF\ncmFuZ2UpA9oBeNoBedoBaXMDAAAAICAg+gc8c3RkaW4+2gJzdHILAAAACwAAAHMwAAAAgADYCAmA\nQd0NEpAxiViMWPAAAQUZ8AABBRmIAdgMDZABkESRCIlMiAGIAdgLDIBI8wAAAAA=\n",
  null,
  null,
];

export const ARGUMENT_CASES: readonly Case[] = [
  edited(
    "A01",
    "DepthwiseConv2D with groups 1",
    () =>
      sequential(
        2,
        [null, 6, 6, 3],
        [
          layer(
            "DepthwiseConv2D",
            "depth",
            {
              kernel_size: [3, 3],
              strides: [1, 1],
              padding: "same",
              depth_multiplier: 1,
              activation: "linear",
              use_bias: true,
            },
            { depthwise_kernel: [3, 3, 3, 1], bias: [3] },
          ),
          layer("GlobalAveragePooling2D", "pool"),
          dense("out", 3, 2),
        ],
      ),
    (parts) => (savedLayer(parts, "depth").config["groups"] = 1),
    /depth.*groups is 1/,
  ),
  edited(
    "A02",
    "LSTM with time_major",
    recurrent,
    (parts) => (savedLayer(parts, "memory").config["time_major"] = false),
    /memory.*time_major/,
  ),
  {
    code: "A03",
    what: "batch_shape in a file that says Keras 2",
    async run(folder) {
      const parts = twoDense();
      const broken = copy(parts);
      const { config } = savedLayer(broken, "input_1");
      config["batch_shape"] = config["batch_input_shape"]!;
      delete config["batch_input_shape"];
      return byItself(
        { file: await writeHdf5(path.join(folder, "model.h5"), broken), whole: await whole(folder, parts) },
        "A03",
        /input_1/,
      );
    },
  },
  edited(
    "A04",
    "batch_input_shape on the first layer",
    twoDense,
    (parts) => {
      savedLayers(parts).shift();
      savedLayer(parts, "hidden").config["batch_input_shape"] = [null, 6];
    },
    /hidden.*batch_input_shape/,
  ),
  edited(
    "A05",
    "BatchNormalization with fused and renorm",
    normalized,
    (parts) => {
      Object.assign(savedLayer(parts, "norm").config, {
        fused: true,
        renorm: false,
        virtual_batch_size: null,
      });
    },
    /norm.*renorm/,
  ),
  edited(
    "A06",
    "an argument of another version",
    twoDense,
    (parts) => (savedLayer(parts, "hidden").config["shiny_new"] = true),
    /hidden.*shiny_new/,
  ),
  edited(
    "A07",
    "arguments of Keras 1",
    () => {
      const parts = sequential(
        2,
        [null, 6, 6, 3],
        [conv2d("conv", 3, 4), layer("Flatten", "flat"), dense("out", 144, 2)],
      );
      return { ...parts, version: "1.2.2" };
    },
    (parts) => {
      const { config } = savedLayer(parts, "conv");
      savedLayer(parts, "conv")["class_name"] = "Convolution2D";
      const { filters, padding } = config;
      for (const key of ["filters", "kernel_size", "padding", "use_bias", "data_format"])
        Reflect.deleteProperty(config, key);
      Object.assign(config, {
        nb_filter: filters,
        nb_row: 3,
        nb_col: 3,
        border_mode: padding,
        dim_ordering: "tf",
        bias: true,
      });
    },
    /conv.*(nb_|border_mode|dim_ordering|bias)/,
  ),
  edited(
    "A08",
    "an axis that is a list of one",
    normalized,
    (parts) => (savedLayer(parts, "norm").config["axis"] = [3]),
    /norm.*list of one/,
  ),
  edited(
    "A09",
    "LayerNormalization over two axes in a .h5",
    () =>
      sequential(
        3,
        [null, 4, 3],
        [
          layer(
            "LayerNormalization",
            "norm",
            { axis: [1, 2], epsilon: 0.001, center: true, scale: true },
            { gamma: [4, 3], beta: [4, 3] },
          ),
          layer("Flatten", "flat"),
          dense("out", 12, 2),
        ],
      ),
    (parts) => savedLayers(parts).forEach((one) => delete one["module"]),
    /norm.*axis is \[1, 2\]/,
  ),
  edited(
    "A10",
    "LeakyReLU with alpha",
    () =>
      sequential(
        2,
        [null, 6],
        [dense("hidden", 6, 5), layer("LeakyReLU", "leak", { negative_slope: 0.1 }), dense("out", 5, 3)],
      ),
    (parts) => {
      const { config } = savedLayer(parts, "leak");
      config["alpha"] = config["negative_slope"]!;
      delete config["negative_slope"];
    },
    /leak.*alpha/,
  ),
  edited(
    "A11",
    "an Embedding with input_length",
    () =>
      sequential(
        2,
        [null, 5],
        [
          layer(
            "Embedding",
            "words",
            { input_dim: 7, output_dim: 3, mask_zero: false },
            { embeddings: [7, 3] },
          ),
          layer("Flatten", "flat"),
          dense("out", 15, 2),
        ],
        "int32",
      ),
    (parts) => (savedLayer(parts, "words").config["input_length"] = 5),
    /words.*input_length is 5/,
  ),
  edited(
    "A12",
    "a subclass of Model that lists its layers",
    () =>
      functional(
        2,
        { x: [null, 6] },
        [
          [dense("hidden", 6, 5), "x"],
          [dense("out", 5, 3), "hidden"],
        ],
        ["out"],
      ),
    (parts) => (parts.config["class_name"] = "TorchModel"),
    /TorchModel/,
  ),
  edited(
    "A13",
    "Attention whose score_mode is the name of a function",
    () =>
      functional(
        3,
        { x: [null, 4, 3] },
        [
          [layer("Attention", "look", { use_scale: false, score_mode: "dot", dropout: 0 }, {}), "x", "x"],
          [layer("Flatten", "flat"), "look"],
          [dense("out", 12, 2), "flat"],
        ],
        ["out"],
      ),
    (parts) => savedLayers(parts).forEach((one) => delete one["module"]),
    /look.*score_mode/,
  ),
  {
    code: "A14",
    what: "a Lambda whose bytecode is cut off",
    run: (folder) =>
      lambdaCase(folder, "A14", (code) =>
        Array.isArray(code) ? [String(code[0]).slice(0, 40), null, null] : code,
      ),
  },
  {
    code: "A15",
    what: "a Lambda of several statements",
    run: (folder) => lambdaCase(folder, "A15", () => STATEMENTS),
  },
  {
    code: "A16",
    what: "a Lambda that calls a helper of its program",
    run: (folder) => lambdaCase(folder, "A16", () => "scale_by_helper"),
  },
  {
    code: "A17",
    what: "two Lambdas of one loop",
    async run(folder) {
      const make = (lambda: (i: number) => JsonObject): Parts =>
        functional(
          2,
          { x: [null, 4] },
          [
            [layer("Lambda", "lambda_0", lambda(0)), "x"],
            [layer("Lambda", "lambda_1", lambda(1)), "lambda_0"],
            [dense("out", 4, 2), "lambda_1"],
          ],
          ["out"],
        );
      const broken = make(() => ({
        function: [CAPTURING, null, [2]],
        function_type: "lambda",
        arguments: {},
      }));
      const same = sequential(
        2,
        [null, 4],
        [layer("Rescaling", "a", { scale: 4, offset: 0 }), dense("out", 4, 2)],
      );
      same.layers = copy(broken).layers.filter(({ name }) => name === "out");
      return byChoice(
        { file: await writeHdf5(path.join(folder, "model.h5"), broken), whole: await whole(folder, same) },
        "A17",
        { place: /lambda_0 and 1 more/, remedy: "translate" },
      );
    },
  },
  {
    code: "A18",
    what: "a Lambda whose output shape cannot be tried",
    async run(folder) {
      const parts = sequential(
        2,
        [null, null, 4],
        [
          layer("Lambda", "mean", { function: "mean_of_numbers", function_type: "function", arguments: {} }),
          dense("out", 4, 2),
        ],
      );
      const same = sequential(
        2,
        [null, null, 4],
        [layer("GlobalAveragePooling1D", "mean"), dense("out", 4, 2)],
      );
      same.layers = copy(parts).layers;
      const { registerCustom, unregisterCustom } = await import("../../../../src/index.js");
      registerCustom("mean_of_numbers", (x) => {
        const input = x as tf.Tensor;
        // Nothing that runs on zeros finds its shape.
        if (input.dataSync().every((n) => n === 0)) throw new Error("it wants numbers");
        return tf.mean(input, 1);
      });
      try {
        const broken = {
          file: await writeHdf5(path.join(folder, "model.h5"), parts),
          whole: await whole(folder, same),
        };
        return await byChoice(broken, "A18", { place: /mean/, remedy: "output-shape" });
      } finally {
        unregisterCustom("mean_of_numbers");
      }
    },
  },
  edited(
    "A19",
    "a number where a tensor is expected",
    () =>
      functional(
        2,
        { x: [null, 6] },
        [
          [dense("hidden", 6, 5), "x"],
          [layer("Rescaling", "plus", { scale: 1, offset: 1.5 }), "hidden"],
          [dense("out", 5, 3), "plus"],
        ],
        ["out"],
      ),
    (parts) => {
      savedLayer(parts, "plus")["class_name"] = "TFOpLambda";
      savedLayer(parts, "plus").config = { name: "plus", function: "math.add" };
      savedLayer(parts, "plus")["inbound_nodes"] = [["hidden", 0, 0, { y: 1.5 }]];
    },
    /plus.*number/,
  ),
  edited(
    "A20",
    "a constant among tensors of 16 bits",
    () => {
      const parts = functional(
        2,
        { x: [null, 6] },
        [
          [dense("hidden", 6, 5), "x"],
          [layer("TFOpLambda", "plus", { function: "math.multiply" }), "hidden"],
          [dense("out", 5, 3), "plus"],
        ],
        ["out"],
      );
      savedLayer(parts, "plus")["inbound_nodes"] = [["hidden", 0, 0, { y: 0.5 }]];
      return parts;
    },
    (parts) => {
      for (const one of savedLayers(parts))
        one.config["dtype"] =
          one["class_name"] === "InputLayer"
            ? "float16"
            : { class_name: "Policy", config: { name: "mixed_float16" } };
    },
    /plus.*16 bits/,
    1e-3,
  ),
  edited(
    "A21",
    "a Sequential of Keras 2.0, whose config is a list",
    () => ({ ...twoDense(), version: "2.0.8" }),
    (parts) => (parts.config["config"] = (parts.config["config"] as JsonObject)["layers"]!),
    /bare list/,
  ),
  {
    code: "A22",
    what: "an architecture that is a list alone",
    async run(folder) {
      const parts = twoDense();
      const list = JSON.stringify((parts.config["config"] as JsonObject)["layers"]);
      const file = await writeHdf5(path.join(folder, "model.h5"), parts, { config: list });
      return byItself({ file, whole: await whole(folder, parts) }, "A22", /list of layers/);
    },
  },
  edited(
    "A23",
    "a Sequential without a name",
    twoDense,
    (parts) => delete (parts.config["config"] as JsonObject)["name"],
    /no name/,
  ),
  {
    code: "A24",
    what: "units that cannot be",
    async run(folder) {
      const parts = twoDense();
      const broken = copy(parts);
      savedLayer(broken, "hidden").config["units"] = -3;
      return byChoice(
        { file: await writeHdf5(path.join(folder, "model.h5"), broken), whole: await whole(folder, parts) },
        "A24",
        { place: /hidden.*units = -3/, remedy: "adopt" },
      );
    },
  },
];

async function lambdaCase(folder: string, code: string, change: (code: JsonValue) => JsonValue) {
  const parts = sequential(
    2,
    [null, 4],
    [
      layer("Lambda", "half", {
        function: change([TIMES_HALF, null, null]),
        function_type: "lambda",
        arguments: {},
      }),
      dense("out", 4, 2),
    ],
  );
  const same = sequential(
    2,
    [null, 4],
    [layer("Rescaling", "half", { scale: 0.5, offset: 0 }), dense("out", 4, 2)],
  );
  same.layers = copy(parts).layers;
  const name = code === "A16" ? "scale_by_helper" : "half";
  return byCode(
    { file: await writeHdf5(path.join(folder, "model.h5"), parts), whole: await whole(folder, same) },
    code,
    name,
    (x) => tf.mul(x as tf.Tensor, 0.5),
    /half/,
  );
}
