import { html, type Html } from "../html.js";
import { STYLE } from "../style.js";
import { tensorHead, tensorPicture, tensorValues } from "./tensor-parts.js";
import type { PlanePicture } from "./shown-tensor.js";
import type { ShownTensorReport, TensorReport } from "./shown-tensor.js";

/** A tensor as a front end shows it live: parts of it can be asked for while it lives. */

export interface TensorState {
  /** What the index picked; null for the whole tensor. */
  readonly slice: TensorReport | null;
  /** The channel of the image that is looked at; null before one was asked for. */
  readonly plane: { readonly image: number; readonly channel: number; readonly picture: PlanePicture } | null;
  /** In words, what is going on or went wrong; empty for nothing. */
  readonly status: string;
}

/** Smaller tensors are seen whole. */
const SLICED = 12;

export function liveTensor(report: ShownTensorReport, state: TensorState, canAsk: boolean): Html {
  const shown = state.slice ?? report;
  const size = report.shape.reduce((product, length) => product * length, 1);
  const { heading } = report;
  return html`<div class="loadlab-tensor">
    ${tensorHead(report)}
    ${report.picture && html`<div class="loadlab-wide" tabindex="0" role="region" aria-label="Picture">${tensorPicture(report.picture, `Picture of ${heading}`)}</div>`}
    ${canAsk && size >= SLICED && report.shape.length > 0 ? tools(report, state) : null}
    ${
      state.plane &&
      html`<div>
        ${tensorPicture(state.plane.picture, state.plane.picture.about)}
        <div style="${STYLE.subtitle}">${state.plane.picture.about}</div>
      </div>`
    }
    ${state.slice && html`<div>${tensorHead(state.slice)}</div>`}
    <div class="loadlab-wide" tabindex="0" role="region" aria-label="Values">
      ${tensorValues(state.slice ? { ...shown, picture: null } : shown)}
    </div>
  </div>`;
}

function tools({ shape, planes }: ShownTensorReport, { plane, status }: TensorState): Html {
  const last = (size: number) => size - 1;
  return html`<div class="loadlab-tools">
    <label
      >Index
      <input
        type="text"
        data-change="index"
        size="14"
        placeholder="${shape.map((_, axis) => (axis === 0 ? "0" : ":")).join(", ")}"
        title="As in NumPy: 0, :, -1 or 2:10. Empty for the whole tensor."
    /></label>
    ${
      planes === null
        ? null
        : html`${
              planes.images > 1
                ? html`<label
                    >Image
                    <input
                      type="number"
                      data-change="image"
                      min="0"
                      max="${last(planes.images)}"
                      value="${plane?.image ?? 0}"
                  /></label>`
                : null
            }
            ${
              planes.channels > 1
                ? html`<label
                    >Channel
                    <input
                      type="number"
                      data-change="channel"
                      min="0"
                      max="${last(planes.channels)}"
                      value="${plane?.channel ?? 0}"
                  /></label>`
                : null
            }
            <button type="button" class="loadlab-button" data-act="plane">
              ${plane ? "Hide the picture" : "Show as a picture"}
            </button>`
    }
    <span class="loadlab-status" role="status">${status}</span>
  </div>`;
}
