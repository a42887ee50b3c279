import type { Fidelity } from "../../layers/fidelity.js";
import type { Decision, Problem, Step } from "../problem.js";

/** A load as it stands, as plain JSON: what the card shows, and what travels to a front end. */
export interface LoadReport {
  /** Id of the session in its process. */
  readonly session: string;
  readonly file: FileReport;
  readonly state: LoadState;
  readonly steps: readonly StepReport[];
  /** Those that wait for an answer; `%step fix 1` means the first. */
  readonly waiting: readonly Problem[];
  /** Those with a remedy in force, and those that need none. */
  readonly settled: readonly Problem[];
  /** What the user decided so far, in order: the recipe. */
  readonly decisions: readonly Decision[];
  /** What else is to be said: what was left out, what a recipe had that fits nothing. */
  readonly notes: readonly string[];
  /** Null until the model stands. */
  readonly summary: ModelSummary | null;
}

/**
 * `waiting` for a decision, `paused` because every step pauses, `loaded`, `refused` because nothing that the user
 * can answer helps, `aborted` by the user.
 */
export type LoadState = "waiting" | "paused" | "loaded" | "refused" | "aborted";

export interface FileReport {
  readonly path: string;
  /** Null while the file is not identified. */
  readonly format: string | null;
  readonly kerasVersion: string | null;
  readonly backend: string | null;
  /** In bytes; null when it cannot be read. */
  readonly size: number | null;
}

export interface StepReport {
  readonly step: Step;
  readonly state: "done" | "here" | "failed" | "ahead";
  /** What the step did or waits for, in a few words; empty while ahead. */
  readonly note: string;
  /** What it read and decided, in a session that pauses at every step; else absent. */
  readonly told?: Told;
}

/** What a step read and decided, for someone who looks on: a few lines, each `what: how it is`. */
export type Told = readonly { readonly label: string; readonly text: string }[];

/** A model as a table, in the order in which its layers run. */
export interface ModelSummary {
  readonly name: string;
  readonly className: string;
  /** Where it came from; null for a model made in the notebook. */
  readonly origin: ModelOrigin | null;
  readonly inputs: readonly TensorReport[];
  readonly outputs: readonly TensorReport[];
  readonly layers: readonly LayerReport[];
  readonly parameters: {
    readonly total: number;
    readonly trainable: number;
    readonly nonTrainable: number;
    /** In memory. */
    readonly bytes: number;
  };
}

export interface ModelOrigin {
  readonly file: FileReport;
  /** The rung of the ladder that was taken: `layers`, or `graph` for a graph of operations. */
  readonly rung: "layers" | "graph";
  /** Problems that were settled on the way. */
  readonly settled: readonly Problem[];
  /** Keras does more than was restored here, e.g. `The optimizer was left out.` */
  readonly notes: readonly string[];
}

export interface TensorReport {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

export interface LayerReport {
  /** Names from the root, `encoder/dense_1`. */
  readonly path: string;
  readonly name: string;
  /** 0 for a layer of the model itself, 1 inside a nested model, ... */
  readonly depth: number;
  readonly className: string;
  /** One shape for each output. */
  readonly outputShapes: readonly (readonly (number | null)[])[];
  readonly parameters: number;
  readonly trainable: boolean;
  /** Names of the layers whose outputs it is called on. */
  readonly connectedTo: readonly string[];
  /** How the layer came to be where it is not simply Keras's own. */
  readonly mark: LayerMark | null;
}

/** What the mark of a layer says that the user registered a class or function for. */
export const REGISTERED = "registered by you";

export interface LayerMark {
  /**
   * `stub` computes something else than the saved layer did; `custom` was registered by the user; `translated` was
   * a Python function.
   */
  readonly kind: "stub" | "custom" | "translated";
  readonly fidelity: Fidelity;
  readonly detail: string;
}
