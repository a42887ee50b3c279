import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";
import type { KerasOrigin } from "../layers/registry.js";
import { type Target, targetConfig } from "./layer-config.js";
import { SHAPE_BY_TRACING } from "./python-lambda.js";
import { pythonString } from "./python-text.js";

/** One layer of a class that is written in Python. */
export interface ClassLayer {
  readonly spec: LayerSpec;
  readonly weights: readonly {
    readonly name: string;
    readonly shape: readonly (number | null)[];
    readonly trainable: boolean;
  }[];
  /** What it computes, where that is known. */
  readonly call: readonly string[] | null;
  /** Arguments that its calls name. */
  readonly named: readonly string[];
  /** True inside a wrapper, which asks for its output shape. */
  readonly wrapped: boolean;
}

/**
 * A class for all layers of one registered name: with the arguments that are saved, the variables in the file's order,
 * and what it computes or a line that says that it is to be written. Where layers differ, each has its own part by name.
 */
export function pythonClass(
  registered: string,
  layers: readonly ClassLayer[],
  target: Target,
  from: KerasOrigin,
): string {
  const bare = registered.slice(registered.indexOf(">") + 1);
  const [first] = layers as [ClassLayer];
  const names = argumentNames(layers, target, from);
  const named = [...new Set(layers.flatMap(({ named: own }) => own))];
  const traced = target === 3 && layers.some(({ wrapped, call }) => wrapped && call !== null);
  return `${decorator(registered)}
class ${className(registered)}(keras.layers.Layer):
    def __init__(self, ${names.map((key) => `${key}=${plainDefault(first.spec.config[key])}, `).join("")}**kwargs):
        super().__init__(**kwargs)
${names.map((key) => `        self.${attribute(key)} = ${key}`).join("\n") || "        pass"}

    def build(self, input_shape):
${perLayer(layers, ({ weights }) => buildLines(weights)).join("\n")}
        super().build(input_shape)

    def call(self, inputs, ${named.map((name) => `${name}=None, `).join("")}mask=None, training=None):
${perLayer(layers, ({ call }) => call ?? [`raise NotImplementedError(${pythonString(`Write what ${bare} computes.`)})`]).join("\n")}
${traced ? SHAPE_BY_TRACING : ""}${layers.some(({ spec }) => spec.config["mask_zero"] === true) ? MASK_OF_ZEROS : ""}
    def get_config(self):
        return {**super().get_config(), ${names.map((key) => `${pythonString(key)}: self.${attribute(key)}`).join(", ")}}
`;
}

/** As an embedding makes it, of what it is called on. */
const MASK_OF_ZEROS = `
    def compute_mask(self, inputs, mask=None):
        return tf.not_equal(inputs, 0) if self.mask_zero else None
`;

/** Registers under \`package>Name\`. */
export function decorator(registered: string): string {
  const [prefix, bare] = registered.split(">") as [string, string];
  return `@keras.saving.register_keras_serializable(package=${pythonString(prefix)}, name=${pythonString(bare)})`;
}

export function className(registered: string): string {
  const bare = registered.slice(registered.indexOf(">") + 1);
  return bare.replace(/\W/g, "_").replace(/^(?=\d)/, "_");
}

function argumentNames(layers: readonly ClassLayer[], target: Target, from: KerasOrigin): string[] {
  const all = layers.flatMap(({ spec }) => Object.keys(targetConfig(spec, target, from)));
  const own = [...new Set(all)].filter((key) => !["name", "dtype", "trainable"].includes(key));
  return own.filter((key) => /^[A-Za-z_]\w*$/.test(key));
}

function buildLines(weights: ClassLayer["weights"]): readonly string[] {
  const lines = weights.map(
    ({ name, shape, trainable }, i) =>
      `self.w${i} = self.add_weight(name=${pythonString(name)}, shape=${tuple(shape)}, trainable=${trainable ? "True" : "False"})`,
  );
  return lines.length > 0 ? lines : ["pass"];
}

/** The lines of each layer: once where they agree, else by the layer's name. */
function perLayer(
  layers: readonly ClassLayer[],
  linesOf: (layer: ClassLayer) => readonly string[],
): readonly string[] {
  const byLines = new Map<string, Set<string>>();
  for (const layer of layers) {
    const text = linesOf(layer).join("\n");
    byLines.set(text, (byLines.get(text) ?? new Set()).add(layer.spec.name));
  }
  const parts = [...byLines];
  const indented = (text: string, by: string) =>
    text.split("\n").map((line) => (line === "" ? "" : by + line));
  if (parts.length === 1) return indented(parts[0]![0], " ".repeat(8));
  return parts.flatMap(([text, names], i) => [
    `        ${i === 0 ? "if" : "elif"} self.name in (${[...names].map((name) => `${pythonString(name)},`).join(" ")}):`,
    ...indented(text, " ".repeat(12)),
  ]);
}

/** Where an argument is kept: under its name, unless every layer of Keras has something of that name. */
function attribute(name: string): string {
  return OF_EVERY_LAYER.test(name) ? `${name}_` : name;
}

const OF_EVERY_LAYER =
  /^(_.*|w\d+|(in|out)put(s|_shape|_mask|_spec)?|call|build|built|weights|variables|(non_)?trainable_(weights|variables)|losses|updates|metrics|path|\w*dtype\w*|supports_masking|stateful|dynamic|activity_regularizer|get_config|add_\w+|quantization_mode|supports_jit|submodules|name_scope)$/;

function tuple(shape: readonly (number | null)[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** A default of the constructor: plain values only; the file's own value comes with its config. */
function plainDefault(value: JsonValue | undefined): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value.length < 40) return pythonString(value);
  return "None";
}
