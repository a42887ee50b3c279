import { COMMON, TRAINING_ONLY } from "../../layers/arguments/common-arguments.js";
import { holdsGraph } from "../../formats/graph-contents.js";
import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import { todaysArguments } from "../../layers/arguments/older-arguments.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { resolveLayer } from "../../layers/resolve.js";
import { customObjects } from "../custom/custom-objects.js";
import { subjectOf } from "../custom/definitions.js";
import { evidenceFor, storedWeights } from "../report/evidence.js";
import { kerasSays, whyOf } from "../taxonomy/taxonomy.js";
import type { Problem, Remedy } from "../problem.js";
import { chosen, type Work } from "../work.js";
import { knownClassRemedy } from "./known-class.js";
import { registerRemedy, skeletonRemedy } from "./register-remedy.js";
import { cutRemedy } from "./unknown-class.js";

/** Classes of the user's own that bear a name of Keras's (C24): a problem for each, settled once one is chosen. */
export function clashingClasses(graph: ModelGraph, work: Work): Problem[] {
  const seen = new Map<string, Problem>();
  for (const spec of eachLayer(graph)) {
    const known = spec.model || spec.className === "Lambda" ? null : resolveLayer(spec, new Map());
    if (known === null || seen.has(subjectOf(spec)) || resolveLayer(spec, customObjects()) !== known)
      continue;
    const sign = foreignSign(spec, known, work);
    if (sign !== null) seen.set(subjectOf(spec), clash(spec, sign, work));
  }
  return [...seen.values()];
}

/** The name that a class of the user's own has beside Keras's of the same name; null for any other. */
export function ownName(spec: LayerSpec, work: Work): string | null {
  const { className, registeredName } = spec;
  const known = spec.model || className === "Lambda" ? null : resolveLayer(spec, new Map());
  if (known === null || chosen(work, "C24", className) === "builtin") return null;
  if (className.includes(">") || foreignSign(spec, known, work) === null) return null;
  return registeredName?.includes(">") ? registeredName : `Custom>${className}`;
}

/** What tells that the file does not mean Keras's class; null where nothing does. */
function foreignSign(spec: LayerSpec, known: LayerDefinition, work: Work): string | null {
  return saysForeign(spec, known) ?? looksForeign(spec, known, work);
}

const OWN_MODULE = /^(keras|tf_keras|keras_core|tensorflow)\b|^builtins$/;
const ADDONS_MODULE = /^tensorflow_addons\b/;
const OWN_PACKAGE = /^(keras|TensorFlow|loadlab)\b/;

/**
 * What the file says of where the class comes from. Keras 3 writes no module where the class was defined in the program
 * itself, and the name by which it was registered, or would have been, for any that is not Keras's.
 */
function saysForeign(
  { module: savedModule, registeredName: savedName, className }: LayerSpec,
  known: LayerDefinition,
): string | null {
  // Configs that were written by hand leave both empty.
  const [module, registeredName] = [savedModule || null, savedName || null];
  const foreign =
    module !== null ? !OWN_MODULE.test(module) : registeredName !== null && !OWN_PACKAGE.test(registeredName);
  if (!foreign) return null;
  // TensorFlow Addons' own class is the one that the file means.
  if (known.className.startsWith("Addons>") && (module === null || ADDONS_MODULE.test(module))) return null;
  if (module !== null) return `is from \`${module}\``;
  return registeredName === className
    ? "was defined in the program that saved it"
    : `was registered as \`${registeredName}\``;
}

/**
 * A .h5 file has the class's name alone. Keras's own writes all of its arguments and no others; its weights have
 * Keras's names.
 */
function looksForeign(spec: LayerSpec, known: LayerDefinition, work: Work): string | null {
  const own = known.arguments;
  if (own.includes("*") || own.length === 0 || holdsGraph(work.file!)) return null;
  const { config } = todaysArguments(spec).spec;
  const has = own.filter((name) => name in config || name in spec.inner).length;
  const other = Object.keys(config).filter(
    (name) => isArgument(name) && !own.includes(name) && !known.inert?.includes(name),
  );
  if (other.length > 0 && 2 * has <= own.length)
    return `has the argument \`${other[0]!}\`, which Keras's has not, and lacks most of Keras's`;
  const weights = storedWeights(work, spec).map(({ name }) => lastPart(name));
  if (has > 0 || weights.length === 0 || weights.some((name) => KERAS_WEIGHTS.test(name))) return null;
  return `has the weight \`${weights[0]!}\`, which Keras's has not, and none of its arguments`;
}

function isArgument(name: string): boolean {
  return !COMMON.has(name) && !TRAINING_ONLY.test(name);
}

/** `attention/att_weight:0` */
function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).replace(/:\d+$/, "");
}

const KERAS_WEIGHTS =
  /^((\w+_)?(kernel|gamma|beta|embeddings|[WUb])|(moving_)?(mean|variance)|bias|count|\w*scale|(\w+_)?alphas?|\d+)$/;

function clash(spec: LayerSpec, sign: string, work: Work): Problem {
  const { className, registeredName, path } = spec;
  const name = registeredName ?? className;
  const known = [knownClassRemedy(spec, work) ?? []].flat();
  const isFirst = known[0]?.fidelity === "equivalent";
  const remedies: Remedy[] = [
    ...(isFirst ? known : []),
    { ...registerRemedy(name), title: "Register the class that was meant" },
    skeletonRemedy(name),
    ...(isFirst ? [] : known),
    {
      id: "builtin",
      title: `Take Keras's own \`${className}\``,
      fidelity: "approximate",
      command: "%step fix # builtin",
      code: `session.fix(${JSON.stringify(className)}, "builtin")`,
    },
    cutRemedy(className),
  ];
  const applied = remedies.find(({ id }) => id === chosen(work, "C24", className)) ?? null;
  return {
    code: "C24",
    step: "resolve",
    subject: className,
    title: `${className}: Keras's, or one of the same name`,
    where: { file: work.path, layer: path },
    found: `Layer \`${path}\` is of class \`${className}\`, a name of Keras's; that of the file ${sign}.`,
    why: whyOf("C24"),
    advice: "",
    kerasSays: kerasSays("C24", { class: className }),
    evidence: evidenceFor(work, path),
    remedies,
    blocking: applied === null,
    applied,
  };
}
