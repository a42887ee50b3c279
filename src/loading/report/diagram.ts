import type { LayerMark } from "./report.js";

/** A model as boxes and arrows, as plain JSON: what is drawn, and what travels to a front end. */
export interface ModelDiagram {
  readonly name: string;
  readonly className: string;
  readonly parameters: number;
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

export interface DiagramNode {
  /** Unique: a layer's path. */
  readonly id: string;
  readonly label: string;
  /** Class of the layer, or the kinds of ops of a scope. */
  readonly className: string;
  readonly kind: "input" | "layer" | "model" | "output";
  /** Id of the nested model that it is part of; null at the top. */
  readonly parent: string | null;
  /** One for each output; null for a dimension of any size. */
  readonly shapes: readonly (readonly (number | null)[])[];
  readonly parameters: number;
  readonly mark: LayerMark | null;
  /** What a load waits for at this layer; absent where nothing is wrong. */
  readonly fails?: string;
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
}
