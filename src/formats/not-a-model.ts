import fs from "node:fs";
import nodePath from "node:path";
import { foreignKind, PICKLED } from "./foreign.js";
import { FormatError } from "./model-file.js";
import { modelsNearby } from "./nearby.js";
import { type FileKind, KIND_NAMES, showBytes } from "./sniff.js";

/** First bytes that a message shows. */
const SHOWN_BYTES = 48;

/** F04: nothing is there; what is nearby. */
export function missing(path: string): FormatError {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(path)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "file") return notFetched(path, scheme);
  const nearby = modelsNearby(path);
  const through = fileOnTheWay(path);
  if (through !== null || /[/\\]$/.test(path)) return notAFolder(path, through, nearby);
  const target = linkedTo(path);
  if (target !== null) return leadsNowhere(path, target, nearby);
  return new FormatError({
    code: "F04",
    title: "No such file",
    where: path,
    detail: `there is nothing at ${JSON.stringify(path)} (seen from ${JSON.stringify(process.cwd())})`,
    advice: nearby.length
      ? `Model files nearby: ${nearby.map((file) => JSON.stringify(file)).join(", ")}.`
      : "There are no model files nearby. Check the path and the folder it starts in.",
  });
}

/** F04: an address of a store that has its own program. */
function notFetched(address: string, scheme: string): FormatError {
  const [, place = ""] = address.split("://");
  const file = nodePath.posix.basename(place) || "FILE";
  const [repository] = /^[^/]+\/[^/]+/.exec(place) ?? ["USER/REPOSITORY"];
  const fetched: Readonly<Record<string, string>> = {
    hf: `Give the address of the file: \`https://huggingface.co/${repository}/resolve/main/${place.split("/").slice(2).join("/") || "FILE"}\`.`,
    gs: `Fetch it with \`!gsutil cp ${address} .\`, or give \`https://storage.googleapis.com/${place}\` if it is public; then open \`${file}\`.`,
    s3: `Fetch it with \`!aws s3 cp ${address} .\`, then open \`${file}\`.`,
  };
  return new FormatError({
    code: "F04",
    title: "An address that is not fetched",
    where: address,
    detail: `addresses of http:// and https:// are downloaded, those of ${scheme}:// are not`,
    advice:
      fetched[scheme] ?? `Fetch the file by the program that knows ${scheme}://, and open it from disk.`,
  });
}

/** Where a link leads; null for what is none. */
function linkedTo(path: string): string | null {
  try {
    return fs.readlinkSync(path);
  } catch {
    return null;
  }
}

/** F04: a link whose target is not there, as git-annex keeps files that were not fetched, or that leads to itself. */
function leadsNowhere(path: string, target: string, nearby: readonly string[]): FormatError {
  const annex = /(^|\/)\.git\/annex\/objects\//.test(target);
  return new FormatError({
    code: "F04",
    title: "A link that leads nowhere",
    where: path,
    detail: `the path is a link to ${JSON.stringify(target)}, where no file can be reached`,
    advice: annex ? GET_FROM_ANNEX : "Copy the file itself, or mend the link.",
    choices: annex ? [] : nearby,
  });
}

/** F17: the path asks for a folder where there is a file, or nothing. */
function notAFolder(path: string, through: string | null, nearby: readonly string[]): FormatError {
  const what =
    through === null ? "there is no such folder" : `${JSON.stringify(through)} on the way is a file`;
  return new FormatError({
    code: "F17",
    title: "No such folder",
    where: path,
    detail: `${what} (seen from ${JSON.stringify(process.cwd())})`,
    advice: "",
    choices: through === null ? nearby : [through, ...nearby.filter((file) => file !== through)],
  });
}

/**
 * What is at a path; undefined where nothing is that can be reached: a file stands on the way, a link leads to itself
 * or into a folder that may not be entered, or no system has a name that long.
 */
