import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { isObject, stringAt } from "../../keras/json.js";
import { eachLayer } from "../../keras/read-graph.js";
import { referencesOf, structureReferences } from "../../keras/read-functional.js";
import { resolveLayer } from "../../layers/resolve.js";
import { customObjects } from "../custom/custom-objects.js";
import { subjectOf } from "../custom/definitions.js";
import { evidenceFor } from "../report/evidence.js";
import { settledProblem } from "./keras-problem.js";
import type { Problem, Remedy } from "../problem.js";
import { kerasSays, titleOf, whyOf } from "../taxonomy/taxonomy.js";
import { chosen, type Work } from "../work.js";

/** Modules and functions whose call does something to the machine: no layer is made by any of them. */
const DANGEROUS_MODULE =
  /^(builtins|os|posix|nt|subprocess|sys|shutil|socket|importlib|pickle|marshal|ctypes|runpy|pty|webbrowser|urllib|requests)\b|^keras(\.src)?\.(config|saving|utils)\b|^tensorflow\.(io|keras\.utils)\b/;

/**
 * A config that names a function to be called where a layer, or a part of one, belongs (C25). Keras 3 writes a
 * function of the user's as `{"class_name": "function", "module": "builtins"}`: as an argument that is plain.
 */
export function calledFunction(config: JsonValue, work: Work): Problem | null {
  const found = dangerous(config, true);
  if (found === null) return null;
  return {
    code: "C25",
    step: "configure",
    subject: "model",
    title: titleOf("C25"),
    where: { file: work.path, container: found.path },
    found: `\`${found.name}\` stands where a layer belongs; it is a function of \`${found.module}\`.`,
    why: whyOf("C25"),
    advice: "Ask where the file comes from.",
    kerasSays: kerasSays("C25"),
    evidence: null,
    remedies: [],
    blocking: true,
    applied: null,
  };
}

function dangerous(
  value: JsonValue,
  layer: boolean,
  path = "",
): { name: string; module: string; path: string } | null {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      const found = dangerous(item, layer, `${path}[${i}]`);
      if (found) return found;
    }
    return null;
  }
  if (!isObject(value)) return null;
  const module = stringAt(value, "module") ?? "";
  const className = stringAt(value, "class_name");
  const plainFunction = className === "function" && !layer && module === "builtins";
  if (
    className !== null &&
    "config" in value &&
    DANGEROUS_MODULE.test(module) &&
    !plainFunction &&
    !isSavedType(value)
  )
    return {
      name: className === "function" ? (stringAt(value, "config") ?? className).slice(0, 80) : className,
      module,
      path,
    };
  for (const [key, item] of Object.entries(value)) {
    const found = dangerous(item, key === "layers" || key === "layer", path === "" ? key : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

/** `{"module": "builtins", "class_name": "slice" | "function" ...}` with data alone, as Keras writes arguments. */
function isSavedType(value: { readonly [key: string]: JsonValue }): boolean {
  return (
    value["module"] === "builtins" &&
    /^(slice|tuple|list|dict|set|Ellipsis|__\w+__)$/.test(stringAt(value, "class_name") ?? "")
  );
}

const METRICS = new Set([
  "Accuracy",
  "AUC",
  "BinaryAccuracy",
  "CategoricalAccuracy",
  "Mean",
  "MeanAbsoluteError",
  "MeanMetricWrapper",
  "MeanSquaredError",
  "Precision",
  "Recall",
  "SparseCategoricalAccuracy",
  "Sum",
]);

/** The graph without metrics that were saved among its layers (C15): nothing is connected to them. */
export function withoutMetrics(graph: ModelGraph, work: Work): { graph: ModelGraph; problems: Problem[] } {
  const used = new Set([
    ...graph.calls.flatMap((call) => [call.layer, ...referencesOf(call).map(({ layer }) => layer)]),
    ...structureReferences(graph.outputs).map(({ layer }) => layer),
  ]);
  const metrics = graph.layers.filter(({ className, name }) => METRICS.has(className) && !used.has(name));
  if (metrics.length === 0) return { graph, problems: [] };
  const dropped = new Set(metrics.map(({ name }) => name));
  const problems = metrics.map(({ className, path }) =>
    settledProblem(
      {
        code: "C15",
        step: "configure",
        subject: path,
        layer: path,
        found: `the metric ${className} stands among the layers: left out`,
        fidelity: "exact",
      },
      work,
    ),
  );
  work.leftOut = new Set([...(work.leftOut ?? []), ...dropped]);
  return { graph: { ...graph, layers: graph.layers.filter(({ name }) => !dropped.has(name)) }, problems };
}

const OWN_MODULE = /^(keras|tf_keras|keras_core|tensorflow)\b|^builtins$/;
const ADDONS_MODULE = /^tensorflow_addons\b/;

/** Classes of the user's own that bear a name of Keras's (C24): a problem for each, settled once one is chosen. */
export function clashingClasses(graph: ModelGraph, work: Work): Problem[] {
  const seen = new Map<string, LayerSpec>();
  for (const spec of eachLayer(graph))
    if (clashes(spec)) seen.set(subjectOf(spec), seen.get(subjectOf(spec)) ?? spec);
  return [...seen.values()].map((spec) => clash(spec, work));
}

function clashes(spec: LayerSpec): boolean {
  const { module, registeredName, className, model } = spec;
  const foreign =
    module !== null
      ? !OWN_MODULE.test(module)
      : registeredName !== null && /^(?!keras|TensorFlow|loadlab>)[^>]+>/.test(registeredName);
  if (!foreign || model || className === "Lambda") return false;
  const known = resolveLayer(spec, new Map());
  if (known === null || resolveLayer(spec, customObjects()) !== known) return false;
  // TensorFlow Addons' own class is the one that the file means.
  return !(known.className.startsWith("Addons>") && (module === null || ADDONS_MODULE.test(module)));
}

function clash(spec: LayerSpec, work: Work): Problem {
  const { className, module, registeredName, path } = spec;
  const remedies: Remedy[] = [
    {
      id: "builtin",
      title: `Take Keras's own \`${className}\``,
      fidelity: "approximate",
      command: "%step fix # builtin",
      code: `session.fix(${JSON.stringify(className)}, "builtin")`,
    },
    {
      id: "register",
      title: "Register the class that was meant",
      fidelity: "equivalent",
      command: `%%register_custom ${registeredName ?? className}`,
      code: `registerCustom(${JSON.stringify(registeredName ?? className)}, class extends tf.layers.Layer { ... })`,
    },
  ];
  const applied = remedies.find(({ id }) => id === chosen(work, "C24", className)) ?? null;
  return {
    code: "C24",
    step: "resolve",
    subject: className,
    title: `${className}: Keras's, or one of the same name`,
    where: { file: work.path, layer: path },
    found: `Layer \`${path}\` is of class \`${className}\` from \`${module ?? registeredName ?? ""}\`; Keras has a class of the same name.`,
    why: whyOf("C24"),
    advice: "",
    kerasSays: kerasSays("C24", { class: className }),
    evidence: evidenceFor(work, path),
    remedies,
    blocking: applied === null,
    applied,
  };
}
