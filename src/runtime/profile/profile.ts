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

/** Sums of the frames by layer and by kernel, the heaviest first. */
export function rowsOf(frames: readonly Frame[]): { layers: LayerRow[]; kernels: KernelRow[] } {
  const layers = new Map<string, { detail: string; own: Sum; kernels: Map<string, Sum> }>();
  const kernels = new Map<string, Sum>();
  const layerOf = (name: string, detail: string) => {
    const known = layers.get(name);
    if (known) return known;
    const made = { detail, own: new Sum(), kernels: new Map<string, Sum>() };
    layers.set(name, made);
    return made;
  };
  const visit = (frame: Frame, layer: string | null): void => {
    if (frame.kind !== "kernel") {
      const inside = frame.kind === "layer" ? frame.name : layer;
      if (frame.kind === "layer") {
        const inner = nested(frame).reduce((sum, { duration }) => sum + duration, 0);
        layerOf(frame.name, frame.detail).own.add(frame.duration - inner, 0);
      }
      for (const child of frame.children) visit(child, inside);
      return;
    }
    const { own, kernels: within } = layerOf(layer ?? OUTSIDE, "");
    sumOf(kernels, frame.name).add(frame.duration, frame.bytes);
    sumOf(within, frame.name).add(frame.duration, frame.bytes);
    own.bytes += frame.bytes;
    // Outside of layers there is nothing but the kernels to be measured.
    if (layer === null) own.add(frame.duration, 0);
  };
  for (const frame of frames) visit(frame, null);
  return {
    layers: [...layers]
      .map(([name, { detail, own, kernels: within }]) => ({
        ...own.row(name),
        detail,
        kernels: heaviest(within),
      }))
      .sort((a, b) => b.milliseconds - a.milliseconds),
    kernels: heaviest(kernels),
  };
}

/** Layers inside a layer, whatever lies between. */
function nested({ children }: Frame): Frame[] {
  return children.flatMap((child) =>
    child.kind === "layer" ? [child] : child.kind === "model" ? nested(child) : [],
  );
}

class Sum {
  calls = 0;
  milliseconds = 0;
  bytes = 0;

  add(milliseconds: number, bytes: number): void {
    this.calls++;
    this.milliseconds += milliseconds;
    this.bytes += bytes;
  }

  row(name: string): KernelRow {
    const { calls, milliseconds, bytes } = this;
    return { name, calls, milliseconds, bytes };
  }
}

function sumOf(sums: Map<string, Sum>, name: string): Sum {
  const sum = sums.get(name) ?? new Sum();
  sums.set(name, sum);
  return sum;
}

function heaviest(sums: ReadonlyMap<string, Sum>): KernelRow[] {
  return [...sums].map(([name, sum]) => sum.row(name)).sort((a, b) => b.milliseconds - a.milliseconds);
}
