import * as tf from "@tensorflow/tfjs";
import { elementBytes, elementsFrom } from "../../formats/elements.js";
import { dtypeName } from "../../formats/proto/data-type.js";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import { fingerprint64 } from "../../ops/text/farmhash.js";
import { sipHash } from "../../ops/text/siphash.js";
import { lowerAscii, nGrams as textNGrams, splitText } from "../../ops/text/text.js";
import type { Kernel, KernelResult, KernelTable, OpCall } from "../kernel.js";
import { decodeText, encodeText } from "../byte-text.js";
import { StringTensor, type GraphValue } from "../value.js";
import { tensorFrom } from "../tensors.js";
import { intVector } from "./shape.js";
import { integersOf } from "./integers.js";
import { murmur64 } from "./murmur.js";
import { regularExpression, replaceMatches } from "./regular-expression.js";
import { summarizeValues } from "./summarize-values.js";
import { characterOf, decodeCharacters, encodeWith, scriptOf, transcode } from "./unicode.js";
import { broadcastStringsTo } from "./text-shapes.js";
import { asString, toNumber } from "./number-texts.js";

/** tensorflow/core/ops/string_ops.cc. */
export const strings: KernelTable = {
  StringLower: mapText((text) => text.toLowerCase(), lowerAscii),
  StringUpper: mapText(
    (text) => text.toUpperCase(),
    (text) => text.replace(/[a-z]/g, (c) => c.toUpperCase()),
  ),
  StringStrip: {
    run: (call) => each(call.strings(0), (text) => text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, "")),
  },
  StringLength: { run: lengths },
  StringJoin: { run: join },
  Substr: { host: [1, 2], run: substring },
  StringSplit: { run: splitOnce, outputs: ["indices", "values", "shape"] },
  StringSplitV2: { run: splitV2, outputs: ["indices", "values", "shape"] },
  StringNGrams: { host: [1], run: nGrams, outputs: ["ngrams", "ngrams_splits"] },
  RegexReplace: { run: (call) => replace(call, textAt(call, 1), textAt(call, 2)) },
  StaticRegexReplace: {
    run: (call) => replace(call, call.attributes.text("pattern"), call.attributes.text("rewrite")),
  },
  RegexFullMatch: { run: (call) => fullMatch(call, textAt(call, 1)) },
  StaticRegexFullMatch: { run: (call) => fullMatch(call, call.attributes.text("pattern")) },
  StringToNumber: { run: toNumber },
  AsString: { host: [0], run: asString },
  StringToHashBucketFast: { run: (call) => buckets(call, fingerprint64) },
  StringToHashBucketStrong: { run: strongBuckets },
  StringToHashBucket: { run: (call) => buckets(call, murmur64) },
  EncodeBase64: { run: encodeBase64 },
  DecodeBase64: {
    run: (call) => eachBytes(call.strings(0), (bytes) => Buffer.from(decodeText(bytes), "base64url")),
  },
  ReduceJoin: { host: [1], run: reduceJoin },
  UnicodeTranscode: { run: transcode },
  UnicodeDecode: { run: unicodeDecode, outputs: ["row_splits", "char_values"] },
  UnicodeDecodeWithOffsets: {
    run: unicodeDecode,
    outputs: ["row_splits", "char_values", "char_to_byte_starts"],
  },
  UnicodeEncode: { host: [0, 1], run: unicodeEncode },
  UnicodeScript: {
    host: [0],
    run: (call) => tf.tensor(call.numbers(0).map(scriptOf), [...call.shapeOf(0)], "int32"),
  },
  StringFormat: { host: "all", run: format },
  DecodeRaw: { run: decodeRaw },
  DecodePaddedRaw: { host: [1], run: decodeRaw },
  UnsortedSegmentJoin: { host: [1, 2], run: segmentJoin },
};

function textAt(call: OpCall, index: number): string {
  return call.strings(index).text()[0] ?? "";
}

