import { LayerError, type KerasFinding } from "../../keras/finding.js";
import { layerAndParts } from "../../keras/read-graph.js";
import { activationOf } from "../../layers/activations.js";
import { pythonOf } from "./code-beside.js";
import { activationKeys } from "./activation-arguments.js";
import { locate } from "../report/evidence.js";
import { kerasProblem } from "./keras-problem.js";
import { offersFor } from "./offers.js";
import { sentence } from "../../notation.js";
import { kerasSays } from "../taxonomy/taxonomy.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

const NAMED = /^activation "(.+)"$/s;

export function isUnknownActivation({ code, found }: KerasFinding): boolean {
  return code === "C16" && NAMED.test(found);
}

/** Functions that layers have as activations and nobody knows: one problem for each name, however many have it. */
export function unknownActivationProblems(findings: readonly KerasFinding[], work: Work): Problem[] {
  const groups = new Map<string, KerasFinding[]>();
  for (const finding of findings.flatMap((one) => allOfLayer(one, work))) {
    const name = NAMED.exec(finding.found)![1]!;
    groups.set(name, [...(groups.get(name) ?? []), finding]);
  }
  return [...groups].map(([name, group]) => problemOf(name, group, work));
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
  const layer = others === 0 ? first.layer : `${first.layer ?? ""} and ${others} more`;
  return {
    ...problem,
    subject: name,
    title: `The activation ${name} is unknown`,
    advice: `${problem.advice}${beside ?? ""}`,
    where: layer === null ? problem.where : { ...problem.where, layer },
    kerasSays: kerasSays("C16", { class: name }),
    found: others === 0 ? found : sentence(`${others + 1} layers have the ${found.replace(/\.$/, "")}`),
  };
}
