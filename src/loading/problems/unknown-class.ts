import fs from "node:fs";
import path from "node:path";
import { holdsGraph } from "../../formats/graph-contents.js";
import type { LayerSpec } from "../../keras/graph.js";
import { likelyClass } from "../../layers/likely-class.js";
import { similarLayers } from "../../layers/resolve.js";
import { evidenceFor } from "../report/evidence.js";
import { knownClassRemedy } from "./known-class.js";
import { CODE_IN_PYTHON } from "../graph-rung/outside-graph.js";
import { revivedDefinition } from "../graph-rung/revived-layers.js";
import { runGraphRemedy } from "../graph-rung/graph-rung.js";
import { placeOf } from "./keras-problem.js";
import { codeBeside, savedModelOf } from "./code-beside.js";
import { registerRemedy, skeletonRemedy } from "./register-remedy.js";
import type { Problem, Remedy } from "../problem.js";
import { kerasSays } from "../taxonomy/taxonomy.js";
import { storedOutputShape } from "../shapes/stored-output-shape.js";
import { stubRemedies } from "../drafts/stubs.js";
import { chosen, type Work } from "../work.js";

/** The problem of layers whose class nobody knows: one for each class, however many layers it has. */
export function unknownClassProblem(specs: readonly LayerSpec[], work: Work): Problem {
  const [first] = specs as [LayerSpec, ...LayerSpec[]];
  const code = codeFor(
    first,
    work,
    specs.every((spec) => revivedDefinition(spec, work) !== null),
  );
  const stubs = stubRemedies(first.className, storedOutputShape(first, work));
  const given = savedModelGiven(work);
  const beside = given === null && CODE_IN_PYTHON.has(code) ? savedModelOf(work) : null;
  // A pickled module would have to be run to be of any use: only a class of the user's own can stand for it.
  const remedies =
    first.className === "TorchModuleWrapper"
      ? []
      : withGraph(
          remediesFor(first, stubs, savedModelOffer(first.className, code, given, beside), work),
          work,
        );
  const applied = asRun(appliedOf(remedies, chosen(work, code, first.className), work), specs, work);
  return {
    code,
    step: "resolve",
    subject: first.className,
    title: first.className === "" ? "A layer without a class" : `The class ${first.className} is unknown`,
    where: placeOf(
      work.path,
      specs.map(({ path }) => path),
    ),
    found: found(specs) + notInSavedModel(specs, applied, work),
    why:
      WHY.get(code) ??
      "A file holds the arguments and the weights of a custom layer, never its code: that stayed in the Python program that saved it.",
    advice:
      applied?.title === OTHERS ? OTHERS_ADVICE : (ADVICE.get(code) ?? codeBeside(first.className, work)),
    kerasSays: kerasSays(code, { class: first.className }),
    evidence: evidenceFor(work, first.path),
    remedies,
    blocking: applied === null,
    applied,
  };
}

const OTHERS =
  "Run the SavedModel in its place, with the SavedModel's own weights: those that this file has for the layer do not fit it by name and shape";
const OTHERS_ADVICE =
  "The SavedModel runs with its own weights: those that this file has for the layer do not fit it by name and shape. Where both were saved at the same time they are the same.";

/** A SavedModel in a layer's place, with what the file's own weights came to. */
function asRun(applied: Remedy | null, specs: readonly LayerSpec[], work: Work): Remedy | null {
  if (applied?.id !== "saved-model") return applied;
  const whose = new Set(specs.map(({ path }) => work.outside?.get(path)?.weights));
  if (whose.has("none")) return null;
  if (whose.has("others")) return { ...applied, title: OTHERS, fidelity: "approximate" };
  if (whose.has("own")) return { ...applied, title: "Run the SavedModel in its place" };
  return { ...applied, title: "Run the SavedModel in its place, with the weights that this file has for it" };
}

/** Why a SavedModel that was chosen is not taken. */
function notInSavedModel(specs: readonly LayerSpec[], applied: Remedy | null, work: Work): string {
  const none = applied === null && specs.find(({ path }) => work.outside?.get(path)?.weights === "none");
  return none
    ? ` The SavedModel that you gave has no layer \`${none.path}\` with such weights: it is of another model.`
    : "";
}

function codeFor({ className: saved, config }: LayerSpec, work: Work, revived: boolean): string {
  if (revived) return "C23";
  if (config["layer was saved without config"] === true) return "C22";
  // Registered under a name of their own they are the same: a file that was saved here has them so.
  const className = saved.replace(/^Custom>/, "");
  if (className === "KerasLayer") return "C10";
  if (/^TF\w+(MainLayer|Model)$/.test(className)) return "C11";
  if (className.startsWith("Addons>")) return "C12";
  if (className === "DenseFeatures") return "C13";
  if (OPERATIONS.has(className)) return "C06";
  if (className === "TFSMLayer" || className === "TorchModuleWrapper") return "O05";
  return work.file?.format === "keras-archive" ? "C02" : "C01";
}

const OPERATIONS = new Set([
  "TFOpLambda",
  "SlicingOpLambda",
  "TensorFlowOpLayer",
  "ClassMethod",
  "InstanceMethod",
  "InstanceProperty",
]);

/** Keras's own, which stand for code, a file or a model of another framework. */
const CODE_ELSEWHERE = new Set(["JaxLayer", "FlaxLayer", "TFSMLayer", "TorchModuleWrapper", "DenseFeatures"]);

