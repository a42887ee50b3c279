import type { JsonValue } from "../../formats/model-file.js";
import type { ModelGraph } from "../../keras/graph.js";
import { isObject, stringAt } from "../../keras/json.js";
import { referencesOf, structureReferences } from "../../keras/read-functional.js";
import { settledProblem } from "./keras-problem.js";
import type { Problem } from "../problem.js";
import { kerasSays, titleOf, whyOf } from "../taxonomy/taxonomy.js";
import type { Work } from "../work.js";

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
  // A class that `exec` made has no other module; all that Python itself has there to call is in small letters.
  const madeByExec = module === "builtins" && /^[A-Z]/.test(className ?? "");
  if (
    className !== null &&
    "config" in value &&
    DANGEROUS_MODULE.test(module) &&
    !plainFunction &&
    !madeByExec &&
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
