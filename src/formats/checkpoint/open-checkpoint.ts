import path from "node:path";
import { type ByteSource, peek } from "../byte-source.js";
import type { GraphContents, GraphFile } from "../graph-contents.js";
import {
  FormatError,
  type FormatFinding,
  type ModelFile,
  type StoredLayer,
  type StoredWeight,
} from "../model-file.js";
import { decode } from "../proto/decode.js";
import { MetaGraphDefSchema, type TrackableObjectGraph } from "../proto/tensorflow_pb.js";
import { DiskFolder, readWhole, type Folder } from "../saved-model/folder.js";
import { metaGraphContents } from "../saved-model/meta-graph.js";
import { readCheckpointV1 } from "./checkpoint-v1.js";
import { readObjectGraph } from "./object-graph.js";
import { endsAsTable, startsAsTable } from "./sstable.js";
import { openTensorBundle, objectsUnread, type TensorBundle } from "./tensor-bundle.js";
import { trackedLayers } from "./tracked-layers.js";

/**
 * Opens a TensorFlow checkpoint by its prefix (`model.ckpt-100`) or by any of its files: version 2 with its index
 * and shards, version 1 in one file. A `.meta` graph beside it is opened with it.
 * @throws FormatError F15 when there is none or its index is damaged, F04 when no file has that name.
 */
export function openCheckpoint(given: string | { folder: Folder; prefix: string }): ModelFile | GraphFile {
  const { folder, prefix } = typeof given === "string" ? fromPath(given) : given;
  const stored = readStored(folder, prefix);
  const findings = [...stored.findings];
  const contents = readMetaGraph(folder, prefix, stored.tensors, findings);
  const weights = [...stored.tensors.values()].filter((weight) => weight.dtype !== "string");
  const file: ModelFile = {
    path: typeof given === "string" ? given : `${folder.path}/${prefix}`,
    format: "checkpoint",
    size: stored.size,
    kerasVersion: null,
    backend: null,
    config: null,
    trainingConfig: null,
    layers: stored.objects === null ? byScope(weights) : trackedLayers(stored.objects, stored.tensors),
    optimizerWeights: weights.filter(({ path: key }) => isSlot(key)),
    findings,
    ...(stored.takeChanged ? { takeChanged: stored.takeChanged } : {}),
    close: stored.close,
  };
  return contents === null ? file : { ...file, contents };
}

interface Stored {
  readonly tensors: ReadonlyMap<string, StoredWeight>;
  readonly objects: TrackableObjectGraph | null;
  readonly size: number;
  readonly findings: readonly FormatFinding[];
  takeChanged?(yes: boolean): void;
  close(): void;
}

/** `x/model.ckpt-1.index`, `.data-00000-of-00001`, `.meta` and the folder's `checkpoint` note all mean one prefix. */
function fromPath(given: string): { folder: Folder; prefix: string } {
  const folder = new DiskFolder(path.dirname(given));
  const name = path.basename(given);
  if (name !== "checkpoint") {
    return { folder, prefix: name.replace(/\.(index|meta|data-\d{5}-of-\d{5})$/, "") };
  }
  return { folder, prefix: latestCheckpoint(folder) ?? name };
}

/**
 * The checkpoint that the folder's note (`checkpoint`, a text) names as the latest; null where there is no note, or
 * no such checkpoint beside it. The note may carry the path of another machine: only the name counts.
 */
export function latestCheckpoint(folder: Folder): string | null {
  const note = folder.open("checkpoint");
  if (note === null) return null;
  if (note.size > LARGEST_NOTE) {
    note.close();
    return null;
  }
  const named = /^model_checkpoint_path: "(.*)"$/m.exec(readText(note))?.[1];
  const prefix = named === undefined ? "" : path.posix.basename(named.replaceAll("\\", "/"));
  const names = folder.names();
  return prefix !== "" && (names.includes(prefix) || names.includes(`${prefix}.index`)) ? prefix : null;
}

const LARGEST_NOTE = 2 ** 20;

function readText(source: ByteSource): string {
  try {
    return new TextDecoder().decode(readWhole(source));
  } finally {
    source.close();
  }
}

