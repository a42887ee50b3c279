import { LayerError, type KerasFinding } from "../../keras/finding.js";
import { layerAndParts } from "../../keras/read-graph.js";
import { activationOf } from "../../layers/activations.js";
import { pythonOf } from "./code-beside.js";
import { activationArguments, activationKeys } from "./activation-arguments.js";
import { activationLambda, lambdaFound, lambdaRemedies, lambdaWhy } from "./lambda-activation.js";
import { locate } from "../report/evidence.js";
import { kerasProblem } from "./keras-problem.js";
import { offersFor } from "./offers.js";
import { sentence } from "../../notation.js";
import { kerasSays } from "../taxonomy/taxonomy.js";
import type { Problem } from "../problem.js";
import { chosen, type Work } from "../work.js";

const NAMED = /^activation "(.+)"$/s;

export function isUnknownActivation({ code, found }: KerasFinding): boolean {
  return code === "C16" && NAMED.test(found);
}

/**
 * Functions that layers have as activations and nobody knows: one problem for each name, however many have it.
 * @param translated lambdas among them that run by their translations
 */
export function unknownActivationProblems(
  findings: readonly KerasFinding[],
  translated: readonly string[],
  work: Work,
): Problem[] {
  const groups = new Map<string, KerasFinding[]>();
  const accepted = translated.flatMap((name) => placesOf(name, work));
  for (const finding of [...findings.flatMap((one) => allOfLayer(one, work)), ...accepted]) {
    const name = NAMED.exec(finding.found)![1]!;
    groups.set(name, [...(groups.get(name) ?? []), finding]);
  }
  return [...groups].map(([name, group]) => problemOf(name, group, work));
}

/** Where a function stands that runs now, as it was found while nobody knew it. */
function placesOf(name: string, work: Work): KerasFinding[] {
  return activationArguments(work.graph!, name).map(({ path, key }) => ({
    ...{ code: "C16", layer: path, argument: key, blocking: true },
    ...{ found: `activation "${name}"`, why: "", advice: "" },
  }));
}

/** Making a layer ends at its first argument: the others are looked at here. */
function allOfLayer(finding: KerasFinding, work: Work): KerasFinding[] {
  const spec = finding.layer === null ? undefined : locate(work.graph!, finding.layer)?.spec;
  if (!spec) return [finding];
  const others = [...layerAndParts(spec)].flatMap((one) => activationKeys(one).map((key) => ({ one, key })));
  const more = others.flatMap(({ one, key }) => {
    try {
      activationOf(one.config[key], work.origin!, key);
      return [];
    } catch (error) {
      if (!(error instanceof LayerError)) throw error;
      return [{ ...finding, layer: one.path, argument: key, found: error.found, advice: error.advice }];
    }
  });
  return more.length > 0 ? more : [finding];
}

function problemOf(name: string, findings: readonly KerasFinding[], work: Work): Problem {
  const [first] = findings as [KerasFinding, ...KerasFinding[]];
  const { found, ...problem } = kerasProblem(first, "resolve", work, offersFor(first, work));
  const python = pythonOf(name, work);
  const beside = python && ` Its Python stands beside the file, in \`${python.file}\`, line ${python.line}.`;
  const others = new Set(findings.map(({ layer }) => layer)).size - 1;
  const lambda = activationLambda(name, work);
  const layer = others === 0 ? first.layer : `${first.layer ?? ""} and ${others} more`;
  const where = layer === null ? problem.where : { ...problem.where, layer };
  const have = others === 0 ? `Layer \`${first.layer ?? ""}\` has` : `${others + 1} layers have`;
  if (lambda) {
    const remedies = [
      ...lambdaRemedies(name, lambda),
      ...problem.remedies.filter(({ id }) => id !== "register"),
    ];
    const applied = remedies.find(({ id }) => id === "translate" && chosen(work, "C16", name) === id) ?? null;
    return {
      ...problem,
      ...{ subject: name, title: "The activation is a Python function", where, remedies },
      ...{
        found: `${have} ${lambdaFound((first.argument ?? "activation").replaceAll("_", " "), lambda)}.`,
        why: lambdaWhy(lambda),
        advice: "",
      },
      ...{ applied, blocking: applied === null, kerasSays: kerasSays("C16", { class: "{'value': …}" }) },
    };
  }
  return {
    ...problem,
    subject: name,
    title: `The activation ${name} is unknown`,
    advice: `${problem.advice}${beside ?? ""}`,
    where,
    kerasSays: kerasSays("C16", { class: name }),
    found: others === 0 ? found : sentence(`${others + 1} layers have the ${found.replace(/\.$/, "")}`),
  };
}
