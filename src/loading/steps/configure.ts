import fs from "node:fs";
import {
  ARCHITECTURE_TAKEN,
  asArchitecture,
  withArchitecture,
  type Architecture,
} from "../../formats/architecture.js";
import { holdsGraph } from "../../formats/graph-contents.js";
import { JsonError, parseJson } from "../../formats/json.js";
import { FormatError, type FormatFinding } from "../../formats/model-file.js";
import { architectureOf } from "../../formats/open.js";
import { isObject } from "../../keras/json.js";
import { kerasSays } from "../taxonomy/taxonomy.js";
import { checkGraph } from "../../keras/check-graph.js";
import type { KerasFinding } from "../../keras/finding.js";
import { kerasOrigin } from "../../keras/origin.js";
import { eachLayer, readModelGraph } from "../../keras/read-graph.js";
import { withStoredNames } from "../../keras/stored-names.js";
import { adjustmentsOfLayers } from "../adjustments/config.js";
import { adjustmentsOfModel } from "../adjustments/model.js";
import { calledFunction, withoutMetrics } from "../problems/class-problems.js";
import { draftConfig, draftLayers } from "../drafts/draft.js";
import { editGraph } from "../edits/edit.js";
import { NOTHING } from "../../formats/keras-hdf5/open-keras-hdf5.js";
import { fileProblem, saysNoConfig } from "../problems/file-problem.js";
import { runGraphRemedy } from "../graph-rung/graph-rung.js";
import { kerasProblem } from "../problems/keras-problem.js";
import { fileName, plural } from "../../notation.js";
import { offersFor } from "../problems/offers.js";
import type { Problem, Remedy } from "../problem.js";
import { suggestingFile } from "../problems/other-file.js";
import { registerRemedy, skeletonRemedy } from "../problems/register-remedy.js";
import { asOneLayer } from "../custom/whole-model.js";
import { registeredDefinition } from "../custom/definitions.js";
import { asSavedModel } from "../../formats/transformers-config.js";
import { codeBeside } from "../problems/code-beside.js";
import { transformersModel, type TransformersModel } from "../drafts/transformers-weights.js";
import type { StepResult, Work } from "../work.js";

/** Reads the saved config into layers and the calls that connect them, with the edits that were decided on. */
export async function configure(work: Work): Promise<StepResult> {
  const file = work.file!;
  if (file.config === null && holdsGraph(file)) {
    work.rung = "graph";
    return { note: "no layers: a graph of operations", problems: [] };
  }
  const given = await takeArchitecture(work);
  return work.file!.config === null
    ? { note: "no architecture", problems: [withoutConfig(work, given)] }
    : readConfig(work, given);
}

function readConfig(work: Work, given: Problem | null): StepResult {
  const { kerasVersion, backend, config } = work.file!;
  const refused = calledFunction(config, work);
  if (refused) return { note: "refused", problems: [refused] };
  const origin = kerasOrigin(kerasVersion, backend, config);
  work.origin = origin;
  const whole = asOneLayer(work);
  const isRegistered = whole !== null && whole.graph.layers.some((spec) => registeredDefinition(spec));
  if (isRegistered) work.file = { ...work.file!, layers: whole.layers };
  const { graph, findings } = isRegistered
    ? { graph: whole.graph, findings: [] }
    : readModelGraph(withStoredNames(config!, work.file!.layers), origin);
  if (graph === null) return withoutLayers(work, findings, given);
  const edited = editGraph(graph, work);
  const { graph: model, problems: metrics } = withoutMetrics(edited.graph, work);
  work.graph = model;
  const stuck = [...findings, ...checkGraph(model)];
  work.graphFindings = stuck.filter(({ code }) => code !== "G01");
  const problems = [
    ...(given ? [given] : []),
    ...edited.settled,
    ...metrics,
    ...adjustmentsOfModel(work),
    ...adjustmentsOfLayers(work),
    ...stuck
      .filter(({ code }) => code === "G01")
      .map((finding) => kerasProblem(finding, "configure", work, offersFor(finding, work))),
  ];
  return {
    note: `${plural([...eachLayer(model)].length, "layer")}, Keras ${origin.major}`,
    problems: oncePerCode(problems),
  };
}

/** The model and its layers are looked at for the same codes; one of each is enough. */
function oncePerCode(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, applied }) => {
    if (applied?.id !== "adjust") return true;
    if (seen.has(code)) return false;
    seen.add(code);
    return true;
  });
}

