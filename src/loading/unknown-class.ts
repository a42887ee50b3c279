import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";
import { similarLayers } from "../layers/resolve.js";
import { evidenceFor } from "./evidence.js";
import { lambdaMessages, unknownClassMessages } from "./keras-messages.js";
import type { Problem, Remedy } from "./problem.js";
import { chosen, type Work } from "./work.js";

/**
 * The problem of layers whose class nobody knows: one for each class, however many layers it has, and one for each
 * Lambda, since every Lambda is a function of its own.
 */
export function unknownClassProblem(specs: readonly LayerSpec[], work: Work): Problem {
  const [first] = specs as [LayerSpec, ...LayerSpec[]];
  const lambda = isLambda(first);
  const code = lambda ? "A15" : codeFor(first, work);
  const subject = subjectOf(first);
  const remedies = remediesFor(first);
  const applied = remedies.find(({ id }) => id === chosen(work, code, subject)) ?? null;
  const others = specs.length - 1;
  return {
    code,
    step: "resolve",
    subject,
    title: lambda ? `${first.name} holds Python code` : `The class ${first.className} is unknown`,
    where: { file: work.path, layer: others === 0 ? first.path : `${first.path} and ${others} more` },
    found: lambda ? lambdaFound(first) : found(specs),
    why: lambda
      ? "A Lambda is saved as Python bytecode, which only the Python that wrote it could run. A file's code is never run here."
      : (WHY.get(code) ??
        "A file holds the arguments and the weights of a custom layer, never its code: that stayed in the Python program that saved it."),
    advice: "",
    kerasSays: lambda
      ? lambdaMessages()
      : unknownClassMessages(first.className, work.file?.format === "keras-archive"),
    evidence: evidenceFor(work, first.path),
    remedies,
    blocking: applied === null,
    applied,
  };
}

/** What is registered, and decided on, for a layer: the name of a Lambda, the class of any other layer. */
export function subjectOf(spec: LayerSpec): string {
  return isLambda(spec) ? spec.name : spec.className;
}

/** Codes that say that a layer's class is unknown, for different reasons. */
export const UNKNOWN_CLASS_CODES: readonly string[] = [
  "C01",
  "C02",
  "C06",
  "C10",
  "C11",
  "C12",
  "C13",
  "A15",
  "O05",
];

export function isLambda(spec: LayerSpec): boolean {
  return spec.className === "Lambda";
}

function codeFor({ className }: LayerSpec, work: Work): string {
  if (className === "KerasLayer") return "C10";
  if (/^Custom>TF\w+(MainLayer|Model)$|^TF\w+(MainLayer|Model)$/.test(className)) return "C11";
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
  ["C13", "Feature columns were saved by their Python objects, which no file holds."],
  [
    "O05",
    "The layer stands for a model of another framework; running it would mean running that file's code.",
  ],
]);

function found(specs: readonly LayerSpec[]): string {
  const [first] = specs as [LayerSpec, ...LayerSpec[]];
  const similar = similarLayers(first.className);
  const near = similar.length > 0 ? ` Known classes that come near: ${similar.join(", ")}.` : "";
  const layers = specs.length === 1 ? `Layer \`${first.path}\` is` : `${specs.length} layers are`;
  return `${layers} of class \`${first.className}\`, which is neither Keras's nor registered.${near}`;
}

function lambdaFound(spec: LayerSpec): string {
  const name = lambdaName(spec.config["function"] ?? null);
  return name === null
    ? `Layer \`${spec.path}\` is a Lambda of Python bytecode.`
    : `Layer \`${spec.path}\` is a Lambda that calls the Python function \`${name}\` by name; its code is not in the file.`;
}

/** The function's name where the Lambda was saved by name and not as bytecode. */
function lambdaName(value: JsonValue): string | null {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  if (value["class_name"] === "function" && typeof value["config"] === "string") return value["config"];
  return null;
}

function remediesFor(spec: LayerSpec): Remedy[] {
  const name = subjectOf(spec);
  const register: Remedy = isLambda(spec)
    ? {
        id: "register",
        title: "Register a function that does the same",
        fidelity: "equivalent",
        command: `%register_custom ${name} = (x) => x`,
        code: `registerCustom(${JSON.stringify(name)}, (x) => x)`,
      }
    : {
        id: "register",
        title: "Register a class or a function for it",
        fidelity: "equivalent",
        command: `%%register_custom ${name}`,
        code: `registerCustom(${JSON.stringify(name)}, class extends tf.layers.Layer { ... })`,
      };
  const skeleton: Remedy = {
    id: "skeleton",
    title: "See a skeleton of the class",
    fidelity: "equivalent",
    command: `%register_custom ${name}`,
  };
  const stub: Remedy = {
    id: "identity-stub",
    title: "Let its input through unchanged",
    fidelity: "stub",
    command: `%step fix # identity-stub`,
    code: `session.fix(${JSON.stringify(name)}, "identity-stub")`,
  };
  return isLambda(spec) ? [register, stub] : [register, skeleton, stub];
}
