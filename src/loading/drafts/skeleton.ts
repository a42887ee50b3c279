import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import type { PythonSource } from "../../formats/python-beside.js";
import type { LayerSpec } from "../../keras/graph.js";
import type { UnknownOp } from "../../graph/unknown-ops.js";
import { plural, printable, shapeText, visible } from "../../notation.js";
import type { LayerEvidence, Neighbour, WeightEvidence } from "../problem.js";

/** What a skeleton is made from: a layer of the class, and what the file knows about it. */
export interface SkeletonSource {
  readonly spec: LayerSpec;
  readonly evidence: LayerEvidence;
  /** How many of its outputs are taken; 1 unless given. */
  readonly outputs?: number;
  /** Its Python, where a file beside the model's has it. */
  readonly python?: PythonSource | null;
}

/**
 * A cell that registers `name`, to be completed: it compiles and runs as it stands, and computes nothing yet.
 * @param source null when no open load has such a layer
 */
export function skeleton(name: string, source: SkeletonSource | null): string {
  const cell = source?.spec.className === "Lambda" ? functionCell(source) : classCell(name, source);
  return [`%%register_custom ${name}`, ...cell, ""].join("\n");
}

/** A cell that registers a function for an operation of a graph, to be completed. */
export function opSkeleton({ op, nodes, feeds, inputs, attributes }: UnknownOp): string {
  const given = attributes.length > 0 ? ` Its attributes: ${attributes.join(", ")}.` : "";
  return [
    `%%register_custom ${op}`,
    'import * as tf from "@tensorflow/tfjs";',
    "",
    `// ${nodes.length} in the graph, the first is ${printable(nodes[0] ?? "")}. It takes ${plural(inputs, "input")}; ${feeds.map((name) => printable(name)).join(", ")} need it.${given}`,
    `const ${declarable(identifier(op), "Op")} = (inputs: tf.Tensor[], { attributes }: { attributes: { int(name: string): number; float(name: string): number; bool(name: string): boolean } }): tf.Tensor | tf.Tensor[] => {`,
    `  throw new Error(${JSON.stringify(`what ${op} computes is still to be written`)});`,
    "};",
    "",
  ].join("\n");
}

function functionCell({ evidence }: SkeletonSource): string[] {
  return [
    'import * as tf from "@tensorflow/tfjs";',
    "",
    ...comment(evidence),
    `const ${declarable(identifier(evidence.path), "Function")} = (x: tf.Tensor): tf.Tensor => x;`,
  ];
}

function classCell(name: string, source: SkeletonSource | null): string[] {
  const className = declarable(identifier(name.slice(name.lastIndexOf(">") + 1)), "Layer");
  const fields = source ? configFields(source.spec.config) : [];
  const weights = source
    ? weightFields(source.evidence.weights, new Set(fields.map(({ name }) => name)))
    : [];
  return [
    'import * as tf from "@tensorflow/tfjs";',
    "",
    ...(source ? comment(source.evidence) : []),
    ...(source?.python ? pythonComment(source.python) : []),
    `class ${className} extends tf.layers.Layer {`,
    ...fields.map(({ name, type }) => `  ${name}: ${type};`),
    ...weights.map(({ field }) => `  ${field}!: tf.LayerVariable;`),
    ...(fields.length + weights.length > 0 ? [""] : []),
    ...constructorLines(fields),
    ...buildLines(weights, source),
    ...callLines(weights, source),
    "}",
  ];
}

/** Three lines at most: the saved arguments and the neighbours. */
function comment({ config, upstream, downstream }: LayerEvidence): string[] {
  const lines = [
    config === "" ? null : `Saved with ${config}.`,
    upstream.length === 0 ? null : `Called on ${upstream.map(neighbourText).join(" and ")}.`,
    downstream.length === 0 ? null : `Its output goes to ${downstream.map(neighbourText).join(" and ")}.`,
  ];
  return lines.filter((line) => line !== null).map((line) => `// ${line.replaceAll(/\s+/g, " ")}`);
}

/** The Python class as it stands, to be read beside what is written from it. */
function pythonComment({ file, line, text }: PythonSource): string[] {
  // Other separators of lines would end the comment.
  const plain = (each: string) => visible(each.replaceAll("\t", "    ").replaceAll(/\s/g, " ").trimEnd());
  const shown = text.split("\n").map((each) => `  ${plain(each)}`);
  return ["", `In ${printable(file)}, line ${line}:`, ...shown, ""].map((each) => `// ${each}`.trimEnd());
}

function neighbourText({ path, className, shape }: Neighbour): string {
  return `${path} (${className}${shape ? ` ${shapeText(shape)}` : ""})`;
}

interface ConfigField {
  readonly key: string;
  readonly name: string;
  readonly type: string;
}

const COMMON = new Set([
  "name",
  "trainable",
  "dtype",
  "batch_input_shape",
  "batch_shape",
  "build_config",
  "input_dtype",
]);

/** The saved arguments that are numbers, strings, booleans or lists of them. */
function configFields(config: LayerSpec["config"]): ConfigField[] {
  const taken = new Set<string>();
  return Object.entries(config)
    .filter(([key]) => !COMMON.has(key))
    .flatMap(([key, value]) => {
      const type = typeOf(value);
      return type === null ? [] : [{ key, name: fieldName(identifier(key), taken), type }];
    });
}

