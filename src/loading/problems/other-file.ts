import { basename } from "node:path";
import { type GraphContents, holdsGraph } from "../../formats/graph-contents.js";
import { keysByPath } from "../../formats/checkpoint/object-graph.js";
import { FormatError, type ModelFile } from "../../formats/model-file.js";
import { openModelFile } from "../../formats/open.js";
import { modelsNearby } from "../../formats/nearby.js";
import { fileProblem } from "./file-problem.js";
import type { Problem, Remedy } from "../problem.js";
import { settledProblem } from "./keras-problem.js";
import type { Work } from "../work.js";

/** Codes of a path at which there is no model, so that another path helps. */
const WRONG_PATH = new Set(["F04", "F06", "F12", "F16", "F17"]);

/** Offered where nothing can be opened: another file, the likeliest of those nearby unless one is given. */
export function openOffers(problem: Problem, path: string, choices: readonly string[] = []): Remedy[] {
  if (!WRONG_PATH.has(problem.code)) return [];
  const nearby = choices.length > 0 ? choices : modelsNearby(path).filter((file) => file !== path);
  const [likeliest] = nearby;
  if (!likeliest) return [];
  const others = nearby.slice(1, 4).map((file) => `\`${file}\``);
  return [
    {
      id: "open",
      title: `Open \`${likeliest}\` instead${others.length > 0 ? `; nearby are also ${others.join(", ")}` : ""}`,
      fidelity: "equivalent",
      needs: "PATH",
      suggestion: likeliest,
      ...(isSameName(likeliest, path) ? {} : { isGuess: true }),
      command: `%step fix # open ${likeliest}`,
      code: `session.fix(1, "open", ${JSON.stringify(likeliest)})`,
    },
  ];
}

/** Whether two paths are one name: written in other letters or quotes, with another ending or none. */
function isSameName(one: string, other: string): boolean {
  const plain = (path: string) =>
    basename(
      path
        .trim()
        .replace(/^file:\/\//, "")
        .replace(/^(["'])(.*)\1$/, "$2"),
    )
      .normalize("NFC")
      .toLowerCase()
      .replace(/\.(keras|h5|hdf5|hdf|pb|json)$/, "");
  return plain(one) !== "" && plain(one) === plain(other);
}

export const WEIGHTS_FROM: Remedy = {
  id: "weights",
  title: "Take the weights from another file of this model",
  fidelity: "exact",
  needs: "PATH",
  command: "%step fix # weights PATH",
  code: 'session.fix(1, "weights", "model.weights.h5")',
};

/** A remedy that needs a file, with the one that lies beside, where there is one and no other. */
export function suggestingFile(remedy: Remedy, choices: readonly string[] = []): Remedy {
  const [only] = choices;
  if (only === undefined || choices.length > 1) return remedy;
  return {
    ...remedy,
    suggestion: only,
    command: `%step fix # ${remedy.id} ${only}`,
    code: `session.fix(1, ${JSON.stringify(remedy.id)}, ${JSON.stringify(only)})`,
  };
}

export const WITHOUT_WEIGHTS: Remedy = {
  id: "keep-initial",
  title: "Go on without: every weight is zero",
  fidelity: "stub",
  command: "%step fix # keep-initial",
  code: 'session.fix(1, "keep-initial")',
};

/** A decision for another file, with the problem that it settled. */
export function openedInstead(work: Work): Problem | null {
  const decision = work.decisions.findLast(({ remedy }) => remedy === "open");
  if (!decision) return null;
  const { code, subject, argument } = decision;
  return settledProblem(
    {
      code,
      step: "identify",
      subject,
      layer: null,
      found: `${argument} was opened instead`,
      fidelity: "exact",
      remedy: "open",
    },
    work,
  );
}

/** The file with the weights of another one; that file's own findings come along. */
export async function withWeightsFrom(file: ModelFile, path: string): Promise<ModelFile> {
  const other = await openModelFile(path);
  const contents = holdsGraph(file) ? { contents: withTensorsOf(file.contents, other) } : {};
  const layers = (file.config !== null ? other.layersFor?.(file.config) : undefined) ?? other.layers;
  return {
    ...file,
    ...contents,
    layers,
    optimizerWeights: other.optimizerWeights,
    kerasVersion: file.kerasVersion ?? other.kerasVersion,
    verify: async () => (await other.verify?.()) ?? [],
    takeChanged: (yes) => other.takeChanged?.(yes),
    close: () => {
      other.close();
      file.close();
    },
  };
}

/** A graph with the values that another file has for its variables: by the objects of both, or by their names. */
function withTensorsOf(contents: GraphContents, other: ModelFile): GraphContents {
  if (holdsGraph(other) && other.contents.variableKeys.size > 0) {
    const { tensors, variableKeys } = other.contents;
    return { ...contents, tensors, variableKeys };
  }
  const weights = [...other.layers.flatMap((layer) => layer.weights), ...other.optimizerWeights];
  const tensors = new Map(weights.map((weight) => [weight.path, weight]));
  const keys = [...keysByPath(contents.objects?.nodes ?? [])].filter(([, key]) => tensors.has(key));
  return { ...contents, tensors, variableKeys: new Map(keys) };
}

/** What stands in the way of a file that the user pointed to. */
export function unopened(error: unknown, work: Work): Problem {
  if (!(error instanceof FormatError)) throw error;
  return fileProblem(error.finding, "read", work.path, true);
}
