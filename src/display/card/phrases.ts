import type { Fidelity } from "../../layers/fidelity.js";
import type { LayerEvidence, Place, Problem, Remedy } from "../../loading/problem.js";
import type { FileReport, LoadReport, LoadState } from "../../loading/report/report.js";
import { fileName, plural, printable } from "../../notation.js";
import type { Tone } from "../style.js";

/** The sentences that the card has in every form. */

export function toneOf(state: LoadState): Tone {
  const tones = { waiting: "warn", paused: "here", loaded: "good", refused: "bad", aborted: "bad" } as const;
  return tones[state];
}

/** `custom_attention.h5 waits for 1 decision` */
export function headline(report: LoadReport): string {
  const name = fileName(printable(report.file.path));
  switch (report.state) {
    case "waiting":
      return `${name} waits for ${plural(report.waiting.length, "decision")}`;
    case "paused":
      return `${name} pauses`;
    case "loaded":
      return `${name} is loaded`;
    case "refused":
      return `${name} cannot be loaded`;
    case "aborted":
      return `Loading ${name} was given up`;
  }
}

/** What the load waits for; of one that was given up without what could have been done. */
export function openProblems({ state, waiting }: LoadReport): readonly Problem[] {
  return state === "aborted" ? waiting.map((problem) => ({ ...problem, remedies: [] })) : waiting;
}

/** What to type next; `code` in backquotes. */
export function adviceFor(report: LoadReport): string {
  switch (report.state) {
    case "waiting":
      if (report.decisions.length > 0 && report.waiting.some(({ remedies }) => remedies.length === 0))
        return "Nothing is left to choose here: `%step undo` takes the last decision back, and another may do.";
      return `\`%step\` goes on from here once that is done; \`%step -h\` says what else it can do, \`%explain ${report.waiting[0]?.code ?? ""}\` says more about it.`;
    case "paused":
      return "`%step` goes on, `%step to verify` goes on without pausing.";
    case "loaded":
      return "";
    case "refused":
      return `\`%explain ${report.waiting[0]?.code ?? ""}\` says more about it. The file itself was not changed.`;
    case "aborted":
      return "`%load_model` starts again.";
  }
}

/** `Keras 2.4.0 · HDF5` */
export function formatText(file: FileReport): string {
  const names: Record<string, string> = {
    "keras-hdf5": "HDF5 model",
    "keras-archive": ".keras archive",
    "hdf5-weights": "HDF5 weights",
    "saved-model": "SavedModel",
    checkpoint: "TensorFlow checkpoint",
    "frozen-graph": "frozen graph",
    "tfjs-layers": "tfjs layers model",
    "tfjs-graph": "tfjs graph model",
  };
  const parts: string[] = [];
  if (file.kerasVersion) parts.push(`Keras ${printable(file.kerasVersion, 30)}`);
  if (file.backend && file.backend !== "tensorflow") parts.push(printable(file.backend, 30));
  if (file.format) parts.push(names[file.format] ?? file.format);
  return parts.join(" · ");
}

export function placeText({ layer, container, byte, file }: Place): string {
  const parts: string[] = [];
  if (layer !== undefined) parts.push(printable(layer));
  if (container !== undefined) parts.push(printable(container));
  if (byte !== undefined) parts.push(`byte ${byte}`);
  return parts.length > 0 ? parts.join(", ") : printable(file);
}

/** What a remedy does to the numbers. */
export function fidelityText({ id, fidelity }: Remedy): string {
  if (id === "register") return "as good as what you write";
  if (id === "cut") return "a shorter model";
  if (id === "open") return "another file";
  if (id === "set") return "as good as what you say";
  if (id === "skeleton") return "made from what the file knows";
  const texts: Record<Fidelity, string> = {
    exact: "exact",
    equivalent: "equivalent up to rounding",
    approximate: "approximate",
    stub: "stub: computes something else",
  };
  return texts[fidelity];
}

/** `What other versions of Keras stumble over: A03, C04`, what a settled load says of itself; null where there is nothing. */
export function otherVersionsText(settled: readonly Problem[]): string | null {
  const codes = [...new Set(settled.filter(({ ordinary }) => ordinary).map(({ code }) => code))];
  return codes.length === 0
    ? null
    : `What other versions of Keras stumble over: ${codes.sort().join(", ")} (%explain ${codes[0]})`;
}

/** What a problem comes to that was settled, but not mended: how the model differs now, and what to do; else null. */
export function consequenceOf({ applied, advice }: Problem): string | null {
  return applied?.fidelity === "approximate" && advice !== "" ? advice : null;
}

/** `7 adjustments, all exact` or `7 adjustments: 6 exact, 1 stub` */
export function settledText(settled: readonly Problem[]): string {
  const counts = new Map<string, number>();
  for (const { applied } of settled) {
    const kind = applied?.fidelity ?? "noted";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const total = plural(settled.length, "adjustment");
  if (counts.size === 1) {
    const [kind] = counts.keys();
    return settled.length === 1 ? `${total}, ${kind}` : `${total}, all ${kind}`;
  }
  return `${total}: ${[...counts].map(([kind, number]) => `${number} ${kind}`).join(", ")}`;
}

/** In place of the weights of a layer for which the file holds none. */
export function noWeights({ hasLost = false }: LayerEvidence): string {
  return hasLost ? "none found; the file is not whole, and may have held some" : "none stored";
}