/** A subclassed model: its layers are in Python code alone, but a SavedModel has its graph as well. */
function withoutLayers(work: Work, findings: readonly KerasFinding[], given: Problem | null): StepResult {
  const offers = holdsGraph(work.file!) ? [runGraphRemedy("model")] : [];
  const problems = findings.map((finding) =>
    kerasProblem({ ...finding, layer: null, blocking: true }, "configure", work, [
      ...offers,
      // What the file says of the layers stands in the paths and shapes of their weights.
      ...(finding.code === "C02"
        ? [...registerOffers(work), ...subclassedOffers(work)]
        : offersFor(finding, work)),
    ]),
  );
  if (problems.some(({ applied }) => applied?.id === "graph")) work.rung = "graph";
  const named = problems.map((problem) =>
    problem.code === "C02" ? { ...problem, ...saidOfClass(problem, work) } : problem,
  );
  return { note: "no layers in the config", problems: named.map((problem) => stillOpen(problem, given)) };
}

/** What goes by the name of the model's class: what Keras says, and where the code is. */
function saidOfClass({ advice }: Problem, work: Work): Pick<Problem, "kerasSays" | "advice"> {
  const { config } = work.file!;
  const name = isObject(config) && typeof config["class_name"] === "string" ? config["class_name"] : "X";
  return {
    kerasSays: kerasSays("C02", { class: name }),
    advice: `${advice} ${codeBeside(name, work)}`.trim(),
  };
}

/** An architecture that was given and could not be taken, or has no layers either, has settled nothing. */
function stillOpen(problem: Problem, given: Problem | null): Problem {
  if (problem.applied?.id === "graph") return problem;
  const failure = given?.blocking ? `${given.title}: ${given.found} ` : "";
  return { ...problem, found: failure + problem.found, blocking: true, applied: null };
}

/** Applies an architecture that the user gave. @returns what was taken, or why it could not be read */
async function takeArchitecture(work: Work): Promise<Problem | null> {
  const decision = work.decisions.findLast(
    ({ code, remedy }) =>
      /^(F06|F09|W08|F08|C02)$/.test(code) && (remedy === "architecture" || remedy === "draft"),
  );
  if (!decision) return null;
  const { code, subject, remedy, argument } = decision;
  const offers = code === "C02" ? subclassedOffers(work) : architectureOffers(work);
  try {
    if (work.file!.config === null || (code === "C02" && work.architecture !== decision)) {
      work.file =
        remedy === "draft" && argument === undefined
          ? withArchitecture(work.file!, drafted(work), null)
          : withArchitecture(work.file!, await given(argument!), "that you gave");
      work.architecture = decision;
    }
    const taken = work.file!.findings.find(({ title }) => title.startsWith(ARCHITECTURE_TAKEN));
    return {
      ...fileProblem(taken ?? noConfig(work), "configure", work.path, false),
      code,
      subject,
      applied: offers.find(({ id }) => id === remedy) ?? ARCHITECTURE,
    };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return {
      ...fileProblem(error.finding, "configure", work.path, true),
      remedies: architectureOffers(work),
    };
  }
}

