import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import { customLayer } from "../../layers/custom/custom.js";
import type { CustomLayerCall } from "../../layers/custom/user-function.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { PREPARING } from "../effects.js";
import { parseVariables } from "../custom/given-variables.js";
import { evidenceFor } from "../report/evidence.js";
import {
  readPythonFunction,
  sharedCode,
  type PythonBody,
  type PythonFunction,
} from "../lambda/python-function.js";
import { placeOf } from "./keras-problem.js";
import type { Decision, Problem, Remedy } from "../problem.js";
import { appliedOf, withGraph } from "./unknown-class.js";
import { kerasSays, whyOf } from "../taxonomy/taxonomy.js";
import { savedInputShapes } from "../shapes/saved-input-shapes.js";
import { storedOutputShape } from "../shapes/stored-output-shape.js";
import { stubRemedies } from "../drafts/stubs.js";
import { decisionOn, type Work } from "../work.js";

export function isLambda(spec: LayerSpec): boolean {
  return spec.className === "Lambda";
}

/** What a Lambda's function is registered under: its own name where it was saved by name, else the layer's. */
export function lambdaSubject(spec: LayerSpec): string {
  return functionName(spec.config["function"] ?? null) ?? spec.name;
}

/** A Lambda that nobody has registered a function for; others may share its function. */
export function unknownLambdaProblem(specs: readonly LayerSpec[], work: Work): Problem {
  const [first] = specs as [LayerSpec, ...LayerSpec[]];
  const subject = lambdaSubject(first);
  const python = pythonFunctionOf(first, work);
  const code = lambdaCode(specs, python);
  const stubs = stubRemedies(subject, storedOutputShape(first, work));
  const remedies = withGraph([...remediesFor(subject, python), ...stubs], work);
  const decision = decisionOn(work, code, subject);
  const settles = !PREPARING.has(decision?.remedy ?? "") && isAsAccepted(decision, python);
  const taken = settles ? (decision?.remedy ?? null) : null;
  const applied = appliedOf(remedies, taken, work);
  const evidence = evidenceFor(work, first.path);
  return {
    code,
    step: "resolve",
    subject,
    title: `${first.name} is a Python function`,
    where: placeOf(
      work.path,
      specs.map(({ path }) => path),
    ),
    found: found(first, python),
    why: why(python, code),
    advice: "",
    kerasSays: kerasSays(code, { name: first.name }),
    evidence: evidence && { ...evidence, config: "" },
    remedies,
    blocking: applied === null,
    applied,
  };
}

/** A14: bytes that nobody can read; A16: names of the program around it; A17: one function for several layers. */
function lambdaCode([first, ...others]: readonly LayerSpec[], python: PythonFunction | null): string {
  if (!python) return functionName(first!.config["function"] ?? null) === null ? "A14" : "A16";
  const captures = python.captures && others.length > 0;
  if (captures) return "A17";
  return python.translation === null &&
    /variable of the Python program|is not known$/.test(python.obstacle) &&
    python.source !== null
    ? "A16"
    : "A15";
}

/** The definition that a chosen translation gives; null where none was chosen. */
export function chosenTranslation(spec: LayerSpec, work: Work): LayerDefinition | null {
  const chose = isLambda(spec) ? decisionFor(spec, work) : null;
  if (chose?.remedy !== "translate") return null;
  work.translations ??= new Map();
  const known = work.translations.get(spec.path);
  if (known) return known.definition;
  const python = pythonFunctionOf(spec, work);
  const translation = python?.translation;
  // Another layer of the same code has a translation of its own, with what it captured.
  const own = chose.subject === lambdaSubject(spec);
  if (!translation || (own && !isAsAccepted(chose, python))) return null;
  const definition = customLayer("Lambda", ((inputs, layer) =>
    translation.run(inputs, layer)) as CustomLayerCall);
  work.translations.set(spec.path, { definition, python: python.python });
  return definition;
}

/** The translations in force, in Python, by path of the layer. */
export function writtenLambdas(work: Work): ReadonlyMap<string, PythonBody> {
  const translated = [...eachLayer(work.graph!)].filter((spec) => chosenTranslation(spec, work) !== null);
  const written = translated.map(({ path }) => [path, work.translations?.get(path)?.python ?? null] as const);
  return new Map(written.flatMap(([path, python]) => (python ? [[path, python] as const] : [])));
}

/** Whether a translation is the one that was accepted, when a recipe was made. */
function isAsAccepted(decision: Decision | null, python: PythonFunction | null): boolean {
  if (decision?.remedy !== "translate" || decision.argument === undefined) return true;
  return decision.argument === python?.translation?.text;
}

/** The last decision on a Lambda, or on one that shares its code (A17). */
function decisionFor(spec: LayerSpec, work: Work): Decision | undefined {
  const code = sharedCode(spec.config["function"] ?? null);
  const same = (subject: string) =>
    code !== null &&
    [...eachLayer(work.graph!)].some(
      (other) => other.name === subject && sharedCode(other.config["function"] ?? null) === code,
    );
  return work.decisions.findLast(
    ({ subject, remedy, code: kind }) =>
      !PREPARING.has(remedy) && (subject === lambdaSubject(spec) || (kind === "A17" && same(subject))),
  );
}

