import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Numbers of `e_machine` (System V ABI, ELF header) by Node's names of architectures. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const HEADER = 64;

/**
 * Why a shared library of Linux cannot be opened by this Node, told from its first bytes: it is cut off, or made for
 * another processor. Opening it would say so in the linker's words, or end the process at a page that is not there.
 * @returns a part of a sentence about the file; null when nothing speaks against it.
 */
export function faultOfLibrary(path: string, arch: string = process.arch): string | null {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER);
    const read = readSync(file, header, 0, HEADER, 0);
    if (read < HEADER) return `is cut off: it has ${read} bytes`;
    if (header.readUInt32BE(0) !== 0x7f454c46) return "is no library of Linux (ELF)";
    const machine = header.readUInt16LE(18);
    if (header[4] !== 2 || machine !== MACHINES[arch])
      return `is made for another processor than Node (${arch})`;
    // The table of sections is the last thing in it.
    const end = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
    const { size } = fstatSync(file);
    return size < end ? `is cut off: it has ${size} bytes of ${end}` : null;
  } finally {
    closeSync(file);
  }
}