function each(value: StringTensor, change: (text: string) => string): StringTensor {
  return eachBytes(value, (bytes) => encodeText(change(decodeText(bytes))));
}

function eachBytes(value: StringTensor, change: (bytes: Uint8Array) => Uint8Array): StringTensor {
  return new StringTensor(value.shape, value.values.map(change));
}

/** What is no UTF-8 becomes U+FFFD. */
const REPLACING = new TextDecoder("utf-8", { ignoreBOM: true });

/** Without `encoding: utf-8`, only ASCII letters change. */
function mapText(unicode: (text: string) => string, ascii: (text: string) => string): Kernel {
  return {
    run: (call) =>
      call.attributes.text("encoding") === "utf-8"
        ? eachBytes(call.strings(0), (bytes) => encodeText(unicode(REPLACING.decode(bytes))))
        : each(call.strings(0), ascii),
  };
}

function lengths(call: OpCall): tf.Tensor {
  const inCharacters = call.attributes.text("unit", "BYTE") === "UTF8_CHAR";
  const value = call.strings(0);
  const counts = value.values.map((bytes) =>
    inCharacters ? bytes.reduce((n, byte) => n + Number(!continues(byte)), 0) : bytes.length,
  );
  return tf.tensor(counts, [...value.shape], "int32");
}

/** Whether a byte of UTF-8 goes on with a character. */
function continues(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

/** Where characters begin; bytes that go on with none stand with those before them. */
function characterStarts(bytes: Uint8Array): number[] {
  return [...bytes.keys()].filter((at) => at === 0 || !continues(bytes[at]!));
}

function join(call: OpCall): StringTensor {
  const parts = call.inputs.map((_, i) => call.strings(i));
  const shape = parts
    .map((part) => [...part.shape])
    .reduce((a, b) => tf.backend_util.assertAndGetBroadcastShape(a, b));
  const separator = encodeText(call.attributes.text("separator"));
  const columns = parts.map((part) => broadcastStringsTo(part, shape));
  const size = shape.reduce((n, dim) => n * dim, 1);
  return new StringTensor(
    shape,
    Array.from({ length: size }, (_, i) =>
      joinBytes(
        columns.map((column) => column[i]!),
        separator,
      ),
    ),
  );
}

function joinBytes(parts: readonly Uint8Array[], separator: Uint8Array): Uint8Array {
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part])));
}

function substring(call: OpCall): StringTensor {
  const value = call.strings(0);
  const [starts, counts] = [call.numbers(1), call.numbers(2)];
  const inCharacters = call.attributes.text("unit", "BYTE") === "UTF8_CHAR";
  const out = value.values.map((bytes, i) => {
    const characters = inCharacters ? characterStarts(bytes) : null;
    const length = characters?.length ?? bytes.length;
    const start = starts.length === 1 ? starts[0]! : starts[i]!;
    const count = counts.length === 1 ? counts[0]! : counts[i]!;
    const from = start < 0 ? length + start : start;
    if (from < 0 || from > length)
      throw call.error("G11", `position ${start} is outside a string of ${length}`);
    const place = (unit: number): number => (characters === null ? unit : (characters[unit] ?? bytes.length));
    return bytes.subarray(place(from), place(from + count));
  });
  return new StringTensor(value.shape, out);
}

/** Rows of pieces as a sparse tensor: indices, values, dense shape. */
function sparseRows(rows: readonly (readonly Uint8Array[])[]): GraphValue[] {
  const indices = rows.flatMap((row, r) => row.flatMap((_, c) => [r, c]));
  const widest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const values = rows.flat();
  return [
    tf.tensor2d(Int32Array.from(indices), [values.length, 2], "int32"),
    new StringTensor([values.length], values),
    intVector([rows.length, widest]),
  ];
}

function splitV2(call: OpCall): GraphValue[] {
  const separator = textAt(call, 1);
  const most = call.attributes.int("maxsplit", -1);
  return sparseRows(
    call
      .strings(0)
      .text()
      .map((text) => splitText(text, separator, most).map(encodeText)),
  );
}

