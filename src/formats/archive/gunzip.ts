import zlib from "node:zlib";
import type { ByteSource } from "../byte-source.js";
import { FormatError } from "../model-file.js";
import { readWhole } from "../saved-model/folder.js";

/** What is unpacked lies in memory. */
const LARGEST = 2 * 2 ** 30;
/** A small file may unpack to this much, a larger one to 100 times its size. */
const SMALL = 64 * 2 ** 20;

/**
 * Unpacks a gzip file in memory.
 * @throws FormatError F01 when it is damaged, F18 when it unpacks to far more than it stores
 */
export function gunzip(path: string, source: ByteSource): Uint8Array {
  const maxOutputLength = Math.min(LARGEST, Math.max(SMALL, 100 * source.size));
  if (source.size > LARGEST) throw tooLarge(path, maxOutputLength);
  try {
    return zlib.gunzipSync(readWhole(source), { maxOutputLength });
  } catch (cause) {
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

function tooLarge(path: string, most: number): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused gzip file",
    where: path,
    detail: `it unpacks to more than ${most} bytes`,
    advice: "If it is a model, unpack it by hand and open what is inside.",
  });
}
