import zlib from "node:zlib";
import type { ByteSource } from "../byte-source.js";
import { FormatError, type FormatFinding } from "../model-file.js";
import { readWhole } from "../saved-model/folder.js";

/** What is unpacked lies in memory. */
const LARGEST = 2 * 2 ** 30;
/** A small file may unpack to this much, a larger one to 20 times its size. */
const SMALL = 64 * 2 ** 20;
const RATIO = 20;

/**
 * Unpacks a gzip file in memory.
 * @returns what it holds; of a file that is cut off, its beginning, and a finding (F01)
 * @throws FormatError F01 when it is damaged, F18 when it unpacks to far more than it stores
 */
export function gunzip(path: string, source: ByteSource): { bytes: Uint8Array; cut: FormatFinding | null } {
  const maxOutputLength = Math.min(LARGEST, Math.max(SMALL, RATIO * source.size));
  if (source.size > LARGEST) throw tooLarge(path, maxOutputLength);
  try {
    return { bytes: zlib.gunzipSync(readWhole(source), { maxOutputLength }), cut: null };
  } catch (cause) {
    if (/unexpected end of file/.test((cause as Error).message))
      return beginning(path, source, maxOutputLength);
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw tooLarge(path, maxOutputLength);
    const finding = {
      code: "F01",
      title: "Damaged or truncated gzip file",
      where: path,
      detail: (cause as Error).message,
      advice: "Get the file again from where it was made; compare its size with the original's.",
    };
    throw new FormatError(finding, { cause });
  }
}

/** What can be unpacked of a file that was cut off. */
function beginning(
  path: string,
  source: ByteSource,
  maxOutputLength: number,
): { bytes: Uint8Array; cut: FormatFinding } {
  const options = { maxOutputLength, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  const bytes = zlib.gunzipSync(readWhole(source), options);
  const cut = {
    code: "F01",
    title: "Truncated gzip file",
    where: path,
    detail: `the file ends before its content does; ${bytes.byteLength} bytes could be unpacked`,
    advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
  };
  return { bytes, cut };
}

function tooLarge(path: string, most: number): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused gzip file",
    where: path,
    detail: `it unpacks to more than ${most} bytes`,
    advice: "If it is a model, unpack it by hand and open what is inside.",
  });
}
