import { type ByteSource, peek, startsWith } from "./byte-source.js";
import { startsAsTable } from "./checkpoint/sstable.js";
import { looksLikeTar } from "./archive/tar-folder.js";
import { looksLikeGraphDef } from "./frozen-graph.js";
import { findSignature } from "./hdf5/superblock.js";
import { looksLikeJson } from "./json.js";
import { looksLikeSafetensors } from "./safetensors.js";
import { encodingOf } from "./text-encoding.js";

/** What a file's first bytes say it is. The name of a file says nothing here. */
export type FileKind =
  | "hdf5"
  | "zip"
  | "git-lfs-pointer"
  | "git-annex-pointer"
  | "html"
  | "json"
  | "pickle"
  | "pytorch"
  | "tflite"
  | "onnx"
  | "protobuf"
  | "checkpoint-index"
  | "safetensors"
  | "gzip"
  | "tar"
  | "numpy"
  | "text"
  | "empty"
  | "unknown";

/** How a sentence names each kind. */
export const KIND_NAMES: Readonly<Record<FileKind, string>> = {
  hdf5: "an HDF5 file",
  zip: "a zip archive",
  "git-lfs-pointer": "a Git-LFS pointer: a few lines of text that stand for the real file",
  "git-annex-pointer": "a git-annex pointer: a line of text that stands for the real file",
  html: "a web page (HTML)",
  json: "JSON",
  pickle: "a Python pickle",
  pytorch: "a PyTorch file: a zip archive around a pickle",
  tflite: "a TensorFlow Lite model",
  onnx: "an ONNX model",
  protobuf: "a protocol buffer",
  "checkpoint-index": "the index of a TensorFlow checkpoint",
  safetensors: "a safetensors file",
  gzip: "a gzip-compressed file",
  tar: "a tar archive",
  numpy: "a NumPy array (.npy)",
  text: "plain text",
  empty: "empty (0 bytes)",
  unknown: "of a kind that is not known here",
};

/** Bytes that are looked at. */
export const HEAD = 512;

export function sniff(source: ByteSource): FileKind {
  if (source.size === 0) return "empty";
  const head = peek(source, 0, HEAD);
  // Before HDF5: what an archive holds can lie just where the HDF5 behind a user block would.
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])) return "zip";
  if (looksLikeTar(source)) return "tar";
  if (findSignature((offset, length) => peek(source, offset, length), source.size) !== null) return "hdf5";
  if (startsWith(head, [0x1f, 0x8b])) return "gzip";
  if (startsWith(head, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])) return "numpy";
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) return "pickle";
  if (PICKLE_0.test(Buffer.from(head.subarray(0, 64)).toString("latin1"))) return "pickle";
  if (startsWith(head.subarray(4), [0x54, 0x46, 0x4c, 0x33])) return "tflite";
  if (isTableIndex(source)) return "checkpoint-index";
  if (looksLikeSafetensors(head, source.size)) return "safetensors";
  if (looksLikeOnnx(head)) return "onnx";
  const characters = asText(head);
  if (characters !== null) return textKind(characters);
  if (startsAsTable(head)) return "checkpoint-index";
  return looksLikeProtobuf(head, source.size) ? "protobuf" : "unknown";
}

/** Protocols 0 and 1 have no number: a list or a dict, or a name of a module and of what is called in it. */
const PICKLE_0 = /^(\((lp|dp)\d*\n|[\]}]q\0\(|c[A-Za-z_][\w.]*\n[A-Za-z_]\w*\n)/;

/** A TensorFlow checkpoint's index is an SSTable; its last 8 bytes are the magic number. */
function isTableIndex(source: ByteSource): boolean {
  if (source.size < 48) return false;
  return startsWith(peek(source, source.size - 8, 8), [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]);
}

/** The bytes as text, or null where they are none: control characters or invalid UTF-8. */
function asText(head: Uint8Array): string | null {
  const encoding = encodingOf(head);
  if (encoding !== "UTF-8") {
    const text = new TextDecoder(encoding).decode(head);
    return looksLikeJson(text) || text.startsWith("<") ? text : null;
  }
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127)) return null;
  try {
    // The last characters may be cut; `stream` lets them be.
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
  } catch {
    return null;
  }
}

function textKind(text: string): FileKind {
  const start = text.replace(/^\ufeff/, "").trimStart();
  if (start.startsWith("version https://git-lfs")) return "git-lfs-pointer";
  // As an unlocked file, or as git keeps a link where the system has none.
  if (/^(\/|[./]*\.git\/)annex\/objects\//.test(start)) return "git-annex-pointer";
  if (/^(<!doctype html|<html|<head|<\?xml[^>]*>\s*<!doctype html)/i.test(start)) return "html";
  if (looksLikeJson(start) || /^"\s*[{[]/.test(start)) return "json";
  return "text";
}

/** `ModelProto`: `ir_version`, 3 or more (a SavedModel has 1 there), then producer, graph or operator sets. */
function looksLikeOnnx(head: Uint8Array): boolean {
  return head[0] === 0x08 && head[1]! >= 3 && head[1]! < 32 && [0x12, 0x3a, 0x42].includes(head[2]!);
}

/** Fields from the first on, as far as the head reaches: small numbers, known wire types, lengths that the file has. */
function looksLikeProtobuf(head: Uint8Array, size: number): boolean {
  let at = 0;
  for (let fields = 0; at < head.byteLength; fields++) {
    const tag = head[at]!;
    const [field, wire] = [tag >> 3, tag & 7];
    if (field < 1 || field > 15 || (wire !== 0 && wire !== 2)) return false;
    const varint = varintAt(head, at + 1);
    // What is cut short still begins as a graph does.
    if (varint === null) return fields > 0 || looksLikeGraphDef(head);
    at = varint.end + (wire === 2 ? varint.value : 0);
    if (at > size) return fields > 0 || looksLikeGraphDef(head);
  }
  return true;
}

/** A number of at most ten bytes, and where it ends; null where it does not end. */
function varintAt(head: Uint8Array, start: number): { value: number; end: number } | null {
  let value = 0;
  for (let at = start; at < Math.min(start + 10, head.byteLength); at++) {
    value += (head[at]! & 0x7f) * 2 ** (7 * (at - start));
    if (head[at]! < 0x80) return { value, end: at + 1 };
  }
  return null;
}

/** The first bytes as they can be shown: printable ASCII, the rest as `\xNN`; never markup or control codes. */
export function showBytes(bytes: Uint8Array): string {
  let shown = "";
  for (const byte of bytes) {
    if (byte === 0x0a) shown += "\\n";
    else if (byte === 0x5c) shown += "\\\\";
    else if (byte >= 0x20 && byte < 0x7f) shown += String.fromCharCode(byte);
    else shown += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return shown;
}