export function statOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (UNREACHABLE.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

const UNREACHABLE = new Set([
  "ENOTDIR",
  "ELOOP",
  "EACCES",
  "EPERM",
  "ENAMETOOLONG",
  "EINVAL",
  "ERR_INVALID_ARG_VALUE",
]);

/** The part of a path that is a file, where the path goes on behind it. */
export function fileOnTheWay(path: string): string | null {
  for (let at = nodePath.dirname(path); at !== nodePath.dirname(at); at = nodePath.dirname(at)) {
    const stat = statOf(at);
    if (stat) return stat.isFile() ? at : null;
  }
  return null;
}

/** F02: a device, a pipe, a socket. */
export function noFile(path: string): FormatError {
  return new FormatError({
    code: "F02",
    title: "Not a model file",
    where: path,
    detail: "this is a device, a pipe or a socket",
    advice: "Give the path of a file.",
  });
}

/** F04: it is there, but may not be read. */
export function unreadable(path: string, cause: NodeJS.ErrnoException): FormatError {
  const finding = {
    code: "F04",
    title: "File cannot be read",
    where: path,
    detail: `the system says ${cause.code ?? cause.message}`,
    advice: "Check who may read the file.",
  };
  return new FormatError(finding, { cause });
}

const GET_FROM_ANNEX = 'In the clone of the repository run "git annex get" with this path.';

/** What to do next with each kind that is no model file. */
const ADVICE: Readonly<Record<FileKind, string>> = {
  hdf5: "",
  zip: "",
  "git-lfs-pointer":
    'In the clone of the repository run "git lfs install" and "git lfs pull", or download the file from its page.',
  "git-annex-pointer": GET_FROM_ANNEX,
  html: "A download page was saved in place of the file. Use the page's download button or its raw link.",
  json: "It has no layers: the config of another program, such as a Transformers config.json. The weights are in another file.",
  pickle: PICKLED,
  pytorch:
    "Its pickle runs code when it is opened, so it is never opened. Ask for a .keras or .h5 file, or for safetensors.",
  tflite:
    "It is compiled for devices, without Keras's layers. Ask for the .keras, .h5 or SavedModel it was converted from.",
  onnx: "ONNX is not opened here. Ask for the .keras, .h5 or SavedModel it was exported from.",
  protobuf: "If it belongs to a SavedModel, give the folder it is in.",
  "checkpoint-index": "This is a part of a checkpoint; it goes with the .data file beside it.",
  safetensors: "",
  gzip: "",
  tar: "",
  numpy:
    "It is one array, not a model. A list of weights goes into one .npz: numpy.savez('weights.npz', *model.get_weights()).",
  text: "Check that this is the file you mean.",
  empty: "A download or copy failed. Get the file again.",
  unknown: "Check that this is the file you mean; it may be damaged from its first byte on.",
};

/** F02: which kind of file it is, with the first of the bytes that it begins with. */
export function notAModel(path: string, kind: FileKind, head: Uint8Array): FormatError {
  const shown = head.byteLength ? `; it begins with "${showBytes(head.subarray(0, SHOWN_BYTES))}"` : "";
  const foreign = kind === "unknown" || kind === "text" || kind === "json" ? foreignKind(head) : null;
  const unknown = kind === "unknown" && foreign === null;
  return new FormatError({
    code: unknown ? "F16" : "F02",
    title: unknown ? "Bytes of no known kind" : "Not a model file",
    where: path,
    detail: `the file is ${foreign?.name ?? KIND_NAMES[kind]}${shown}`,
    advice: foreign?.advice ?? ADVICE[kind],
  });
}

/** F12: files, none of which makes a model with the others. */
export function noModelAmong(path: string, names: readonly string[]): FormatError {
  return new FormatError({
    code: "F12",
    title: "No model in these files",
    where: path,
    detail: `they are ${names
      .slice(0, 8)
      .map((name) => JSON.stringify(name.slice(0, 60)))
      .join(", ")}`,
    advice:
      "Give the files of a SavedModel, of an unpacked .keras archive, or of a checkpoint; or one model file alone.",
  });
}

/** F18: archives inside archives. */
export function tooManyArchives(path: string): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused archive",
    where: path,
    detail: "archives are nested in archives, deeper than any download",
    advice: "Unpack it by hand and open what is inside.",
  });
}
