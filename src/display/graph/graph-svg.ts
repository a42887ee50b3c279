import type { GraphLayout, PlacedArrow, PlacedBox, PlacedText, BoxTone } from "./graph-layout.js";
import { html, type Html } from "../html.js";

const MARGIN = 8;

/** Middle tones with white text on them: they read on white and on black, where a picture sees no theme. */
const FILLS: Readonly<Record<BoxTone, string>> = {
  end: "#55626a",
  recurrent: "#8f6129",
  conv: "#3d6fa8",
  norm: "#7a5fa5",
  dense: "#3f7f55",
  pool: "#a5594f",
  activation: "#786e26",
  plain: "#66727a",
  wrong: "#b53a38",
};
const LINE = "#8a9499";
const FRAME_TEXT = "#7c878d";
const FONT = "Arial,Helvetica,Liberation Sans,sans-serif";

export interface SvgOptions {
  /** In words, what is to be seen. */
  readonly alt: string;
  /** Boxes that fold become buttons; a front end listens to them. */
  readonly live?: boolean;
  /** 1 for a point of the layout on each pixel. */
  readonly zoom?: number;
}

/** The picture. Its colours are attributes, so that style sheets of a front end have the last word. */
export function graphSvg(layout: GraphLayout, { alt, live = false, zoom = 1 }: SvgOptions): Html {
  const width = layout.width + 2 * MARGIN;
  const height = layout.height + 2 * MARGIN;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="loadlab-graph"
    viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}"
    width="${Math.round(width * zoom)}"
    height="${Math.round(height * zoom)}"
    font-family="${FONT}"
    role="${live ? "group" : "img"}"
    aria-label="${alt}"
  >
    ${layout.frames.map((frame) => frameSvg(frame, live))} ${layout.arrows.map(arrowSvg)}
    ${layout.frames.map(frameTitle)} ${layout.boxes.map((box) => boxSvg(box, live))}
  </svg>`;
}

function boxSvg(box: PlacedBox, live: boolean): Html {
  const { x, y, width, height, tone, kind, texts } = box;
  const isWrong = tone === "wrong";
  const shapes = html`<title>${box.name}</title>
    ${
      kind === "node"
        ? null
        : html`<rect
            class="loadlab-box-behind"
            x="${x + 3}"
            y="${y + 3}"
            width="${width}"
            height="${height}"
            rx="5"
            fill="${FILLS[tone] ?? FILLS.plain}"
            fill-opacity="0.45"
          />`
    }
    <rect
      x="${x}"
      y="${y}"
      width="${width}"
      height="${height}"
      rx="5"
      fill="${FILLS[tone] ?? FILLS.plain}"
      stroke="${isWrong ? "#ff7b72" : LINE}"
      stroke-width="${isWrong ? 3 : 0.8}"
    />
    ${texts.map((text) => textSvg(text, "#ffffff"))}`;
  return group(box, `loadlab-box loadlab-box-${tone}`, live && kind !== "node" ? "false" : null, shapes);
}

function frameSvg(frame: PlacedBox, live: boolean): Html {
  const { x, y, width, height } = frame;
  const shapes = html`<title>${frame.name}</title>
    <rect
      x="${x}"
      y="${y}"
      width="${width}"
      height="${height}"
      rx="8"
      fill="${LINE}"
      fill-opacity="0.07"
      stroke="${LINE}"
      stroke-dasharray="4 3"
    />`;
  return group(frame, "loadlab-frame", live ? "true" : null, shapes);
}

/** Above the arrows that run into the frame; what is pressed is the frame below. */
function frameTitle({ texts }: PlacedBox): Html {
  return html`<g class="loadlab-frame-title" pointer-events="none">
    ${texts.map((text) => textSvg(text, FRAME_TEXT))}
  </g>`;
}

/** @param expanded null for what does not fold */
function group(
  { id, name, kind }: PlacedBox,
  className: string,
  expanded: "true" | "false" | null,
  shapes: Html,
): Html {
  if (expanded === null) return html`<g class="${className}">${shapes}</g>`;
  return html`<g
    class="${className}"
    data-fold="${kind}"
    data-id="${id}"
    tabindex="0"
    role="button"
    aria-expanded="${expanded}"
    aria-label="${name}"
    >${shapes}</g
  >`;
}

/** Graphviz lays out for Arial; where that is missing, another font is drawn as wide, so that it stays in its box. */
function textSvg({ x, y, size, anchor, face, width, text }: PlacedText, fill: string): Html {
  return html`<text
    x="${x}"
    y="${y}"
    font-size="${size}"
    text-anchor="${anchor}"
    textLength="${width}"
    lengthAdjust="spacingAndGlyphs"
    font-weight="${face === "bold" ? "bold" : "normal"}"
    font-style="${face === "italic" ? "italic" : "normal"}"
    fill="${fill}"
    >${text}</text
  >`;
}

function arrowSvg({ line, head }: PlacedArrow): Html {
  return html`<g class="loadlab-arrow">
    <path d="${line}" fill="none" stroke="${LINE}" />
    <polygon points="${head}" fill="${LINE}" stroke="${LINE}" />
  </g>`;
}
