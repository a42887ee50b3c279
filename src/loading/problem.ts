import type { Fidelity } from "../layers/fidelity.js";

/** The steps of a load, in order. Each can pause. */
export const STEPS = [
  "identify",
  "read",
  "configure",
  "resolve",
  "connect",
  "bind",
  "train",
  "verify",
] as const;
export type Step = (typeof STEPS)[number];

/** One thing that is wrong or was adjusted, at one place. */
export interface Problem {
  /** Code of the taxonomy (docs/problems), e.g. `C01`. */
  readonly code: string;
  readonly step: Step;
  /**
   * Its number on the card and in `%step fix 3`, from 1: given when it first waits, and never to another problem of
   * the session. Absent for what never waited.
   */
  readonly number?: number;
  /** What a decision about it refers to: the unknown class, or the layer's path. With the code it is unique. */
  readonly subject: string;
  readonly title: string;
  readonly where: Place;
  /** What was found. */
  readonly found: string;
  /** Why it happens. */
  readonly why: string;
  /** What to do where no remedy fits; empty where the remedies say it all. */
  readonly advice: string;
  /** What Keras itself says about it, by version; empty when Keras is silent. */
  readonly kerasSays: readonly { readonly version: string; readonly message: string }[];
  /** What is known about the layer in question; null when no layer is. */
  readonly evidence: LayerEvidence | null;
  readonly remedies: readonly Remedy[];
  /** Model and file side by side, where their weights do not match; else absent. */
  readonly alignment?: readonly AlignmentRow[];
  /** A drafted architecture as JSON, where the file has none; else absent. */
  readonly draft?: string;
  /** True while the load cannot go on without an answer. */
  readonly blocking: boolean;
  /** The remedy in force, or null. */
  readonly applied: Remedy | null;
  /** True for what the Keras that wrote the file reads as it stands: a note about other versions. Else absent. */
  readonly ordinary?: boolean;
}

export interface Place {
  readonly file: string;
  /** `encoder/block_1/attention`. */
  readonly layer?: string;
  /** The paths of all, where `layer` names the first and counts the others. */
  readonly layers?: readonly string[];
  /** Path in the container, e.g. `/model_weights/dense`. */
  readonly container?: string;
  readonly byte?: number;
}

/** What the file knows about a layer, for someone who has to write it again. */
export interface LayerEvidence {
  readonly className: string;
  readonly path: string;
  /** The saved arguments in a short form, never whole: `units=16, use_bias=true`. */
  readonly config: string;
  readonly weights: readonly WeightEvidence[];
  /** Layers whose outputs this one is called on, with the shapes that reach it where they are known. */
  readonly upstream: readonly Neighbour[];
  /** Layers that are called on its output. */
  readonly downstream: readonly Neighbour[];
  /** The file has lost weights: what this layer has none of, it may have had. */
  readonly hasLost?: boolean;
}

/** A layer of the model beside the stored weights that go with it; null where the other side has none. */
export interface AlignmentRow {
  readonly model: AlignedLayer | null;
  readonly file: AlignedLayer | null;
  /**
   * `same`; `name`: only the names differ; `layout`: the shapes agree after a known change of axes; `shape`: they do
   * not agree; `model` and `file`: only that side has it.
   */
  readonly difference: "same" | "name" | "layout" | "shape" | "model" | "file";
}

export interface AlignedLayer {
  readonly name: string;
  readonly shapes: readonly (readonly (number | null)[])[];
}

export interface WeightEvidence {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface Neighbour {
  readonly path: string;
  readonly className: string;
  /** Null in it stands for the batch and other free dimensions; null when the shape is not known yet. */
  readonly shape: readonly (number | null)[] | null;
}

/** One way out, offered to the user. Undo restores the session as it was before it was applied. */
export interface Remedy {
  /** Stable within its code, for recipes: `register`, `identity-stub`. */
  readonly id: string;
  readonly title: string;
  readonly fidelity: Fidelity;
  /** What it needs to be given, e.g. `PATH`; absent where it needs nothing. */
  readonly needs?: string;
  /** What it is given where the user gives nothing: the likeliest answer. */
  readonly suggestion?: string;
  /** The answer may be another model altogether: only who asks for this remedy by its name gets it. */
  readonly isGuess?: boolean;
  /** What is agreed to with it, where that is more than its id says: a translation. Recipes keep it. */
  readonly accepted?: string;
  /** What the user types for it, e.g. `%%register_custom MyAttention`. */
  readonly command?: string;
  /** The same as a call in a script. */
  readonly code?: string;
}

/** A remedy that was taken, as recipes keep it: plain data that replays on the same file. */
export interface Decision {
  readonly code: string;
  readonly subject: string;
  readonly remedy: string;
  /** What the remedy was given: the path of a file, a shape, arguments as JSON; or what was accepted, a translation. */
  readonly argument?: string;
}