function typeOf(value: JsonValue): string | null {
  if (value === null || typeof value === "object") {
    const items = Array.isArray(value) ? new Set(value.map(typeOf)) : new Set<string | null>();
    const [item] = items;
    return items.size === 1 && item ? `${item}[]` : null;
  }
  return typeof value;
}

interface WeightField {
  readonly field: string;
  readonly weight: WeightEvidence;
}

function weightFields(weights: readonly WeightEvidence[], taken: Set<string>): WeightField[] {
  return weights.map((weight) => ({ field: fieldName(identifier(weightName(weight.name)), taken), weight }));
}

/** `kernel` of `dense/kernel:0`; of an archive's `layers/block/att/query/vars/0` what tells it apart: `att_query_0`. */
function weightName(path: string): string {
  const parts = path.replace(/:\d+$/, "").split("/");
  const last = parts.at(-1)!;
  if (!/^\d+$/.test(last)) return last;
  const inside = parts.slice(parts[0] === "layers" ? 2 : 0, -1);
  const told = inside.filter((part) => !/^(vars|layers|cell)$/.test(part));
  return [...(told.length > 0 ? told : ["weight"]), last].join("_");
}

/** A name for a field that no other has and that hides no member of `tf.layers.Layer`; it is added to `taken`. */
function fieldName(wanted: string, taken: Set<string>): string {
  const base = memberNames().has(wanted) ? `own_${wanted}` : wanted;
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base}_${i}`;
  taken.add(name);
  return name;
}

let members: ReadonlySet<string> | undefined;

function memberNames(): ReadonlySet<string> {
  if (members) return members;
  const names = new Set(["constructor"]);
  let at: object | null = tf.layers.activation({ activation: "linear", name: "members" });
  for (; at; at = Object.getPrototypeOf(at) as object | null)
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return (members = names);
}

function constructorLines(fields: readonly ConfigField[]): string[] {
  if (fields.length === 0) return [];
  const types = fields
    .map(({ key, name, type }) => `${key === name ? key : JSON.stringify(key)}: ${type}`)
    .join("; ");
  return [
    `  constructor(config: { name: string; ${types} }) {`,
    "    super({ name: config.name });",
    ...fields.map(
      ({ key, name }) => `    this.${name} = config${key === name ? `.${key}` : `[${JSON.stringify(key)}]`};`,
    ),
    "  }",
    "",
  ];
}

function buildLines(weights: readonly WeightField[], source: SkeletonSource | null): string[] {
  if (weights.length === 0) return [];
  const shape = source?.evidence.upstream[0]?.shape;
  return [
    `  override build(inputShape: tf.Shape): void {${shape ? ` // ${shapeText(shape)}` : ""}`,
    "    // In the order in which the file has them.",
    ...weights.map(
      ({ field, weight }) =>
        `    this.${field} = this.addWeight(${JSON.stringify(field)}, [${weight.shape.join(", ")}], "float32", tf.initializers.zeros());`,
    ),
    "    super.build(inputShape);",
    "  }",
    "",
  ];
}

function callLines(weights: readonly WeightField[], source: SkeletonSource | null): string[] {
  const several = (source?.evidence.upstream.length ?? 1) > 1;
  const outputs = source?.outputs ?? 1;
  const each = (what: string) => Array.from({ length: outputs }, () => what).join(", ");
  return [
    `  override call(inputs: tf.Tensor | tf.Tensor[]): ${outputs === 1 ? "tf.Tensor" : "tf.Tensor[]"} {`,
    several
      ? "    const [x] = inputs as [tf.Tensor, tf.Tensor];"
      : "    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;",
    ...weights.map(
      ({ field, weight }) =>
        `    const ${local(field)} = this.${field}.read(); // ${shapeText(weight.shape)}`,
    ),
    outputs === 1
      ? "    return x; // TODO: what the Python class computes in call()"
      : `    return [${each("x")}]; // TODO: what the Python class computes in call(); ${outputs} outputs are used`,
    "  }",
    ...(outputs === 1
      ? []
      : [
          "",
          "  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape[] {",
          "    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;",
          `    return [${each("shape")}]; // TODO: the shape of each output, the batch first`,
          "  }",
        ]),
  ];
}

/** A local name that does not hide `x`. */
function local(field: string): string {
  return field === "x" || field === "inputs" ? `${field}Weight` : declarable(field, "Weight");
}

/** Words that no variable and no class may be called, and the names that a skeleton uses itself. */
const NOT_DECLARABLE = new Set(
  (
    "tf Array Error arguments await break case catch class const continue debugger default delete do else enum eval " +
    "export extends false finally for function if implements import in instanceof interface let new null package " +
    "private protected public return static super switch this throw true try typeof undefined var void while with " +
    "yield any unknown never number string boolean symbol object bigint async of"
  ).split(" "),
);

function declarable(name: string, suffix: string): string {
  return NOT_DECLARABLE.has(name) ? `${name}${suffix}` : name;
}

/** A name that TypeScript takes. */
function identifier(text: string): string {
  const name = text.replaceAll(/[^\p{ID_Continue}$]/gu, "_");
  return /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`;
}
