import { startsWith } from "./byte-source.js";

/** What a file is that holds no model as it stands, and what to do about it. */
export interface Foreign {
  /** As in "the file is ...". */
  readonly name: string;
  readonly advice: string;
}

const UNPACK = "Unpack it first, and give the file or folder that comes out.";
const OTHER = "Check that this is the file you mean.";
const AGAIN =
  "What was changed cannot all be told from what was there before: get the file again, as binary (scp, curl, git lfs).";

/** First bytes of what is mistaken for a model file. */
const BEGINNINGS: readonly (readonly [bytes: readonly number[], name: string, advice: string])[] = [
  [[0x42, 0x5a, 0x68], "a bzip2-compressed file", UNPACK],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "an xz-compressed file", UNPACK],
  [[0x28, 0xb5, 0x2f, 0xfd], "a Zstandard-compressed file", UNPACK],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive", UNPACK],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], "a RAR archive", UNPACK],
  [[0x89, 0x50, 0x4e, 0x47], "a PNG picture", OTHER],
  [[0xff, 0xd8, 0xff], "a JPEG picture", OTHER],
  [[0x47, 0x49, 0x46, 0x38], "a GIF picture", OTHER],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document", OTHER],
  [[0x7f, 0x45, 0x4c, 0x46], "a program or library (ELF)", OTHER],
  // The signature of HDF5 is made so that copying it as text changes it.
  [
    [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0d, 0x0a],
    "an HDF5 file whose line feeds were replaced: it was copied as text",
    AGAIN,
  ],
  [
    [0x89, 0x48, 0x44, 0x46, 0x0a],
    "an HDF5 file whose line feeds were replaced: it was copied as text",
    AGAIN,
  ],
  [[0xc2, 0x89, 0x48, 0x44, 0x46], "an HDF5 file that was written as text (UTF-8)", AGAIN],
  [[0xef, 0xbf, 0xbd, 0x48, 0x44, 0x46], "an HDF5 file that was written as text (UTF-8)", AGAIN],
  [[0x09, 0x48, 0x44, 0x46], "an HDF5 file that lost the eighth bit of each byte", AGAIN],
];

/** The beginnings of HDF5 files and zip archives in base64. */
const BASE64 = /^(iUhERg0KGgo|UEsDB)/;

/** What the first bytes are known to be; null where they say nothing. */
export function foreignKind(head: Uint8Array): Foreign | null {
  const found = BEGINNINGS.find(([bytes]) => startsWith(head, bytes));
  if (found) return { name: found[1], advice: found[2] };
  if (head.byteLength > 0 && head.every((byte) => byte === 0)) {
    return {
      name: "nothing but zeros where it begins",
      advice: "A download or copy made room for the file and never filled it. Get the file again.",
    };
  }
  if (BASE64.test(new TextDecoder("latin1").decode(head)))
    return { name: "a model file in base64, as text", advice: "Decode it first: base64 -d FILE > model.h5." };
  return null;
}