const WHY = new Map([
  [
    "C06",
    "The model was built with TensorFlow operations between its layers; Keras 2 saved each as a layer of its own.",
  ],
  [
    "C10",
    "A TensorFlow Hub layer: the file has its address and its weights, the computation is in the Hub module.",
  ],
  ["C11", "A Transformers model inside a Keras model: its code is in the `transformers` package."],
  ["C12", "A layer of TensorFlow Addons, which was wound down in 2024."],
  [
    "C13",
    "Some of its feature columns hold Python code, name another file, or are of a class that no file describes.",
  ],
  [
    "O05",
    "The layer stands for a model of another framework; running it would mean running that file's code.",
  ],
]);

const ADVICE = new Map([
  [
    "C11",
    'In Python with `transformers`, `model.save("saved", save_format="tf")` of this model writes a SavedModel, which holds the computation: `%load_model saved` runs it. Or give one below.',
  ],
]);

function found(specs: readonly LayerSpec[]): string {
  const [first] = specs as [LayerSpec, ...LayerSpec[]];
  if (first.className === "") return `Layer \`${first.path}\` has no class in the configuration.`;
  const similar = similarLayers(first.className);
  const near = similar.length > 0 ? ` Known classes that come near: ${similar.join(", ")}.` : "";
  const layers = specs.length === 1 ? `Layer \`${first.path}\` is` : `${specs.length} layers are`;
  const foreign = CODE_ELSEWHERE.has(first.className)
    ? "whose computation is outside the file"
    : "which is neither Keras's nor registered";
  return `${layers} of class \`${first.className}\`, ${foreign}.${near}`;
}

function remediesFor(
  spec: LayerSpec,
  stubs: readonly Remedy[],
  savedModel: readonly Remedy[],
  work: Work,
): Remedy[] {
  const { className: name } = spec;
  const known = [knownClassRemedy(spec, work) ?? []].flat();
  const fits = known[0]?.fidelity === "equivalent";
  const like = likelyClass(spec);
  return [
    ...(fits ? known : []),
    registerRemedy(name),
    skeletonRemedy(name),
    ...(fits ? [] : known),
    ...(like === null ? [] : [replaceRemedy(name, like)]),
    ...savedModel,
    ...stubs,
    cutRemedy(name),
  ];
}

/** A SavedModel has its graph beside its layers; running that needs none of them. */
export function withGraph(remedies: readonly Remedy[], work: Work): Remedy[] {
  if (!work.file || !holdsGraph(work.file)) return [...remedies];
  return [runGraphRemedy("model"), ...remedies];
}

/** The remedy that was chosen here; the graph, once chosen anywhere, answers for every layer. */
export function appliedOf(remedies: readonly Remedy[], id: string | null, work: Work): Remedy | null {
  const graph = work.decisions.some(({ remedy }) => remedy === "graph");
  return remedies.find((remedy) => remedy.id === (graph ? "graph" : id)) ?? null;
}

/** A class of Keras's own in its place: one whose arguments the layer has and whose name is in its own, or near. */
function replaceRemedy(name: string, like: string): Remedy {
  return {
    id: "replace",
    title: `Take Keras's \`${like}\` for it, whose arguments it has, or another class`,
    // What the class did beside that, only its Python code says.
    fidelity: "approximate",
    needs: "CLASS",
    command: `%step fix # replace ${like}`,
    code: `session.fix(${JSON.stringify(name)}, "replace", ${JSON.stringify(like)})`,
  };
}

/** Codes of layers whose computation is a SavedModel elsewhere. */
const OUTSIDE = new Set(["C10", "C11", "C13", "O05"]);

/** The folder of a SavedModel from which the user took the architecture: it holds its layers' functions, too. */
function savedModelGiven({ architecture }: Work): string | null {
  const folder = architecture?.remedy === "architecture" ? architecture.argument : undefined;
  return folder !== undefined && fs.existsSync(path.join(folder, "saved_model.pb")) ? folder : null;
}

/**
 * To run a SavedModel in a layer's place, where one is likely.
 * @param given from which the user took the architecture
 * @param beside lies beside the file, whatever model it is of
 */
function savedModelOffer(name: string, code: string, given: string | null, beside: string | null): Remedy[] {
  if (!OUTSIDE.has(code) && given === null && beside === null) return [];
  const path = given ?? beside;
  const own = "with this file's weights where they fit";
  return [
    {
      id: "saved-model",
      title: given
        ? `Run its function in the SavedModel that you gave, ${own}`
        : beside
          ? `Run its function in the SavedModel \`${beside}\`, or in another one of the whole model, ${own}`
          : `Run the SavedModel that it stands for, or its function in a SavedModel of the whole model, ${own}`,
      fidelity: "exact",
      needs: "PATH",
      ...(path === null ? {} : { suggestion: path }),
      ...(beside === null ? {} : { isGuess: true }),
      command: `%step fix # saved-model ${path ?? "PATH"}`,
      code: `session.fix(${JSON.stringify(name)}, "saved-model", ${JSON.stringify(path ?? "module/")})`,
    },
  ];
}

export function cutRemedy(name: string): Remedy {
  return {
    id: "cut",
    title: "End the model before it and use what reaches it",
    fidelity: "stub",
    command: "%step fix # cut",
    code: `session.fix(${JSON.stringify(name)}, "cut")`,
  };
}