/** A path, or the architecture itself as JSON. */
async function given(argument: string): Promise<Architecture> {
  if (!/^\s*[{[]/.test(argument) || fs.existsSync(argument)) return architectureOf(argument);
  const place = "what you gave";
  try {
    const value = parseJson(argument);
    const config = Array.isArray(value) ? { class_name: "Sequential", config: value } : value;
    const architecture = asArchitecture(place, config);
    if (architecture) return architecture;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw notAnArchitecture(place, error.detail);
  }
  throw notAnArchitecture(place, "it has no class_name and config");
}

function notAnArchitecture(where: string, detail: string): FormatError {
  return new FormatError({
    code: "F08",
    title: "Not an architecture",
    where,
    detail,
    advice: "Give what model.to_json() writes, as text or by its path.",
  });
}

function drafted(work: Work): Architecture {
  const { path, layers } = work.file!;
  const config = draftConfig(draftLayers(layers), draftName(path));
  return { path, config, kerasVersion: "2.15.0", backend: "tensorflow" };
}

export function draftName(path: string): string {
  return (
    fileName(path)
      .replace(/(\.weights)?\.\w+$/, "")
      .replaceAll(/\W+/g, "_") || "model"
  );
}

const ARCHITECTURE: Remedy = {
  id: "architecture",
  title: "Give the architecture: what `model.to_json()` wrote, or a whole file of the same model",
  fidelity: "exact",
  needs: "PATH",
  command: "%step fix # architecture PATH",
  code: 'session.fix(1, "architecture", "model.json")',
};

function architectureOffers(work: Work): Remedy[] {
  const layers = draftLayers(work.file!.layers);
  if (layers.length === 0) return [ARCHITECTURE];
  const draft: Remedy = {
    id: "draft",
    title: `Take a draft of ${plural(layers.length, "layer")} made from the names and shapes; \`%step draft\` prints it for you to correct`,
    fidelity: "approximate",
    isGuess: true,
    command: "%step fix # draft",
    code: 'session.fix(1, "draft")',
  };
  return [ARCHITECTURE, draft];
}

/** A chain of its layers is not what a subclassed model computes: the draft is something to start from. */
function subclassedOffers(work: Work): Remedy[] {
  return architectureOffers(work).map((offer) =>
    offer.id === "draft" ? { ...offer, fidelity: "stub" as const } : offer,
  );
}

/** Its class as one layer, which computes the whole. */
function registerOffers(work: Work): Remedy[] {
  const spec = asOneLayer(work)?.graph.layers.at(-1);
  return spec ? [registerRemedy(spec.className), skeletonRemedy(spec.className)] : [];
}

function withoutConfig(work: Work, failed: Problem | null): Problem {
  const { findings, layers, path } = work.file!;
  const said = findings.find(saysNoConfig) ?? noConfig(work);
  const code = said.title === NOTHING || isHalfWritten(work) ? "W08" : said.code;
  const problem = fileProblem({ ...said, code }, "configure", work.path, true);
  const retold = failed ? `${failed.title}: ${failed.found} ` : "";
  const foreign = transformersModel(work.file!);
  if (foreign !== null)
    return { ...problem, subject: work.path, remedies: [ARCHITECTURE], ...ofTransformers(foreign) };
  const draft = draftLayers(layers);
  return {
    ...problem,
    subject: work.path,
    found: `${retold}${problem.found}`,
    remedies: architectureOffers(work).map((offer) =>
      offer.id === "architecture" ? suggestingFile(offer, said.choices) : offer,
    ),
    ...(draft.length > 0 ? { draft: JSON.stringify(draftConfig(draft, draftName(path)), null, 2) } : {}),
  };
}

/** Its layers stand nowhere in the file, and no chain of Keras's own layers would be them. */
function ofTransformers({ name, isWhole }: TransformersModel): Pick<Problem, "why" | "advice"> {
  if (!isWhole)
    return {
      why: `Some of the names are those of a Transformers model, a ${name}, inside a Keras model: its code is in the \`transformers\` package, and \`save_weights\` writes no architecture.`,
      advice:
        'In Python, build the model as it was, `load_weights` this file, and `model.save("saved", save_format="tf")` writes a SavedModel, which holds the computation: %load_model saved runs it.',
    };
  return {
    why: `These are the weights of a Transformers model, a ${name}: \`save_pretrained\` writes them, and its code is in the \`transformers\` package.`,
    advice: asSavedModel(name),
  };
}

/** A whole model's groups, with its version, and no configuration: saving it failed half-way. */
function isHalfWritten({ file }: Work): boolean {
  const { format, layers, kerasVersion } = file!;
  const [first] = layers.flatMap(({ weights }) => weights);
  return (
    format === "hdf5-weights" && kerasVersion !== null && (first?.path.startsWith("/model_weights/") ?? false)
  );
}

function noConfig(work: Work): FormatFinding {
  const { layers, findings } = work.file!;
  const lost = findings.some(({ title }) => title === "Attribute model_config is lost");
  const weights = layers.some((layer) => layer.weights.length > 0)
    ? `weights of ${plural(layers.length, "layer")}`
    : null;
  return {
    code: "F09",
    title: lost ? "The model's configuration is lost" : "Weights without an architecture",
    where: work.path,
    detail: lost
      ? `the text of its model_config is not whole; of the rest, ${weights ?? "no weights"} can be reached`
      : weights
        ? `there is no model_config in it, but ${weights}`
        : "there is neither a model_config in it nor any weights",
    advice: "Look for the model's .json, or for the Python code that built it.",
  };
}
