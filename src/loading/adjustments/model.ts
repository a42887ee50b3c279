import type { JsonValue } from "../../formats/model-file.js";
import type { CallArgument, LayerSpec, ModelGraph, Structure, TensorRef } from "../../keras/graph.js";
import { isObject, stringAt } from "../../keras/json.js";
import { declaredInputShape } from "../../keras/read-sequential.js";
import { eachLayer } from "../../keras/read-graph.js";
import { dtypePolicy } from "../../layers/quantized/dtype-policy.js";
import { gateDefaults } from "../../layers/recurrent/gate-defaults.js";
import { settledProblem } from "../problems/keras-problem.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

/** What was found about the model as a whole, with the layer where there is one; null where there is nothing. */
type Look = (graph: ModelGraph, work: Work) => { readonly found: string; readonly layer?: string } | null;

const LOOKS: ReadonlyMap<string, Look> = new Map<string, Look>([
  ["A12", rootSubclass],
  ["A19", constantForTensor],
  ["A20", constantInMixedPrecision],
  ["A21", listOfLayers],
  ["A22", listAlone],
  ["A23", withoutName],
  ["C03", rootOfKeras2],
  ["C04", rootOfKeras3],
  ["C14", otherPackage],
  ["G04", nestedInSequential],
  ["G06", withoutInput],
  ["G08", structure],
  ["G09", sameNames],
  ["G10", deep],
  ["O08", formulas],
]);

/** Each as a settled problem. */
export function adjustmentsOfModel(work: Work): Problem[] {
  return [...LOOKS].flatMap(([code, look]) => {
    const seen = look(work.graph!, work);
    if (!seen) return [];
    const layer = seen.layer ?? null;
    const subject = layer === null ? "config" : `${layer}.config`;
    return [
      settledProblem({ code, step: "configure", subject, layer, found: seen.found, fidelity: "exact" }, work),
    ];
  });
}

const MODELS = new Set(["Functional", "Model", "Sequential"]);

function rootSubclass({ className, layers }: ModelGraph): ReturnType<Look> {
  return MODELS.has(className)
    ? null
    : { found: `${className} lists its ${layers.length} layers: a functional model under its own name` };
}

function rootModule({ file }: Work): string {
  return (
    (isObject(file!.config ?? undefined) &&
      stringAt(file!.config as { [key: string]: JsonValue }, "module")) ||
    ""
  );
}

function rootOfKeras2(_graph: ModelGraph, work: Work): ReturnType<Look> {
  const module = rootModule(work);
  return /^(keras\.(src\.)?engine|keras_core|tf_keras|tensorflow\.python\.keras)\b/.test(module)
    ? { found: `the model's module is ${module}, which Keras 3 has not` }
    : null;
}

function rootOfKeras3(_graph: ModelGraph, work: Work): ReturnType<Look> {
  const module = rootModule(work);
  return /^keras\.src\.models\b/.test(module)
    ? { found: `the model's module is ${module}, which Keras 2 has not` }
    : null;
}

/** A mask, state or operand of a call that is a number. */
function constantForTensor(graph: ModelGraph): ReturnType<Look> {
  for (const call of graph.calls) {
    const named = ["mask", "initial_state", "y", "x2", "b"].find((key) => isNumbers(call.kwargs[key]));
    const positional = call.args.some(
      (argument) => isNumbers(argument) || (argument.kind === "list" && argument.items.some(isNumbers)),
    );
    const layer = graph.layers.find(({ name }) => name === call.layer);
    if ((named || positional) && layer)
      return {
        found: named ? `${named} is a number and no tensor` : "an operand is a number and no tensor",
        layer: layer.path,
      };
  }
  return null;
}

function isNumbers(argument: CallArgument | undefined): boolean {
  if (argument?.kind !== "constant") return false;
  const values = [argument.value].flat(4 as 1);
  return values.length > 0 && values.every((value) => typeof value === "number");
}

function constantInMixedPrecision(graph: ModelGraph, work: Work): ReturnType<Look> {
  const seen = constantForTensor(graph);
  const mixed = [...eachLayer(graph)].some(({ config }) => /16$/.test(dtypePolicy(config)?.computed ?? ""));
  return seen && mixed && work.origin!.major >= 2
    ? { ...seen, found: "a constant among tensors of 16 bits" }
    : null;
}

