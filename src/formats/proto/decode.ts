import { fromBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { FormatError, type FormatFinding } from "../model-file.js";
import { textToBinary, wholeTextFields } from "./text-format.js";
import { wholeFields } from "./whole-fields.js";

/** Messages inside messages. TensorFlow's own reader stops at 100; no real graph comes near 64. */
const DEPTH = 64;
/** Protobuf's own limit for one message. */
const BYTES = 2 ** 31 - 1;

/**
 * Decodes a protobuf message. `bytes` fields stay views of `bytes`, so a graph with 100 MB of constants costs its
 * structure only.
 * @param where file and part, for the error, e.g. `saved_model.pb`.
 * @throws FormatError F14 when the bytes are not this message.
 */
export function decode<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  where: string,
): MessageShape<Desc> {
  if (bytes.byteLength > BYTES) throw notThisMessage(schema, where, "it is larger than 2 GiB");
  try {
    return fromBinary(schema, bytes, { readUnknownFields: false, recursionLimit: DEPTH });
  } catch (error) {
    throw notThisMessage(schema, where, reason(error), error);
  }
}

/** A message, and what is to be said where its end is missing. */
export interface CutMessage<Desc extends DescMessage> {
  readonly message: MessageShape<Desc>;
  readonly cut: FormatFinding | null;
}

/**
 * As `decode`; of a message that is cut off, what is whole of it: F03 says how much is missing.
 * @throws FormatError F14 when the bytes are not this message.
 */
export function decodeWhole<Desc extends DescMessage>(
  schema: Desc,
  bytes: Uint8Array,
  where: string,
): CutMessage<Desc> {
  try {
    return { message: decode(schema, bytes, where), cut: null };
  } catch (error) {
    const left = error instanceof FormatError ? wholeFields(schema, bytes) : null;
    if (left === null || left.bytes.length === 0) throw error;
    const percent = ((100 * left.missing) / (bytes.length + left.missing)).toFixed(1);
    const detail = `the file ends inside a message; at least ${left.missing} bytes (${percent} %) are missing`;
    return { message: decode(schema, left.bytes, where), cut: truncated(where, bytes.length, detail) };
  }
}

/** As `decodeWhole`, for the text form. */
export function decodeWholeText<Desc extends DescMessage>(
  schema: Desc,
  text: string,
  where: string,
): CutMessage<Desc> {
  try {
    return { message: decodeText(schema, text, where), cut: null };
  } catch (error) {
    const left = error instanceof FormatError ? wholeTextFields(schema, text) : null;
    if (left === null || left.length === 0) throw error;
    const cut = truncated(
      where,
      Buffer.byteLength(text),
      `the text is cut: ${(error as FormatError).finding.detail}`,
    );
    return { message: decode(schema, left, where), cut };
  }
}

function truncated(where: string, bytes: number, detail: string): FormatFinding {
  return {
    code: "F03",
    title: "Truncated file",
    where: `${where}, byte ${bytes}`,
    detail,
    advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
  };
}

/**
 * Decodes the text form (`.pbtxt`).
 * @throws FormatError F14 when the text is not this message.
 */
export function decodeText<Desc extends DescMessage>(
  schema: Desc,
  text: string,
  where: string,
): MessageShape<Desc> {
  let bytes: Uint8Array;
  try {
    bytes = textToBinary(schema, text);
  } catch (error) {
    throw notThisMessage(schema, where, reason(error), error);
  }
  return decode(schema, bytes, where);
}

function notThisMessage(schema: DescMessage, where: string, detail: string, cause?: unknown): FormatError {
  return new FormatError(
    {
      code: "F14",
      title: `Not a readable ${schema.name}`,
      where,
      detail,
      advice: "The file is damaged or cut short: copy it again from where it was made.",
    },
    { cause },
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
