import type * as tf from "@tensorflow/tfjs";
import { eachLayer } from "../../keras/read-graph.js";
import { registerActivation, registeredActivation } from "../../layers/activations.js";
import { lambdaCode, lambdaName } from "../../keras/saved-lambda.js";
import { readPythonFunction, type PythonFunction } from "../lambda/python-function.js";
import { asTensor } from "../lambda/value.js";
import type { Remedy } from "../problem.js";
import { decisionOn, type Work } from "../work.js";
import { activationArguments, activationKeys } from "./activation-arguments.js";

/** What translations were registered, to be taken back where the next load does not accept one. */
const ours = new WeakSet<(x: tf.Tensor) => tf.Tensor>();

/** The Python of a lambda that layers have as their activation; null for a function that has a name of its own. */
export function activationLambda(name: string, work: Work): PythonFunction | null {
  const [place] = work.graph ? activationArguments(work.graph, name) : [];
  const spec = place && [...eachLayer(work.graph!)].find(({ path }) => path === place.path);
  const code = spec ? lambdaCode(spec.config[place.key]) : null;
  if (code === null || lambdaName(spec!.config[place!.key]) !== name) return null;
  const major = work.origin ? { major: work.origin.major } : {};
  return readPythonFunction({ function: [...code], arguments: null, inputs: 1, ...major });
}

/** Names of the lambdas whose translation was accepted, which run by it from here on; others wait again. */
export function translatedLambdas(work: Work): string[] {
  const names = new Set(
    [...eachLayer(work.graph!)].flatMap((spec) =>
      activationKeys(spec).flatMap((key) => lambdaName(spec.config[key]) ?? []),
    ),
  );
  return [...names].filter((name) => register(name, work));
}

/** @returns whether the translation is in force */
function register(name: string, work: Work): boolean {
  const known = registeredActivation(name);
  const decision = decisionOn(work, "C16", name);
  const translation = decision?.remedy === "translate" ? activationLambda(name, work)?.translation : null;
  const isAccepted = decision?.argument === undefined || decision.argument === translation?.text;
  if (!translation || !isAccepted) {
    if (known && ours.has(known)) registerActivation(name, null);
    return false;
  }
  const run = (x: tf.Tensor) => asTensor(translation.run(x));
  ours.add(run);
  registerActivation(name, run);
  return true;
}

/** What the file holds of a lambda. @param as what: `activation` */
export function lambdaFound(as: string, python: PythonFunction): string {
  const what = python.source ?? `${python.name}(${python.parameters.join(", ")})`;
  return `the ${as} \`${what}\`, a Python function by ${python.pythons}, ${python.place}`;
}

export function lambdaWhy({ translation, obstacle }: PythonFunction): string {
  const read = "A file's code is never run here; its bytecode was read.";
  return translation ? read : `${read} It has no translation: ${obstacle}.`;
}

/** Taking the translation, or registering a function that begins as it. */
export function lambdaRemedies(name: string, { translation }: PythonFunction): Remedy[] {
  const text = translation?.text ?? "(x) => x";
  const register: Remedy = {
    id: "register",
    title: "Register a function that does the same",
    fidelity: "equivalent",
    command: `%register_custom --kind activation ${name} = ${text}`,
    code: `registerFunction("activation", ${JSON.stringify(name)}, ${text})`,
  };
  if (!translation) return [register];
  const translate: Remedy = {
    id: "translate",
    title: `Take the translation \`${translation.text}\``,
    fidelity: translation.random ? "approximate" : "equivalent",
    accepted: translation.text,
    command: "%step fix # translate",
    code: `session.fix(${JSON.stringify(name)}, "translate")`,
  };
  return [translate, register];
}
