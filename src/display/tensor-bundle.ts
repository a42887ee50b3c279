import { foldedText } from "./folded-text.js";
import { html } from "./html.js";
import { numpyText } from "./numpy-text.js";
import { pngOf } from "./png.js";
import { STYLE } from "./style.js";
import { pictureOf } from "./tensor-picture.js";
import { statisticsText } from "./tensor-statistics.js";

/** What is needed of a `tf.Tensor` to show it. */
export interface ShownTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  data(): Promise<ArrayLike<unknown>>;
}

type Bundle = Record<string, string>;

/**
 * A tensor as a MIME bundle: type, shape, statistics and values as NumPy prints them; one that holds a picture
 * (tensor-picture.ts) shows it too.
 */
export async function tensorBundle(tensor: ShownTensor): Promise<Bundle> {
  const { shape, dtype } = tensor;
  const heading = `Tensor ${dtype} [${shape.join(", ")}]`;
  if (tensor.isDisposed) return { "text/plain": `${heading} (disposed)` };
  // data(), not dataSync(): the WebGPU back end has no synchronous reads in Node.
  const values = await tensor.data();
  const about = [heading, statisticsText(values, dtype)].filter(Boolean).join("  ");
  const printed = numpyText(values, shape, dtype);
  const text = `${about}\n${printed}`;
  const picture = pictureOf(values, shape, dtype);
  if (!picture) return { "text/plain": text, ...folded(text) };
  const source = `data:image/png;base64,${pngOf(picture).toString("base64")}`;
  return {
    "text/plain": text,
    "text/html": html`<div>
      <div style="${STYLE.subtitle}">${about.replaceAll("  ", " · ")}</div>
      <img src="${source}" width="${picture.width}" height="${picture.height}" alt="${heading}" />
      <details>
        <summary style="${STYLE.summary}">Values</summary>
        <pre style="${STYLE.bare}">${printed}</pre>
      </details>
    </div>`.text,
  };
}

function folded(text: string): Bundle {
  const html = foldedText(text);
  return html === null ? {} : { "text/html": html };
}
