import type { Fidelity } from "../layers/registry.js";

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
  readonly title: string;
  readonly where: Place;
  /** What was found. */
  readonly found: string;
  /** Why it happens. */
  readonly why: string;
  /** What Keras itself says about it, by version; empty when Keras is silent. */
  readonly kerasSays: readonly { readonly version: string; readonly message: string }[];
  readonly remedies: readonly Remedy[];
  /** True while the load cannot go on without an answer. */
  readonly blocking: boolean;
  /** The remedy in force, or null. */
  readonly applied: Remedy | null;
}

export interface Place {
  readonly file: string;
  /** `encoder/block_1/attention`. */
  readonly layer?: string;
  /** Path in the container, e.g. `/model_weights/dense`. */
  readonly container?: string;
  readonly byte?: number;
}

/** One way out, offered to the user. Undo restores the session as it was before `apply`. */
export interface Remedy {
  /** Stable within its code, for recipes: `register`, `identity-stub`. */
  readonly id: string;
  readonly title: string;
  readonly fidelity: Fidelity;
  /** What the user types for it, e.g. `%%register_custom MyAttention`. */
  readonly command?: string;
}