/** Lambdas that are one question: those of one function, or of one code with what each captured. */
export function lambdaGroup(spec: LayerSpec): string {
  return sharedCode(spec.config["function"] ?? null) ?? lambdaSubject(spec);
}

function pythonFunctionOf(spec: LayerSpec, work: Work): PythonFunction | null {
  const shapes = savedInputShapes(spec, work);
  return readPythonFunction({
    function: spec.config["function"] ?? null,
    arguments: spec.config["arguments"] ?? null,
    inputs: shapes.length,
    ...(work.origin ? { major: work.origin.major } : {}),
    variables: givenVariables(spec, work),
    ...(shapes.every((shape) => shape !== null) ? { shapes } : {}),
  });
}

/** Values that the user said variables of the Python program had. */
function givenVariables(spec: LayerSpec, work: Work): Record<string, JsonValue> {
  const subject = lambdaSubject(spec);
  const said = work.decisions.filter((made) => made.remedy === "variables" && made.subject === subject);
  return Object.assign({}, ...said.map(({ argument = "" }) => parseVariables(argument))) as Record<
    string,
    JsonValue
  >;
}

function found(spec: LayerSpec, python: PythonFunction | null): string {
  if (!python) {
    const name = functionName(spec.config["function"] ?? null);
    return name === null
      ? `Layer \`${spec.path}\` is a Lambda of bytecode that no known Python wrote.`
      : `Layer \`${spec.path}\` is a Lambda that calls the Python function \`${name}\` by its name.`;
  }
  if (python.source !== null) return `\`${python.source}\`, by ${python.pythons}, ${python.place}.`;
  const uses = python.names.length > 0 ? `, which uses ${python.names.slice(0, 12).join(", ")}` : "";
  const about = python.documentation === null ? "" : ` It says of itself: ${firstLine(python.documentation)}`;
  return `\`${python.name}(${python.parameters.join(", ")})\`, by ${python.pythons}, ${python.place}${uses}.${about}`;
}

function firstLine(text: string): string {
  const line = text.trim().split("\n")[0]!;
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

function why(python: PythonFunction | null, code: string): string {
  if (code === "A14" || code === "A17") return whyOf(code);
  if (!python)
    return "The function stayed in the Python program that saved the file; only its name is in it.";
  const effects =
    python.besides.length === 0
      ? ""
      : ` Beside what it returns it does more (${python.besides.join("; ")}), which nothing here runs.`;
  const read = `A file's code is never run here; its bytecode was read.${effects}`;
  return python.translation ? read : `${read} It has no translation: ${python.obstacle}.`;
}

function remediesFor(name: string, python: PythonFunction | null): Remedy[] {
  const { translation, besides = [] } = python ?? {};
  const register: Remedy = {
    id: "register",
    title: "Register a function that does the same",
    fidelity: "equivalent",
    command: `%register_custom ${name} = ${translation?.text ?? "(x) => x"}`,
    code: `registerCustom(${JSON.stringify(name)}, ${translation?.text ?? "(x) => x"})`,
  };
  if (translation) return [translateRemedy(name, translation, besides), register];
  const { variables = [] } = python ?? {};
  return variables.length > 0 ? [register, variablesRemedy(name, variables)] : [register];
}

function variablesRemedy(name: string, variables: readonly string[]): Remedy {
  const list = variables.map((variable) => `\`${variable}\``).join(" and ");
  const example = variables.map((variable) => `${variable}=VALUE`).join(", ");
  return {
    id: "variables",
    title: `Say what ${list} ${variables.length === 1 ? "was" : "were"} in the Python program, and see the translation`,
    fidelity: "equivalent",
    needs: "NAME=VALUE",
    command: `%step fix # variables ${example}`,
    code: `session.fix(${JSON.stringify(name)}, "variables", ${JSON.stringify(example)})`,
  };
}

function translateRemedy(
  name: string,
  { text, random }: { text: string; random: boolean },
  besides: readonly string[],
): Remedy {
  const draws = random ? ", which draws random numbers" : "";
  const without = besides.length === 0 ? "" : `, without ${besides.map((call) => `\`${call}\``).join(", ")}`;
  return {
    id: "translate",
    title: `Take the translation \`${text}\`${draws}${without}`,
    fidelity: random || besides.length > 0 ? "approximate" : "equivalent",
    accepted: text,
    command: "%step fix # translate",
    code: `session.fix(${JSON.stringify(name)}, "translate")`,
  };
}

/** The function's name where the Lambda was saved by name and not as bytecode; a package in front is left out. */
function functionName(value: JsonValue): string | null {
  const name = typeof value === "string" ? value : serializedName(value);
  return name === null ? null : name.slice(name.lastIndexOf(">") + 1);
}

/** Keras 3: `{class_name: "function", config: "sampling"}`. */
function serializedName(value: JsonValue): string | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  return value["class_name"] === "function" && typeof value["config"] === "string" ? value["config"] : null;
}
