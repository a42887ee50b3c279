import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import nodePath from "node:path";
import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { ComputedLayer } from "../layers/computed-layer.js";
import { dtypePolicy } from "../layers/quantized/dtype-policy.js";
import { KerasOptimizer } from "../training/optimizers/keras-optimizer.js";
import { isEditedModule, isOurModule, signed } from "./python-signature.js";
import { keras3ReadsH5 } from "./keras3-reads-h5.js";
import type { Target } from "./layer-config.js";
import { maskDifferences } from "./mask-differences.js";
import { pythonSkeletons } from "./python-skeletons.js";
import { kerasHdf5 } from "./save-h5.js";
import { kerasArchive, kerasWeights } from "./save-keras.js";
import { optimizerConfig } from "./save-optimizer.js";
import { tfjsModel } from "./save-tfjs.js";
import { type ModelParts, partsOf } from "./saved-model-parts.js";

export interface SaveOptions {
  /** Replace files that are there. Default false. */
  readonly overwrite?: boolean;
}

/** What was written. */
export interface Saved {
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** What a reader of the files has to know. */
  readonly notes: readonly string[];
}

/**
 * Saves a model of layers: `.keras` for Keras 3 with the optimizer's state, `.h5` in Keras 2's layout,
 * `.json` with a `.bin` beside it for TensorFlow.js, `.weights.h5` with the weights alone. A `.py` file beside it has a
 * class for each layer that Keras does not know; one that was edited since it was written here is never replaced. Files
 * appear whole or not at all.
 * @throws RangeError for another ending, or a file that is there already
 * @throws TypeError for a model that cannot be saved
 */
export async function saveModel(
  model: tf.LayersModel,
  path: string,
  options: SaveOptions = {},
): Promise<Saved> {
  const parts = partsOf(model);
  const ending = WEIGHTS.exec(path)?.[0].toLowerCase() ?? nodePath.extname(path).toLowerCase();
  const { files, notes } = await contents(model, parts, path, ending);
  const names = Object.keys(files);
  const there = names.filter((name) => existsSync(name) && !isOurModule(name));
  if (there.length > 0 && options.overwrite !== true) {
    throw new RangeError(`${there.join(" and ")} ${there.length === 1 ? "is" : "are"} there already.`);
  }
  await writeWhole(files);
  const written = names.map((name) => ({ path: name, bytes: Buffer.byteLength(files[name]!) }));
  return {
    files: written,
    notes: [
      ...notes,
      ...notesOn(ending),
      ...leftOut(model, parts, ending),
      ...(/^\.(h5|hdf5)$/.test(ending) ? keras3ReadsH5(parts) : []),
      ...otherMasks(parts, ending),
      ...(ending === ".keras" ? unknownResizing(parts.graph) : []),
      ...renamings(parts.graph, ending),
    ],
  };
}

/** The name that Keras 3 gives to weights alone. */
const WEIGHTS = /\.weights\.h5$/i;

type Files = Record<string, Uint8Array | string>;

interface Contents {
  readonly files: Files;
  /** On the module of layers. */
  readonly notes: readonly string[];
}

async function contents(
  model: tf.LayersModel,
  parts: ModelParts,
  path: string,
  ending: string,
): Promise<Contents> {
  const stem = path.slice(0, path.length - ending.length);
  switch (ending) {
    case ".keras":
      return withModule({ [path]: await kerasArchive(model, parts) }, parts, path, 3);
    case ".weights.h5":
      return { files: { [path]: await kerasWeights(parts) }, notes: [] };
    case ".h5":
    case ".hdf5":
      return withModule({ [path]: await kerasHdf5(parts) }, parts, path, 2);
    case ".json": {
      const { json, weights } = await tfjsModel(parts, `${nodePath.basename(stem)}.weights.bin`);
      return { files: { [path]: json, [`${stem}.weights.bin`]: weights }, notes: [] };
    }
    default:
      throw new RangeError(
        `A model is saved as .keras (Keras 3), .h5 (Keras 2) or .json (TensorFlow.js), its weights alone as .weights.h5 (Keras 3), not "${ending || path}".`,
      );
  }
}

/** With the module of what Keras does not have beside it; one that its user has completed stays as it is. */
function withModule(files: Files, parts: ModelParts, path: string, target: 2 | 3): Contents {
  const module = pythonSkeletons(parts, target, nodePath.basename(path));
  if (!module) return { files, notes: [] };
  const file = modulePath(path, target);
  const name = nodePath.basename(file);
  if (isEditedModule(file)) {
    const note = `${name} was edited since it was written here and stays as it is; delete it to have it written anew.`;
    return { files, notes: [note] };
  }
  const note = module.isWhole
    ? `${name} defines what Keras does not have: import it before loading.`
    : `${name} defines what Keras does not have: complete it and import it before loading.`;
  return { files: { ...files, [file]: signed(module.text) }, notes: [note] };
}

/** A name that Python can import, another one for each Keras: what is imported for one does not serve the other. */
function modulePath(path: string, target: 2 | 3): string {
  const stem = nodePath.basename(path, nodePath.extname(path)).replace(/\W/g, "_");
  return nodePath.join(nodePath.dirname(path), `${stem}${target === 2 ? "_keras2" : ""}_layers.py`);
}

