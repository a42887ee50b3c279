import { FormatError } from "../model-file.js";

const BLOCK = 512;
const MEMBERS = 10_000;

/** Whether bytes are a tar archive: its magic stands in the first header. */
export function looksLikeTar(bytes: Uint8Array): boolean {
  return bytes.byteLength >= BLOCK && ascii(bytes.subarray(257, 262)) === "ustar";
}

/**
 * The plain files of a tar archive, by name, as views of its bytes (POSIX ustar, pax and GNU long names). Links and
 * devices are left out; nothing is written to disk.
 * @throws FormatError F18 for more members than any model has, F01 where a header makes no sense
 */
export function readTar(path: string, bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let longName: string | null = null;
  for (let at = 0, count = 0; at + BLOCK <= bytes.byteLength; count++) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (count > MEMBERS) throw failure("F18", path, `it has more than ${MEMBERS} members`);
    const size = sizeOf(path, header);
    const data = bytes.subarray(at + BLOCK, at + BLOCK + size);
    const type = String.fromCharCode(header[156]!);
    if (type === "L") longName = ascii(data);
    else if (type === "x") longName = paxPath(data) ?? longName;
    else {
      const name: string = (longName ?? nameOf(header)).replace(/^(\.\/)+/, "");
      // A file that is cut is left as far as it goes.
      if ((type === "0" || type === "\0") && !files.has(name)) files.set(name, data);
      longName = null;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function nameOf(header: Uint8Array): string {
  const prefix = ascii(header.subarray(345, 500));
  const name = ascii(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal digits, or, for large files, a number in base 256. */
function sizeOf(path: string, header: Uint8Array): number {
  const field = header.subarray(124, 136);
  if (field[0]! & 0x80) return field.subarray(1).reduce((size, byte) => size * 256 + byte, 0);
  const size = parseInt(ascii(field).trim() || "0", 8);
  if (!Number.isSafeInteger(size) || size < 0)
    throw failure("F01", path, "a member of the tar archive has no size");
  return size;
}

function paxPath(data: Uint8Array): string | null {
  return /^\d+ path=(.*)$/m.exec(new TextDecoder().decode(data))?.[1] ?? null;
}

function ascii(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function failure(code: "F01" | "F18", where: string, detail: string): FormatError {
  const title = code === "F18" ? "Refused tar archive" : "Damaged tar archive";
  return new FormatError({
    code,
    title,
    where,
    detail,
    advice: "Get the file again from where it was made.",
  });
}
