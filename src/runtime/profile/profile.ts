/** Where the time of a computation went: calls of layers and kernels, nested as they ran. Times in milliseconds. */
export interface Profile {
  readonly version: 1;
  readonly backend: string;
  readonly device: string;
  /** From the first line to the last, whatever ran. */
  readonly wall: number;
  /** The most bytes in tensors at one time. */
  readonly peakBytes: number;
  readonly frames: readonly Frame[];
  /** Calls beyond `MOST_FRAMES` are in the tables and not among the frames. */
  readonly leftOut: number;
  readonly layers: readonly LayerRow[];
  readonly kernels: readonly KernelRow[];
}

export interface Frame {
  readonly name: string;
  readonly kind: "model" | "layer" | "kernel";
  /** The class of a layer; the shapes of a kernel's results. */
  readonly detail: string;
  /** From the beginning. */
  readonly start: number;
  readonly duration: number;
  /** Of the tensors that it made, also those that are freed since. */
  readonly bytes: number;
  readonly children: readonly Frame[];
}

export interface KernelRow {
  readonly name: string;
  readonly calls: number;
  readonly milliseconds: number;
  readonly bytes: number;
}

/** A layer without the layers inside it. */
export interface LayerRow extends KernelRow {
  readonly detail: string;
  /** What ran in it, the heaviest first. */
  readonly kernels: readonly KernelRow[];
}

/** A training makes more; a flame view shows no more. */
export const MOST_FRAMES = 5000;

/** What is computed outside of any layer: losses, gradients, weight updates, code of the cell. */
export const OUTSIDE = "outside layers";
