import fs from "node:fs";
import { holdsGraph } from "../../formats/graph-contents.js";
import type { JsonValue } from "../../formats/model-file.js";
import { settledProblem } from "../problems/keras-problem.js";
import type { Problem } from "../problem.js";
import { titleOf, whyOf } from "../taxonomy/taxonomy.js";
import type { Work } from "../work.js";

type Look = (work: Work) => string | null;

/** What other loaders refuse or misread about a container, and is read here as it is: what was found, or null. */
const LOOKS: ReadonlyMap<string, Look> = new Map<string, Look>([
  ["F02", zipNamedHdf5],
  ["F05", savedModel],
  ["F08", literals],
  ["F10", bytesForText],
  ["F11", checkpointPrefix],
  ["F13", withoutMetadata],
  ["O06", newerTensorFlow],
]);

/** Each as a settled problem, unless the reader reported the code already. */
export function adjustmentsOfFile(work: Work): Problem[] {
  const reported = new Set(work.file!.findings.map(({ code }) => code));
  return [...LOOKS].flatMap(([code, look]) => {
    const found = reported.has(code) ? null : look(work);
    if (found === null) return [];
    const settled = settledProblem(
      { code, step: "read", subject: "file", layer: null, found, fidelity: "exact" },
      work,
    );
    // Keras takes an archive named .h5 for no model file; what is wrong with it is its name.
    return [look === zipNamedHdf5 ? { ...settled, title: titleOf("F01"), why: whyOf("F01") } : settled];
  });
}

function zipNamedHdf5({ file }: Work): string | null {
  return file!.format === "keras-archive" && /\.(h5|hdf5)$/i.test(file!.path)
    ? "a .keras archive under the name of an HDF5 file: read as what it is"
    : null;
}

function savedModel({ file }: Work): string | null {
  if (file!.format !== "saved-model") return null;
  return file!.config === null
    ? "a SavedModel: its graph is run"
    : "a SavedModel of Keras 2: its layers are made";
}

function literals({ file }: Work): string | null {
  const open: JsonValue[] = [file!.config];
  while (open.length > 0) {
    const value = open.pop()!;
    if (typeof value === "number" && !Number.isFinite(value))
      return `the configuration holds ${value}, which JSON does not have`;
    if (Array.isArray(value)) open.push(...value);
    else if (typeof value === "object" && value !== null) open.push(...Object.values(value));
  }
  return null;
}

function bytesForText({ file }: Work): string | null {
  const { format, kerasVersion, config } = file!;
  if (format !== "keras-hdf5" && format !== "hdf5-weights") return null;
  // Keras 1 alone says no version in a whole model; arrays of any other program say none either.
  if (kerasVersion === null && (format === "hdf5-weights" || config === null)) return null;
  const [major, minor] = (kerasVersion ?? "1.0").split(".").map(Number) as [number, number];
  return major < 2 || (major === 2 && minor < 4)
    ? `Keras ${kerasVersion ?? "1"} wrote its names as bytes and reads them so; with h5py 3 it cannot`
    : null;
}

function checkpointPrefix({ file }: Work): string | null {
  return file!.format === "checkpoint" && !fs.existsSync(file!.path)
    ? `there is no file of this name; ${file!.path}.index and its data are a checkpoint`
    : null;
}

function withoutMetadata({ file }: Work): string | null {
  // A subclassed model's metadata is there; it names no layers.
  const subclassed = file!.findings.some(({ code }) => code === "C22");
  return file!.format === "saved-model" && file!.config === null && !subclassed
    ? "no layers of Keras are in it: tf.saved_model.save and model.export write none, and where model.save wrote it, its keras_metadata.pb is missing"
    : null;
}

function newerTensorFlow({ file }: Work): string | null {
  if (!holdsGraph(file!)) return null;
  const version = file!.contents.tensorflowVersion ?? "0.0";
  const [major, minor] = version.split(".").map(Number) as [number, number];
  return major === 2 && minor >= 16 ? `TensorFlow ${version} wrote the graph` : null;
}