function listOfLayers(_graph: ModelGraph, { file }: Work): ReturnType<Look> {
  return isObject(file!.config ?? undefined) &&
    Array.isArray((file!.config as { [key: string]: JsonValue })["config"])
    ? { found: "the config is the bare list of the layers, as Keras 2.0 to 2.2 wrote it" }
    : null;
}

function listAlone(_graph: ModelGraph, { file }: Work): ReturnType<Look> {
  return Array.isArray(file!.config)
    ? { found: "the architecture is a list of layers without a class around it" }
    : null;
}

function sequentialConfig({ file }: Work): { [key: string]: JsonValue } | null {
  const { config } = file!;
  if (!isObject(config ?? undefined)) return null;
  const { class_name: className, config: inner } = config as { [key: string]: JsonValue };
  return className === "Sequential" && isObject(inner) ? inner : null;
}

function withoutName(_graph: ModelGraph, work: Work): ReturnType<Look> {
  const config = sequentialConfig(work);
  return config && !("name" in config) ? { found: "the Sequential has no name" } : null;
}

function otherPackage(_graph: ModelGraph, work: Work): ReturnType<Look> {
  return sequentialConfig(work) && /-tf$/.test(work.file!.kerasVersion ?? "")
    ? { found: `a Sequential of tf.keras ${work.file!.kerasVersion}, with a name beside its layers` }
    : null;
}

function nestedInSequential(graph: ModelGraph, { origin }: Work): ReturnType<Look> {
  if (origin!.major < 3 || graph.className !== "Sequential") return null;
  const nested = graph.layers.find((layer) => layer.model && layer.className !== "Sequential");
  return nested
    ? { found: "a functional model inside a Sequential: its declared output goes on", layer: nested.path }
    : null;
}

function withoutInput(graph: ModelGraph, { file }: Work): ReturnType<Look> {
  const [input, first] = graph.layers;
  if (graph.className !== "Sequential" || !input || !first || file!.format === "keras-archive") return null;
  const declared = input.className === "InputLayer" && declaredInputShape(input.config);
  return declared || first.model
    ? null
    : { found: "no layer says what goes in: taken from the first kernel", layer: first.path };
}

function structure({ inputs }: ModelGraph): ReturnType<Look> {
  if (isReference(inputs)) return null;
  if (!Array.isArray(inputs)) return { found: `the inputs are a dict of ${Object.keys(inputs).join(", ")}` };
  return inputs.length === 1 ? { found: "the input is a list of one tensor" } : null;
}

function isReference(value: Structure<TensorRef>): boolean {
  return "nodeIndex" in value && typeof value.nodeIndex === "number";
}

/** Names of the file that occur twice in one Sequential; they were numbered when the config was read. */
function sameNames(graph: ModelGraph): ReturnType<Look> {
  const renamed = graph.layers.find((layer) => layer.name !== ownName(layer) && ownName(layer) !== null);
  return renamed
    ? {
        found: `two layers are called ${ownName(renamed)!}: the later one is ${renamed.name}`,
        layer: renamed.path,
      }
    : null;
}

function ownName(layer: LayerSpec): string | null {
  const name = layer.config["name"];
  return typeof name === "string" && layer.name.startsWith(`${name}_`) ? name : null;
}

/** Python's own limit is 1,000 calls within each other. */
const DEEP = 900;

function deep({ layers }: ModelGraph): ReturnType<Look> {
  return layers.length > DEEP ? { found: `${layers.length} layers in a row` } : null;
}

/** Formulas that changed between majors without a word. */
function formulas(graph: ModelGraph, { origin }: Work): ReturnType<Look> {
  if (origin!.major === 3) return null;
  for (const { path, className, config } of eachLayer(graph)) {
    const says = Object.values(config).some((value) => value === "hard_sigmoid");
    const assumed =
      /^((LSTM|GRU)(Cell)?|ConvLSTM[123]D)$/.test(className) &&
      !("inner_activation" in config) &&
      !("recurrent_activation" in config) &&
      gateDefaults(className, origin!).recurrent_activation === "hard_sigmoid";
    if (says || assumed)
      return {
        found: `hard_sigmoid is 0.2 x + 0.5 in Keras ${origin!.major}, and another function in Keras 3`,
        layer: path,
      };
  }
  return null;
}