/** The old op: any byte of the delimiter splits; no delimiter splits into bytes. */
function splitOnce(call: OpCall): GraphValue[] {
  const delimiters = new Set(call.strings(1).values[0]);
  const skipEmpty = call.attributes.bool("skip_empty", true);
  return sparseRows(
    call.strings(0).values.map((bytes) => {
      if (delimiters.size === 0) return Array.from(bytes, (byte) => Uint8Array.of(byte));
      const ends = [...bytes.keys()].filter((at) => delimiters.has(bytes[at]!));
      const pieces = [...ends, bytes.length].map((end, i) =>
        bytes.subarray(i === 0 ? 0 : ends[i - 1]! + 1, end),
      );
      return pieces.filter(({ length }) => !skipEmpty || length > 0);
    }),
  );
}

function nGrams(call: OpCall): GraphValue[] {
  const { attributes } = call;
  const data = call.strings(0).text();
  const splits = call.numbers(1);
  const [left, right] = [attributes.text("left_pad"), attributes.text("right_pad")];
  const separator = attributes.text("separator");
  const padWidth = attributes.int("pad_width");
  const out: string[] = [];
  const ends = [0];
  for (let row = 0; row + 1 < splits.length; row++) {
    const tokens = data.slice(splits[row], splits[row + 1]);
    const before = out.length;
    for (const width of attributes.ints("ngram_widths")) {
      const pad = padWidth < 0 ? width - 1 : Math.min(padWidth, width - 1);
      const padded = [...new Array<string>(pad).fill(left), ...tokens, ...new Array<string>(pad).fill(right)];
      out.push(...textNGrams(padded, [width], separator));
    }
    if (out.length === before && attributes.bool("preserve_short_sequences") && tokens.length > 0) {
      out.push(tokens.join(separator));
    }
    ends.push(out.length);
  }
  return [StringTensor.fromText([out.length], out), intVector(ends)];
}

function replace(call: OpCall, pattern: string, rewrite: string): StringTensor {
  const expression = regularExpression(call, pattern, false);
  const all = call.attributes.bool("replace_global", true);
  return each(call.strings(0), (text) => replaceMatches(text, expression, rewrite, all));
}

function fullMatch(call: OpCall, pattern: string): tf.Tensor {
  const expression = regularExpression(call, pattern, true);
  const value = call.strings(0);
  return tf.tensor(
    value.text().map((text) => text.search(expression) === 0),
    [...value.shape],
    "bool",
  );
}

function buckets(call: OpCall, hash: (bytes: Uint8Array) => bigint): GraphValue {
  const value = call.strings(0);
  const count = BigInt(call.attributes.int("num_buckets", 1));
  return integersOf(
    value.values.map((bytes) => hash(bytes) % count),
    value.shape,
  );
}

function strongBuckets(call: OpCall): GraphValue {
  const [a = 0n, b = 0n] = call.attributes.bigints("key");
  const key: [bigint, bigint] = [BigInt.asUintN(64, a), BigInt.asUintN(64, b)];
  return buckets(call, (bytes) => sipHash(key, bytes));
}

function encodeBase64(call: OpCall): StringTensor {
  const padding = call.attributes.bool("pad");
  return eachBytes(call.strings(0), (bytes) => {
    const text = Buffer.from(bytes).toString("base64url");
    return encodeText(padding ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text);
  });
}

