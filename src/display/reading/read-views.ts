import type { DiagramNode, ModelDiagram } from "../../loading/report/diagram.js";
import type { LayerMark } from "../../loading/report/report.js";
import type { Fold } from "../graph/graph-fold.js";
import type { GraphLayout, PlacedArrow, PlacedBox, PlacedText } from "../graph/graph-layout.js";
import type { ConfigEntry, LayerDetail, WeightDetail } from "../summary/layer-detail.js";
import type { ShownDiagram } from "../graph/graph-layout.js";
import type { ShownSummary, SummaryExtras } from "../summary/model-summary.js";
import {
  fields,
  flag,
  list,
  nullable,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from "./read-json.js";
import { readSummary } from "./read-report.js";
import type { PlanePicture, Planes } from "../tensor/shown-tensor.js";
import type { ShownTensorReport, TensorPicture, TensorReport } from "../tensor/shown-tensor.js";
import type { Histogram, Statistics } from "../tensor/tensor-statistics.js";

/** Readers of what the kernel shows about models and tensors, for front ends that find it in a notebook. */

const shape = list(nullable(number));

const statistics = fields<Statistics>({
  min: number,
  max: number,
  mean: number,
  std: number,
  notFinite: number,
});
const histogram = fields<Histogram>({ from: number, to: number, counts: list(number) });

export const readLayerDetail = fields<LayerDetail>({
  config: list(fields<ConfigEntry>({ name: text, value: text })),
  weights: list(
    fields<WeightDetail>({
      name: text,
      shape,
      dtype: text,
      trainable: flag,
      statistics: nullable(statistics),
      histogram: nullable(histogram),
    }),
  ),
  moreWeights: number,
});

const summaryExtras = fields<SummaryExtras>({
  details: optional(record(readLayerDetail)),
  model: optional(nullable(text)),
  variable: optional(nullable(text)),
});

/** Outputs of earlier versions have neither details nor an id nor a variable. */
export const readShownSummary: Reader<ShownSummary> = (value) => {
  const { details = {}, model = null, variable = null } = summaryExtras(value);
  return { ...readSummary(value), details, model, variable };
};

const placedText = fields<PlacedText>({
  x: number,
  y: number,
  size: number,
  anchor: oneOf("start", "middle", "end"),
  face: oneOf("plain", "bold", "italic"),
  width: number,
  text,
});

const placedBox = fields<PlacedBox>({
  id: text,
  name: text,
  kind: oneOf("node", "model", "run", "frame"),
  tone: oneOf("end", "recurrent", "conv", "norm", "dense", "pool", "activation", "plain", "wrong"),
  x: number,
  y: number,
  width: number,
  height: number,
  texts: list(placedText),
});

export const readLayout = fields<GraphLayout>({
  fold: fields<Fold>({ closed: list(text), opened: list(text) }),
  width: number,
  height: number,
  boxes: list(placedBox),
  frames: list(placedBox),
  arrows: list(fields<PlacedArrow>({ from: text, to: text, line: text, head: text })),
});

const node = fields<DiagramNode>({
  id: text,
  label: text,
  className: text,
  kind: oneOf("input", "layer", "model", "output"),
  parent: nullable(text),
  shapes: list(shape),
  parameters: number,
  mark: nullable(
    fields<LayerMark>({
      kind: oneOf("stub", "custom", "translated"),
      fidelity: oneOf("exact", "equivalent", "approximate", "stub"),
      detail: text,
    }),
  ),
  fails: optional(text),
});

const diagram = fields<ModelDiagram>({
  name: text,
  className: text,
  parameters: number,
  nodes: list(node),
  edges: list(fields<{ from: string; to: string }>({ from: text, to: text })),
});

const drawn = fields<{ layouts: readonly GraphLayout[]; model: string | null }>({
  layouts: list(readLayout),
  model: nullable(text),
});

export const readShownDiagram: Reader<ShownDiagram> = (value) => ({ ...diagram(value), ...drawn(value) });

export const readTensorReport = fields<TensorReport>({
  heading: text,
  shape: list(number),
  dtype: text,
  statistics: text,
  histogram: nullable(histogram),
  printed: text,
  picture: nullable(fields<TensorPicture>({ png: text, width: number, height: number })),
  planes: nullable(fields<Planes>({ images: number, channels: number })),
});

const tensorId = fields<{ tensor: string | null }>({ tensor: nullable(text) });

export const readShownTensor: Reader<ShownTensorReport> = (value) => ({
  ...readTensorReport(value),
  ...tensorId(value),
});

export const readPlane = fields<PlanePicture>({ png: text, width: number, height: number, about: text });
