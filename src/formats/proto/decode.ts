import { fromBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { fromText } from "@bufbuild/protobuf/txtpb";
import { FormatError } from "../model-file.js";

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

/**
 * Decodes the text form (`.pbtxt`).
 * @throws FormatError F14 when the text is not this message.
 */
export function decodeText<Desc extends DescMessage>(
  schema: Desc,
  text: string,
  where: string,
): MessageShape<Desc> {
  try {
    return fromText(schema, text, { recursionLimit: DEPTH });
  } catch (error) {
    throw notThisMessage(schema, where, reason(error), error);
  }
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