/** Of several axes, the first that is named runs fastest; none of them leaves all as it is. */
function reduceJoin(call: OpCall): StringTensor {
  const { shape, values } = call.strings(0);
  const rank = shape.length;
  const reduced = call.numbers(1).map((axis) => (axis + rank) % rank);
  const kept = shape.map((_, d) => d).filter((d) => !reduced.includes(d));
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((n, dim) => n * dim, 1));
  const starts = offsets(kept, shape, strides);
  const steps = offsets([...reduced].reverse(), shape, strides);
  const separator = encodeText(call.attributes.text("separator"));
  const joined = starts.map((start) =>
    joinBytes(
      steps.map((step) => values[start + step]!),
      separator,
    ),
  );
  const whole = shape.map((dim, d) => (reduced.includes(d) ? 1 : dim));
  return new StringTensor(call.attributes.bool("keep_dims") ? whole : kept.map((d) => shape[d]!), joined);
}

/** Places of all elements along the axes, the last axis fastest. */
function offsets(axes: readonly number[], shape: readonly number[], strides: readonly number[]): number[] {
  return axes.reduce<number[]>(
    (places, d) =>
      places.flatMap((place) => Array.from({ length: shape[d]! }, (_, i) => place + i * strides[d]!)),
    [0],
  );
}

function unicodeDecode(call: OpCall): KernelResult {
  const encoding = call.attributes.text("input_encoding", "UTF-8");
  const rows = call.strings(0).values.map((bytes) => decodeCharacters(call, bytes, encoding));
  const splits = rows.reduce<number[]>((ends, row) => [...ends, ends.at(-1)! + row.length], [0]);
  const all = rows.flat();
  return [
    intVector(splits),
    intVector(all.map(({ point }) => point)),
    intVector(all.map(({ start }) => start)),
  ];
}

function unicodeEncode(call: OpCall): StringTensor {
  const points = call.numbers(0);
  const splits = call.numbers(1);
  const encoding = call.attributes.text("output_encoding", "UTF-8");
  const texts = splits.slice(1).map((end, i) =>
    encodeWith(
      points
        .slice(splits[i], end)
        .map((point) => characterOf(call, point))
        .join(""),
      encoding,
    ),
  );
  return new StringTensor([texts.length], texts);
}

function format(call: OpCall): StringTensor {
  const { attributes } = call;
  const parts = attributes.text("template", "%s").split(attributes.text("placeholder", "%s"));
  const most = attributes.int("summarize", 3);
  const shown = call.inputs.map((_, i) => summarizeValues(call, i, most));
  return StringTensor.fromText(
    [],
    [parts.map((part, i) => (i === 0 ? part : (shown[i - 1] ?? "") + part)).join("")],
  );
}

function decodeRaw(call: OpCall): GraphValue {
  const value = call.strings(0);
  const dtype = dtypeName(call.attributes.type("out_type") ?? DataType.DT_UINT8);
  if (dtype === null || dtype === "string") throw call.error("G11", "it reads no such type from bytes");
  const width = elementBytes(dtype);
  // DecodePaddedRaw is told how long each string is to be.
  const length = call.count > 1 ? call.checkedShape([call.number(1)])[0]! : (value.values[0]?.length ?? 0);
  const bytes = Buffer.alloc(length * value.values.length);
  value.values.forEach((own, i) => {
    if (call.count === 1 && own.length !== length) throw call.error("G11", "its strings differ in length");
    bytes.set(own.subarray(0, length), i * length);
  });
  if (length % width !== 0) throw call.error("G11", `${length} bytes are no whole number of ${dtype} values`);
  if (!call.attributes.bool("little_endian", true)) swap(bytes, width);
  const elements = elementsFrom(Uint8Array.from(bytes), dtype);
  return tensorFrom(elements, [...value.shape, length / width], dtype === "bool");
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at + width <= bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

function segmentJoin(call: OpCall): StringTensor {
  const count = call.checkedShape([call.number(2)])[0]!;
  const groups = Array.from({ length: count }, (): Uint8Array[] => []);
  const ids = call.numbers(1);
  call.strings(0).values.forEach((bytes, i) => groups[ids[i]!]?.push(bytes));
  const separator = encodeText(call.attributes.text("separator"));
  return new StringTensor(
    [count],
    groups.map((group) => joinBytes(group, separator)),
  );
}
