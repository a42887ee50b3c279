import { TENSOR } from "../bundle.js";
import { html } from "../html.js";
import { rememberShown } from "../shown-values.js";
import { tensorHead, tensorPicture, tensorValues } from "./tensor-parts.js";
import type { ShownTensorReport, TensorReport } from "./shown-tensor.js";
import { headingOf, tensorReport } from "./tensor-report.js";

/** What is needed of a `tf.Tensor` to show it. */
export interface ShownTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  data(): Promise<ArrayLike<unknown>>;
}

/** Tensors with fewer elements are told by their text alone. */
const TOLD_BY_TEXT = 2;
/** Tensors with fewer elements have no picture of how their values are spread in static HTML. */
const SPREAD = 32;

/**
 * A tensor as a MIME bundle: type, shape, statistics and values as NumPy prints them; one that holds a picture
 * (tensor-picture.ts) shows it too. The JSON lets a front end ask for parts of it while it lives.
 */
export async function tensorBundle(tensor: ShownTensor): Promise<Record<string, unknown>> {
  const { shape, dtype } = tensor;
  if (tensor.isDisposed) return { "text/plain": `${headingOf(shape, dtype)} (disposed)` };
  // data(), not dataSync(): a GPU is not waited for while others could go on.
  const report = tensorReport(await tensor.data(), shape, dtype);
  const text = [[report.heading, report.statistics].filter(Boolean).join("  "), report.printed].join("\n");
  const size = shape.reduce((product, length) => product * length, 1);
  if (size < TOLD_BY_TEXT) return { "text/plain": text };
  const shown: ShownTensorReport = { ...report, tensor: rememberShown(tensor) };
  const isLong = text.split("\n").length > 60;
  const needsHtml = report.picture !== null || isLong || (report.histogram !== null && size >= SPREAD);
  return {
    "text/plain": text,
    ...(needsHtml ? { "text/html": tensorHtml(report) } : {}),
    [TENSOR]: shown,
  };
}

function tensorHtml(report: TensorReport): string {
  const { picture, heading } = report;
  return html`<div class="loadlab-tensor">
    ${tensorHead(report)} ${picture && html`<div>${tensorPicture(picture, `Picture of ${heading}`)}</div>`}
    ${tensorValues(report)}
  </div>`.text;
}