/** Every file is complete under another name before the first takes its own. */
async function writeWhole(files: Files): Promise<void> {
  const mark = randomBytes(4).toString("hex");
  const temporary = (name: string) =>
    nodePath.join(nodePath.dirname(name), `.${nodePath.basename(name)}.${mark}`);
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await mkdir(nodePath.dirname(name), { recursive: true });
      await writeFile(temporary(name), bytes);
    }
    for (const name of Object.keys(files)) await rename(temporary(name), name);
  } finally {
    for (const name of Object.keys(files)) await rm(temporary(name), { force: true });
  }
}

function notesOn(ending: string): string[] {
  if (ending === ".weights.h5")
    return ["Weights alone: Keras 3 reads them with model.load_weights; .keras has the architecture too."];
  return ending === ".keras" ? [] : ["Loss and optimizer are not in it; .keras has them."];
}

function otherMasks({ graph, origin }: ModelParts, ending: string): string[] {
  const target = { ".keras": 3, ".h5": 2, ".hdf5": 2 }[ending] as Target | undefined;
  const paths = target === undefined ? [] : maskDifferences(graph, origin, target);
  return paths.length === 0
    ? []
    : [
        `Keras 2 and Keras 3 treat masks differently at ${listed(paths)}: predictions may differ where steps are masked.`,
      ];
}

/** Keras 3 reads these layers, and refuses to run them. */
function unknownResizing(graph: ModelGraph): string[] {
  const paths = [...eachLayer(graph)]
    .filter(({ config }) => /^(gaussian|mitchellcubic)$/.test(String(config["interpolation"])))
    .map(({ path, config }) => `${path} (${String(config["interpolation"])})`);
  return paths.length === 0
    ? []
    : [`Keras 3 lacks the interpolation of ${listed(paths)} and does not run it.`];
}

function renamings(graph: ModelGraph, ending: string): string[] {
  const slashed = ({ layers }: ModelGraph): string[] =>
    layers.flatMap(({ name, model }) => [
      ...(name.includes("/") ? [name] : []),
      ...(model ? slashed(model) : []),
    ]);
  const names = ending === ".keras" ? slashed(graph) : [];
  if (names.length === 0) return [];
  const some = names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
  return [
    `Keras 3 refuses a slash in names: ${some} ${names.length === 1 ? "has" : "have"} an underscore in it.`,
  ];
}

/** By its policy, that of the layer it wraps, or what its file has of it. */
function wasQuantized(spec: LayerSpec, layer: tf.layers.Layer | undefined): boolean {
  const specs = [spec, ...Object.values(spec.inner).flat()];
  return (
    specs.some(({ config }) => dtypePolicy(config)?.quantized) ||
    (layer instanceof ComputedLayer && layer.computation.quantized === true)
  );
}

/** What the saved file has not, though the model has it: an optimizer of which Keras 3 has none, rounding to few bits. */
function leftOut(
  model: tf.LayersModel,
  { graph, layers, trainingConfig }: ModelParts,
  ending: string,
): string[] {
  const { optimizer } = model;
  const compiled = trainingConfig !== null || Boolean(optimizer);
  const unnamed = !(optimizer instanceof KerasOptimizer) && compiled;
  const own = optimizer instanceof KerasOptimizer && optimizerConfig(model) === null;
  const slower =
    optimizer instanceof KerasOptimizer &&
    optimizer.spec.className === "Nadam" &&
    optimizer.spec.generation === "legacy";
  const [elsewhere, nameless] = ([true, false] as const).map((wanted) =>
    [...layers].flatMap(([path, layer]) =>
      layer instanceof ComputedLayer && layer.computation.weightsElsewhere === wanted ? [path] : [],
    ),
  ) as [string[], string[]];
  const quantized = [...eachLayer(graph)].filter((spec) => wasQuantized(spec, layers.get(spec.path)));
  return [
    ...(ending === ".keras" && own
      ? [
          `Loss and optimizer are not in it: Keras 3 has no ${(optimizer as KerasOptimizer).spec.className} as this one.`,
        ]
      : []),
    ...(ending === ".keras" && unnamed
      ? [
          "Loss and metrics are not in it: Keras takes them with an optimizer only, and this one, of tf.train or none, has no config of Keras's.",
        ]
      : []),
    ...(ending === ".keras" && slower
      ? [
          "Nadam warms its momentum up more slowly before Keras 2.11 than in Keras 3: training goes on otherwise there.",
        ]
      : []),
    ...(elsewhere.length > 0 ? [weightsNotInIt(elsewhere)] : []),
    ...(nameless.length > 0 && ending === ".keras"
      ? [
          `A .keras file does not name the weights of ${listed(nameless)}: a SavedModel given for it again runs with its own. A .h5 file names them.`,
        ]
      : []),
    ...(quantized.length > 0
      ? [
          `Saved without quantisation, as float32: ${quantized
            .slice(0, 5)
            .map(({ path }) => path)
            .join(
              ", ",
            )}${quantized.length > 5 ? ` and ${quantized.length - 5} more` : ""}. Inputs that were rounded to few bits are not, and predictions differ by that.`,
        ]
      : []),
  ];
}

/** Of layers that a SavedModel computes with weights that are its own. */
function weightsNotInIt(paths: readonly string[]): string {
  const [runs, them] = paths.length === 1 ? ["runs", "it"] : ["run", "each of them"];
  return `Not in it: the weights of ${listed(paths)}, which ${runs} a SavedModel with weights of its own. Keep that folder: whoever opens this file gives it again for ${them} (%step fix 1 saved-model PATH).`;
}

function listed(paths: readonly string[]): string {
  return paths.slice(0, 5).join(", ") + (paths.length > 5 ? ` and ${paths.length - 5} more` : "");
}