function readStored(folder: Folder, prefix: string): Stored {
  const single = folder.open(prefix);
  if (single !== null && (endsAsTable(single) || startsAsTable(peek(single, 0, 16)))) {
    const weights = readCheckpointV1(single, prefix);
    return {
      tensors: new Map(weights.map((weight) => [weight.path, weight])),
      objects: null,
      size: single.size,
      findings: endsAsTable(single) ? [] : [cutCheckpoint(prefix, single.size, weights)],
      close: () => single.close(),
    };
  }
  single?.close();
  if (!folder.names().includes(`${prefix}.index`)) throw noCheckpoint(folder, prefix);
  const bundle = openTensorBundle(folder, prefix);
  const lost: FormatFinding[] = [];
  const objects = objectsOrNull(bundle, prefix, lost);
  return {
    tensors: bundle.tensors,
    objects,
    size: bundle.size,
    findings: [...bundle.findings, ...lost],
    takeChanged: (yes) => bundle.takeChanged(yes),
    close: () => bundle.close(),
  };
}

/** Version 1 keeps all in one table: without its end nothing of the values can be checked. */
function cutCheckpoint(prefix: string, size: number, weights: readonly StoredWeight[]): FormatFinding {
  const names = weights.slice(0, 10).map(({ name }) => name);
  return {
    code: "F03",
    title: "Truncated checkpoint",
    where: `${prefix}, byte ${size}`,
    detail: `its end, with the list of where the values stand, is missing; it held ${weights.length} tensors: ${names.join(", ")}${weights.length > 10 ? ", ..." : ""}`,
    advice: "Get the file again from where it was made.",
  };
}

function objectsOrNull(
  bundle: TensorBundle,
  prefix: string,
  findings: FormatFinding[],
): TrackableObjectGraph | null {
  try {
    return readObjectGraph(bundle, prefix);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    findings.push(...objectsUnread(error, bundle, "The weights are grouped by their names instead."));
    return null;
  }
}

function noCheckpoint(folder: Folder, prefix: string): FormatError {
  const nearby = folder.names().filter((name) => name.endsWith(".index"));
  return new FormatError({
    code: "F15",
    title: "No checkpoint of this name",
    where: `${folder.path}/${prefix}`,
    detail: `there is no ${prefix}.index beside it, and ${prefix} itself is no checkpoint of version 1`,
    advice:
      nearby.length > 0
        ? `Checkpoints there: ${nearby.map((name) => name.slice(0, -".index".length)).join(", ")}.`
        : "Copy the .index file and all .data files of the checkpoint into one folder.",
  });
}

function readMetaGraph(
  folder: Folder,
  prefix: string,
  tensors: ReadonlyMap<string, StoredWeight>,
  findings: FormatFinding[],
): GraphContents | null {
  const source = folder.open(`${prefix}.meta`);
  if (source === null) return null;
  try {
    const metaGraph = decode(MetaGraphDefSchema, readWhole(source), `${prefix}.meta`);
    return metaGraphContents(metaGraph, tensors, new Map(), () => null);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    findings.push(error.finding);
    return null;
  } finally {
    source.close();
  }
}

/** TF1: `conv1/weights` belongs to `conv1`. */
function byScope(weights: readonly StoredWeight[]): StoredLayer[] {
  const groups = new Map<string, StoredWeight[]>();
  for (const weight of weights) {
    if (isSlot(weight.path)) continue;
    const cut = weight.path.lastIndexOf("/");
    const scope = cut < 0 ? weight.path : weight.path.slice(0, cut);
    groups.set(scope, [...(groups.get(scope) ?? []), weight]);
  }
  return [...groups].map(([name, members]) => ({ name, weights: members, missing: [] }));
}

/** Names that TF1's optimizers give to their slots and TF2's checkpoints to theirs. */
function isSlot(key: string): boolean {
  return (
    key.includes("/.OPTIMIZER_SLOT/") ||
    /^(optimizer|_?optimizer\w*)\//.test(key) ||
    /(^|\/)(Adam(_1)?|Momentum|RMSProp(_1)?|Adagrad|Adadelta(_1)?|Ftrl(_1)?|ExponentialMovingAverage|beta[12]_power)$/.test(
      key,
    )
  );
}
