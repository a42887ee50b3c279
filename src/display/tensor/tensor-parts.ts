import { histogramPicture } from "./histogram-picture.js";
import { foldedLines } from "../folded-text.js";
import { html, type Html } from "../html.js";
import { STYLE } from "../style.js";
import type { TensorPicture, TensorReport } from "./shown-tensor.js";

/** The parts of a shown tensor that the static HTML and the live view share. */

export function tensorHead({ heading, statistics, histogram }: TensorReport): Html {
  const about = statistics === "" ? "" : ` · ${statistics.replaceAll("  ", " · ")}`;
  return html`<div style="${STYLE.subtitle}">
    <span style="${STYLE.bare}">${heading}</span
    >${about}${histogram && html` &ensp;${histogramPicture(histogram)}`}
  </div>`;
}

export function tensorPicture({ png, width, height }: TensorPicture, alt: string): Html {
  const source = `data:image/png;base64,${png}`;
  return html`<img
    src="${source}"
    width="${width}"
    height="${height}"
    alt="${alt}"
    style="max-width:none"
  />`;
}

/** Behind a click where there is a picture, which says more. */
export function tensorValues({ printed, picture }: TensorReport): Html {
  if (picture)
    return html`<details>
      <summary style="${STYLE.summary}">Values</summary>
      <pre style="${STYLE.bare};margin:0;white-space:pre;overflow-x:auto">${printed}</pre>
    </details>`;
  return foldedLines(printed);
}
