/** A layer with weights, on either side: its name and the shapes of its weights in order. */
export interface Alignable {
  readonly name: string;
  readonly shapes: readonly (readonly (number | null)[])[];
}

export interface AlignedPair {
  /** Index on the model's side, null where the file alone has it. */
  readonly model: number | null;
  /** Index on the file's side, null where the model alone has it. */
  readonly file: number | null;
}

/**
 * Puts the layers of a model beside those of a file: the longest common subsequence by shapes, names deciding where
 * several fit, then what is left by name and shapes wherever it stands.
 */
export function alignLayers(model: readonly Alignable[], file: readonly Alignable[]): AlignedPair[] {
  const pairs = inOrder(model, file);
  const usedFile = new Set(pairs.map((pair) => pair.file));
  const usedModel = new Set(pairs.map((pair) => pair.model));
  const moved = new Map<number, number>();
  for (const [i, layer] of model.entries()) {
    if (usedModel.has(i)) continue;
    const fitting = file.flatMap((stored, k) =>
      !usedFile.has(k) && ![...moved.values()].includes(k) && likeness(layer, stored) >= SHAPES ? [k] : [],
    );
    const named = fitting.find((k) => file[k]!.name === layer.name);
    const chosen = named ?? (fitting.length === 1 ? fitting[0] : undefined);
    if (chosen !== undefined) moved.set(i, chosen);
  }
  for (const pair of inOrderOfWhatIsLeft(model, file, pairs, moved)) moved.set(pair.model, pair.file);
  return merged(model.length, file.length, pairs, moved);
}

/** Pairs of the same shapes among the layers that have none yet, in their order. */
function inOrderOfWhatIsLeft(
  model: readonly Alignable[],
  file: readonly Alignable[],
  pairs: readonly { readonly model: number; readonly file: number }[],
  moved: ReadonlyMap<number, number>,
): { model: number; file: number }[] {
  const usedModel = new Set([...pairs.map((pair) => pair.model), ...moved.keys()]);
  const usedFile = new Set([...pairs.map((pair) => pair.file), ...moved.values()]);
  const models = [...model.keys()].filter((i) => !usedModel.has(i));
  const files = [...file.keys()].filter((k) => !usedFile.has(k));
  return inOrder(
    models.map((i) => model[i]!),
    files.map((k) => file[k]!),
  )
    .map((pair) => ({ model: models[pair.model]!, file: files[pair.file]! }))
    .filter((pair) => sameShapes(model[pair.model]!.shapes, file[pair.file]!.shapes));
}

/**
 * The file's layer for each of the model's where the shapes leave no choice: both sides have the same ones, and no
 * two layers of a side are alike. Null where they leave one.
 */
export function pairedByShapesAlone(
  model: readonly Alignable[],
  file: readonly Alignable[],
): readonly number[] | null {
  const places = new Map(file.map(({ shapes }, k) => [JSON.stringify(shapes), k]));
  const found = model.map(({ shapes }) => places.get(JSON.stringify(shapes)));
  const pairs = found.filter((k) => k !== undefined);
  return new Set(pairs).size === model.length && model.length === file.length ? pairs : null;
}

/** Beyond this only names and shapes pair layers, whatever their order. */
const MOST_CELLS = 1 << 24;
const SHAPES = 4;
const NAME = 3;
const PERMUTED = 2;

/** 0 where two layers have nothing in common. */
function likeness(a: Alignable, b: Alignable): number {
  const exact = sameShapes(a.shapes, b.shapes);
  const permuted = !exact && permutedShapes(a.shapes, b.shapes);
  const shapes = exact ? SHAPES : permuted ? PERMUTED : 0;
  const name = a.name === b.name ? NAME : stem(a.name) === stem(b.name) ? 1 : 0;
  // A name alone pairs only layers of as many weights: their shapes then tell what differs.
  if (shapes === 0) return name === NAME && a.shapes.length === b.shapes.length ? 1 : 0;
  return shapes + name;
}

/** `block1/conv_2` to `conv`. */
function stem(name: string): string {
  return name.replace(/^.*\//, "").replace(/[_-]?\d+$/, "");
}

export function sameShapes(a: Alignable["shapes"], b: Alignable["shapes"]): boolean {
  return a.length === b.length && a.every((shape, i) => sameShape(shape, b[i]!));
}

function sameShape(a: readonly (number | null)[], b: readonly (number | null)[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** The same lengths in another order of axes. */
export function permutedShapes(a: Alignable["shapes"], b: Alignable["shapes"]): boolean {
  const sorted = (shape: readonly (number | null)[]) => shape.map((n) => n ?? -1).sort((x, y) => x - y);
  return a.length === b.length && a.every((shape, i) => sameShape(sorted(shape), sorted(b[i]!)));
}

/** The pairs of greatest likeness in all that do not cross. */
function inOrder(model: readonly Alignable[], file: readonly Alignable[]): { model: number; file: number }[] {
  if (model.length * file.length > MOST_CELLS) return [];
  const width = file.length + 1;
  const best = new Float64Array((model.length + 1) * width);
  for (let i = model.length - 1; i >= 0; i--) {
    for (let k = file.length - 1; k >= 0; k--) {
      const like = likeness(model[i]!, file[k]!);
      const skip = Math.max(best[(i + 1) * width + k]!, best[i * width + k + 1]!);
      best[i * width + k] = like > 0 ? Math.max(skip, like + best[(i + 1) * width + k + 1]!) : skip;
    }
  }
  const pairs: { model: number; file: number }[] = [];
  for (let i = 0, k = 0; i < model.length && k < file.length;) {
    const here = best[i * width + k]!;
    const like = likeness(model[i]!, file[k]!);
    if (like > 0 && here === like + best[(i + 1) * width + k + 1]!) pairs.push({ model: i++, file: k++ });
    else if (here === best[(i + 1) * width + k]!) i++;
    else k++;
  }
  return pairs;
}

/** All layers of both sides in one list, each in its side's order as far as the pairs allow. */
function merged(
  models: number,
  files: number,
  pairs: readonly { readonly model: number; readonly file: number }[],
  moved: ReadonlyMap<number, number>,
): AlignedPair[] {
  const rows: AlignedPair[] = [];
  const late = new Set(moved.values());
  let i = 0;
  let k = 0;
  const upTo = (model: number, file: number): void => {
    for (; i < model; i++) rows.push({ model: i, file: moved.get(i) ?? null });
    for (; k < file; k++) if (!late.has(k)) rows.push({ model: null, file: k });
  };
  for (const pair of pairs) {
    upTo(pair.model, pair.file);
    rows.push(pair);
    i = pair.model + 1;
    k = pair.file + 1;
  }
  upTo(models, files);
  return rows;
}

/** The rows of pairs that are given by name: the model's layers in their order, then what is left of the file. */
export function pairedLayers(
  model: readonly Alignable[],
  file: readonly Alignable[],
  pairs: ReadonlyMap<string, string>,
): AlignedPair[] {
  const places = new Map(file.map(({ name }, i) => [name, i]));
  const rows: AlignedPair[] = model.map(({ name }, i) => ({
    model: i,
    file: places.get(pairs.get(name) ?? "") ?? null,
  }));
  const taken = new Set(rows.map((row) => row.file));
  return [...rows, ...file.flatMap((_, i) => (taken.has(i) ? [] : [{ model: null, file: i }]))];
}
