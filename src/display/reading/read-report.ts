import type { Fidelity } from "../../layers/fidelity.js";
import { STEPS } from "../../loading/problem.js";
import type {
  AlignedLayer,
  AlignmentRow,
  Decision,
  LayerEvidence,
  Neighbour,
  Place,
  Problem,
  Remedy,
  WeightEvidence,
} from "../../loading/problem.js";
import type {
  FileReport,
  LayerMark,
  LayerReport,
  LoadReport,
  ModelOrigin,
  ModelSummary,
  StepReport,
  TensorReport,
} from "../../loading/report/report.js";
import type { CardChoices, CardNews } from "../card/card-messages.js";
import type { CardData } from "../card/problem-card.js";
import { fields, flag, list, nullable, number, oneOf, optional, type Reader, text } from "./read-json.js";

/** Readers of what the kernel shows about a load, for front ends that find it in a notebook. */

const shape = list(nullable(number));
const fidelity: Reader<Fidelity> = oneOf("exact", "equivalent", "approximate", "stub");

const place = fields<Place>({
  file: text,
  layer: optional(text),
  layers: optional(list(text)),
  container: optional(text),
  byte: optional(number),
});

const remedy = fields<Remedy>({
  id: text,
  title: text,
  fidelity,
  needs: optional(text),
  suggestion: optional(text),
  isGuess: optional(flag),
  accepted: optional(text),
  command: optional(text),
  code: optional(text),
});

const neighbour = fields<Neighbour>({ path: text, className: text, shape: nullable(shape) });

const evidence = fields<LayerEvidence>({
  className: text,
  path: text,
  config: text,
  weights: list(fields<WeightEvidence>({ name: text, shape: list(number), dtype: text })),
  upstream: list(neighbour),
  downstream: list(neighbour),
  hasLost: optional(flag),
});

const aligned = fields<AlignedLayer>({ name: text, shapes: list(shape) });

const problem = fields<Problem>({
  number: optional(number),
  code: text,
  step: oneOf(...STEPS),
  subject: text,
  title: text,
  where: place,
  found: text,
  why: text,
  advice: text,
  kerasSays: list(fields<{ version: string; message: string }>({ version: text, message: text })),
  evidence: nullable(evidence),
  remedies: list(remedy),
  alignment: optional(
    list(
      fields<AlignmentRow>({
        model: nullable(aligned),
        file: nullable(aligned),
        difference: oneOf("same", "name", "layout", "shape", "model", "file"),
      }),
    ),
  ),
  draft: optional(text),
  blocking: flag,
  applied: nullable(remedy),
  ordinary: optional(flag),
});

const file = fields<FileReport>({
  path: text,
  format: nullable(text),
  kerasVersion: nullable(text),
  backend: nullable(text),
  size: nullable(number),
});

const step = fields<StepReport>({
  step: oneOf(...STEPS),
  state: oneOf("done", "here", "failed", "ahead"),
  note: text,
  told: optional(list(fields<{ label: string; text: string }>({ label: text, text }))),
});

const tensor = fields<TensorReport>({ name: text, shape });

const layer = fields<LayerReport>({
  path: text,
  name: text,
  depth: number,
  className: text,
  outputShapes: list(shape),
  parameters: number,
  trainable: flag,
  connectedTo: list(text),
  mark: nullable(fields<LayerMark>({ kind: oneOf("stub", "custom", "translated"), fidelity, detail: text })),
});

export const readSummary = fields<ModelSummary>({
  name: text,
  className: text,
  origin: nullable(
    fields<ModelOrigin>({ file, rung: oneOf("layers", "graph"), settled: list(problem), notes: list(text) }),
  ),
  inputs: list(tensor),
  outputs: list(tensor),
  layers: list(layer),
  parameters: fields<ModelSummary["parameters"]>({
    total: number,
    trainable: number,
    nonTrainable: number,
    bytes: number,
  }),
});

export const readReport = fields<LoadReport>({
  session: text,
  file,
  state: oneOf("waiting", "paused", "loaded", "refused", "aborted"),
  steps: list(step),
  waiting: list(problem),
  settled: list(problem),
  decisions: list(fields<Decision>({ code: text, subject: text, remedy: text, argument: optional(text) })),
  notes: list(text),
  summary: nullable(readSummary),
});

export const readCard: Reader<CardData> = (value) => {
  const { showing } = fields<{ showing?: number }>({ showing: optional(number) })(value);
  return { ...readReport(value), ...(showing === undefined ? {} : { showing }) };
};

const choices = fields<CardChoices>({
  classes: list(text),
  functions: list(text),
  registered: list(text),
  layers: list(text),
  activations: list(text),
});

/** A message of the kernel to a card. */
export const readNews: Reader<CardNews> = (value) => {
  const { news } = fields<Pick<CardNews, "news">>({
    news: oneOf("state", "past", "gone", "refused", "skeleton"),
  })(value);
  return NEWS[news](value);
};

const NEWS: { readonly [K in CardNews["news"]]: Reader<Extract<CardNews, { news: K }>> } = {
  state: fields({ news: oneOf("state"), card: readCard, choices, said: text }),
  past: fields({ news: oneOf("past"), headline: text }),
  gone: fields({ news: oneOf("gone") }),
  refused: fields({ news: oneOf("refused"), why: text }),
  skeleton: fields({ news: oneOf("skeleton"), source: text }),
};
