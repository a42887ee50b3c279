import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import nodePath from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { checkWeightsByAddress } from "./weights-by-address.js";

const SCHEME = /^([a-z][a-z\d+.-]+):\/\//i;
/** What Keras and TensorFlow write, and TensorFlow.js does not read. */
const OF_KERAS = /\.(?:keras|h5|hdf5|pb|safetensors)$/i;

/** What `saveModel` writes by the ending of the path. */
const WRITTEN = /\.(?:keras|h5|hdf5|json)$/i;

let taken = false;

/**
 * Files for `tf.loadLayersModel`, `tf.loadGraphModel` and `model.save`, as `@tensorflow/tfjs-node` has them: `file://`
 * and plain paths of a folder with `model.json`. TensorFlow.js alone knows addresses and browsers. `model.save` also
 * writes the files of Keras that `saveModel` writes.
 */
export function takeModelFiles(): void {
  if (taken) return;
  taken = true;
  checkWeightsByAddress();
  tf.io.registerLoadRouter((url) => {
    const path = typeof url === "string" ? localPath(url) : null;
    return path === null ? (null as never) : fileSystem(path);
  });
  tf.io.registerSaveRouter((url) => {
    const path = typeof url === "string" ? localPath(url) : null;
    if (path !== null) return fileSystem(path);
    const scheme = typeof url === "string" ? SCHEME.exec(url)?.[1] : undefined;
    return scheme && /^(?:localstorage|indexeddb|downloads)$/.test(scheme)
      ? { save: () => Promise.reject(noBrowser(scheme)) }
      : (null as never);
  });
  const { save } = tf.LayersModel.prototype;
  tf.LayersModel.prototype.save = async function (target, config) {
    const path = typeof target === "string" ? localPath(target) : null;
    const { isOfKeras } = await import("../saving/saved-model-parts.js");
    if (path === null || !(WRITTEN.test(path) || isOfKeras(this))) return save.call(this, target, config);
    const { saveModel } = await import("../saving/save-model.js");
    if (WRITTEN.test(path)) await saveModel(this, path);
    // TensorFlow.js's own files lack what its layers do not know.
    else {
      await mkdir(path, { recursive: true });
      await saveModel(this, nodePath.join(path, "model.json"), { overwrite: true });
    }
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  };
}

/** A folder of TensorFlow.js's files as `tf.io.fileSystem` of tfjs-node. */
export function fileSystem(path: string): tf.io.IOHandler {
  return { load: () => readModel(path), save: (artifacts) => writeModel(path, artifacts) };
}

function localPath(url: string): string | null {
  if (url.startsWith("file://")) return url.startsWith("file:///") ? fileURLToPath(url) : url.slice(7);
  return SCHEME.test(url) ? null : url;
}

function noBrowser(scheme: string): Error {
  return new Error(
    `${scheme}:// is of browsers. Here: await model.save("file://my-model"), or saveModel(model, "my-model.keras") of loadlab.`,
  );
}

/** @throws Error that names the file and what opens it */
async function readModel(given: string): Promise<tf.io.ModelArtifacts> {
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const path = isFolder ? nodePath.join(given, "model.json") : given;
  if (OF_KERAS.test(path)) throw new Error(`TensorFlow.js reads model.json alone. ${path}: ${opens(path)}`);
  const json = await readJson(path);
  const unknown = unknownLayers(json.modelTopology);
  if (unknown.length > 0)
    throw new Error(`TensorFlow.js has no layer ${unknown.join(", ")}, which ${path} names. ${opens(path)}`);
  const manifest = json.weightsManifest ?? [];
  const shards: Buffer[] = [];
  for (const name of manifest.flatMap(({ paths }) => paths)) shards.push(await readShard(path, name));
  return {
    ...json,
    weightSpecs: manifest.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
  };
}

function opens(path: string): string {
  return `loadModel(${JSON.stringify(path)}) of loadlab opens it.`;
}

async function readJson(path: string): Promise<tf.io.ModelJSON> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return JSON.parse(text) as tf.io.ModelJSON;
  } catch (error) {
    throw new Error(`${path} is no JSON: ${(error as Error).message} ${opens(path)}`, { cause: error });
  }
}

/** A part of the weights; a file that names one outside its folder gets none. */
async function readShard(model: string, name: string): Promise<Buffer> {
  const folder = nodePath.dirname(nodePath.resolve(model));
  const path = nodePath.resolve(folder, name);
  if (!path.startsWith(folder + nodePath.sep))
    throw new Error(`${model} names weights outside its folder, which are not read.`);
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`The weights ${name} that ${model} names cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Classes of a layers model that TensorFlow.js cannot make. */
function unknownLayers(topology: unknown): string[] {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const found = new Set<string>();
  const look = (value: unknown): void => {
    const layers = (value as { config?: { layers?: unknown } } | null)?.config?.layers;
    if (!Array.isArray(layers)) return;
    for (const layer of layers as { class_name?: unknown }[]) {
      if (typeof layer.class_name === "string" && !(layer.class_name in known)) found.add(layer.class_name);
      look(layer);
    }
  };
  const outer = topology as { model_config?: unknown } | null | undefined;
  look(outer?.model_config ?? outer);
  return [...found];
}

/** Writes `model.json` and `weights.bin` into the folder, as tfjs-node does (tfjs-node/src/io/file_system.ts). */
async function writeModel(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  const { weightData, weightSpecs, ...rest } = artifacts;
  const weights = Buffer.concat([weightData ?? []].flat().map((part) => Buffer.from(part)));
  const manifest = [{ paths: ["weights.bin"], weights: weightSpecs ?? [] }];
  await mkdir(folder, { recursive: true });
  await writeFile(nodePath.join(folder, "weights.bin"), weights);
  await writeFile(
    nodePath.join(folder, "model.json"),
    JSON.stringify({ ...rest, weightsManifest: manifest }),
  );
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
}
