import type { ModelDiagram } from "../../loading/report/diagram.js";
import type { Box, Fold } from "./graph-fold.js";

/** Where everything of a picture stands, in points from the top left, as plain JSON. */
export interface GraphLayout {
  readonly fold: Fold;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly frames: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

export interface PlacedBox {
  /** Of the node, the nested model, or the first of the layers that share the box. */
  readonly id: string;
  /** In words, for a pointer that rests on it and for screen readers. */
  readonly name: string;
  /** A `run` or a closed `model` can be opened, a `frame` closed. */
  readonly kind: Box["kind"] | "frame";
  readonly tone: BoxTone;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly texts: readonly PlacedText[];
}

export interface PlacedText {
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly size: number;
  readonly anchor: "start" | "middle" | "end";
  readonly face: "plain" | "bold" | "italic";
  /** What the box was laid out for; a reader's own font is drawn as wide as that. */
  readonly width: number;
  readonly text: string;
}

export interface PlacedArrow {
  /** Ids of the boxes. */
  readonly from: string;
  readonly to: string;
  /** Path of the line, in SVG's notation; empty where there is none. */
  readonly line: string;
  /** Corners of the head. */
  readonly head: string;
}

/** Kinds of boxes that differ in colour; what each is, its text says too. */
export type BoxTone =
  "end" | "recurrent" | "conv" | "norm" | "dense" | "pool" | "activation" | "plain" | "wrong";

/** A diagram as it travels to a front end, with pictures of it that need no kernel. */
export interface ShownDiagram extends ModelDiagram {
  /** The first is how it is shown at first. */
  readonly layouts: readonly GraphLayout[];
  /** Id of the model in the process that showed it (shown-values.ts), which lays it out folded otherwise. */
  readonly model: string | null;
}
