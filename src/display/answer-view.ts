import * as tf from "@tensorflow/tfjs";
import { LoadSession } from "../loading/session.js";
import { isLoadedGraph } from "../loading/report/summarize-graph.js";
import type { Fold } from "./graph/graph-fold.js";
import { layoutGraph } from "./graph/layout-graph.js";
import { layerDetail } from "./summary/describe-layer.js";
import { type Drawable, diagramOf } from "./graph/show-graph.js";
import type { ShownTensor } from "./tensor/tensor-bundle.js";
import { planePicture, planesOf } from "./tensor/tensor-planes.js";
import { tensorReport } from "./tensor/tensor-report.js";
import { sliceOf } from "./tensor/tensor-slice.js";

type Parameters = Readonly<Record<string, unknown>>;

/** What a front end may ask about a value that was shown, by name. */
const ANSWERS: Readonly<Record<string, (value: object, parameters: Parameters) => Promise<unknown>>> = {
  /** `{ path }`: the config and weights of a layer. */
  async layer(value, { path }) {
    if (!(value instanceof tf.LayersModel)) throw new Error("This has no layers.");
    const detail = await layerDetail(value, String(path));
    if (detail === null) throw new Error(`The model has no layer ${String(path)} any more.`);
    return detail;
  },
  /** `{ closed, opened }`: the picture of a model, folded so. */
  async layout(value, parameters) {
    const isDrawable =
      value instanceof tf.LayersModel || value instanceof LoadSession || isLoadedGraph(value);
    const diagram = isDrawable ? diagramOf(value as Drawable) : null;
    if (diagram === null) throw new Error("There is nothing to draw any more.");
    return layoutGraph(diagram, foldIn(parameters));
  },
  /** `{ index }`, as in NumPy: part of a tensor. */
  async slice(value, { index }) {
    const { values, shape, dtype } = await read(value);
    const part = sliceOf(values, shape, String(index), dtype === "complex64" ? 2 : 1);
    return tensorReport(part.values, part.shape, dtype);
  },
  /** `{ image, channel }`: one plane of a tensor as a picture. */
  async plane(value, { image, channel }) {
    const { values, shape, dtype } = await read(value);
    if (planesOf(shape, dtype) === null) throw new Error("This tensor is no stack of pictures.");
    return planePicture(values as ArrayLike<number>, shape, Number(image), Number(channel));
  },
};

/** @throws Error in words for the reader */
export async function answerView(value: object, question: string, parameters: Parameters): Promise<unknown> {
  const answer = Object.hasOwn(ANSWERS, question) ? ANSWERS[question]! : null;
  if (answer === null) throw new Error(`This version of loadlab does not know the question ${question}.`);
  return answer(value, parameters);
}

function foldIn({ closed, opened }: Parameters): Fold {
  const ids = (list: unknown) => (Array.isArray(list) ? list.map(String) : []);
  return { closed: ids(closed), opened: ids(opened) };
}

async function read(value: object) {
  const tensor = value as ShownTensor;
  if (typeof tensor.data !== "function") throw new Error("This is no tensor.");
  if (tensor.isDisposed) throw new Error("The tensor was disposed: its memory was given back.");
  return { values: await tensor.data(), shape: tensor.shape, dtype: tensor.dtype };
}
