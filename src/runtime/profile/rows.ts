import { OUTSIDE, type Frame, type KernelRow, type LayerRow } from "./profile.js";

/** A frame that knows which layer or model ran. */
export interface Ran extends Frame {
  /** Two of one name are apart, and one that is called twice is one; null for a kernel. */
  readonly layer: object | null;
  readonly children: readonly Ran[];
}

/** Sums of the frames by layer and by kernel, the heaviest first. */
export function rowsOf(frames: readonly Ran[]): { layers: LayerRow[]; kernels: KernelRow[] } {
  const layers = new Map<object | null, LayerSum>();
  const kernels = new Map<string, Sum>();
  const sumOfLayer = (layer: object | null, path: readonly string[], detail: string): LayerSum => {
    const sum = layers.get(layer) ?? new LayerSum(path, detail);
    layers.set(layer, sum);
    return sum;
  };
  const visit = (frame: Ran, path: readonly string[], inside: LayerSum | null): void => {
    if (frame.kind === "kernel") {
      const sum = inside ?? sumOfLayer(null, [OUTSIDE], "");
      sumOf(kernels, frame.name).add(frame.duration, frame.bytes);
      sumOf(sum.kernels, frame.name).add(frame.duration, frame.bytes);
      sum.own.bytes += frame.bytes;
      // Outside of layers there is nothing but the kernels to be measured.
      if (!inside) sum.own.add(frame.duration, 0);
      return;
    }
    // A model that predicts calls itself.
    const within = path.at(-1) === frame.name ? path : [...path, frame.name];
    const sum = frame.kind === "layer" ? sumOfLayer(frame.layer, within, frame.detail) : inside;
    if (frame.kind === "layer") sum!.own.add(frame.duration - total(nested(frame)), 0);
    for (const child of frame.children) visit(child, within, sum);
  };
  for (const frame of frames) visit(frame, [], null);
  return { layers: layerRows([...layers.values()]), kernels: heaviest(kernels) };
}

/** Layers inside a layer, whatever lies between. */
function nested({ children }: Frame): Frame[] {
  return children.flatMap((child) =>
    child.kind === "layer" ? [child] : child.kind === "model" ? nested(child) : [],
  );
}

function total(frames: readonly Frame[]): number {
  return frames.reduce((sum, { duration }) => sum + duration, 0);
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

class LayerSum {
  readonly own = new Sum();
  readonly kernels = new Map<string, Sum>();

  constructor(
    /** Names of the models and layers around it, and its own. */
    readonly path: readonly string[],
    readonly detail: string,
  ) {}
}

function layerRows(sums: readonly LayerSum[]): LayerRow[] {
  const names = apart(sums.map(({ path }) => path));
  return sums
    .map(({ own, detail, kernels }, i) => ({ ...own.row(names[i]!), detail, kernels: heaviest(kernels) }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Each path's last name, with as many before it as tell it from the others: `encoder/dense` and `decoder/dense`. */
function apart(paths: readonly (readonly string[])[]): string[] {
  const taken = new Map<string, number>();
  return paths.map((path) => {
    const end = (length: number) => path.slice(-length).join("/");
    const isAlone = (length: number) =>
      paths.filter((other) => other.slice(-length).join("/") === end(length)).length === 1;
    const length = path.findIndex((_, i) => isAlone(i + 1)) + 1;
    if (length > 0) return end(length);
    const whole = end(path.length);
    const nth = (taken.get(whole) ?? 0) + 1;
    taken.set(whole, nth);
    return nth === 1 ? whole : `${whole} (${nth})`;
  });
}

function sumOf(sums: Map<string, Sum>, name: string): Sum {
  const sum = sums.get(name) ?? new Sum();
  sums.set(name, sum);
  return sum;
}

function heaviest(sums: ReadonlyMap<string, Sum>): KernelRow[] {
  return [...sums].map(([name, sum]) => sum.row(name)).sort((a, b) => b.milliseconds - a.milliseconds);
}
