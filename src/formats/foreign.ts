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

const DARKNET =
  "Convert them with their .cfg by the converter of a Keras YOLO repository, and open the .h5 it writes.";
/** What to do with a pickle, of a model or of its weights. */
export const PICKLED =
  "A pickle runs code when it is opened, so it is never opened. Ask for a .keras or .h5 file; or, where you trust it, unpickle it in Python and save weights by numpy.savez('weights.npz', *weights).";

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
  [[0x4d, 0x5a], "a program of Windows", OTHER],
  [
    [0x47, 0x47, 0x55, 0x46],
    "a GGUF file, as llama.cpp uses them",
    "Its weights are packed for llama.cpp. Ask for safetensors, or for the Keras model it was made from.",
  ],
  // Version 0.1 or 0.2, in three numbers of four bytes.
  [[0, 0, 0, 0, 1, 0, 0, 0], "weights of Darknet (YOLO)", DARKNET],
  [[0, 0, 0, 0, 2, 0, 0, 0], "weights of Darknet (YOLO)", DARKNET],
  [
    [...Buffer.from("MATLAB 5.0 MAT-file")],
    "a MAT file of MATLAB (version 5 to 7)",
    'In MATLAB save("model.mat", "-v7.3") writes HDF5, whose arrays can be listed here.',
  ],
  [
    [...Buffer.from("bplist00")],
    "a property list of macOS: iCloud keeps one in place of a file that it has not downloaded",
    "Download the file in the Finder (the cloud beside its name), or with brctl download FILE, and give that.",
  ],
  [[...Buffer.from("SQLite format 3")], "an SQLite database", OTHER],
  [[...Buffer.from("PAR1")], "a Parquet table", OTHER],
  [[0x78, 0x9c], "zlib-compressed data, as joblib writes its pickles", PICKLED],
  [[0x78, 0x01], "zlib-compressed data, as joblib writes its pickles", PICKLED],
  [[0x78, 0xda], "zlib-compressed data, as joblib writes its pickles", PICKLED],
  // The signature of HDF5 is made so that copying it as text changes it.
  [
    [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0d, 0x0a],
    "an HDF5 file whose line feeds were replaced in part: it was copied as text",
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

/** Beginnings of texts that are mistaken for one, behind white space. */
const TEXTS: readonly (readonly [start: RegExp, name: string, advice: string])[] = [
  [
    /^<(\?xml|[A-Za-z])/,
    "an XML document",
    "Stores answer with one in place of a file that they do not give: read in it why (AccessDenied, NoSuchKey), and get the file again.",
  ],
  [
    /^\{\s*"(error|errors|message|detail|status|statusCode|code)"\s*:/i,
    "an answer of a server, in JSON",
    "A server answered with an error in place of the file. Read it, and get the file again: a private repository asks for a token.",
  ],
  [
    /^\{\s*"(cells|nbformat)"\s*:/,
    "a Jupyter notebook",
    "It holds the code, not what the code saved: give the file that its model.save(...) wrote.",
  ],
  [
    /^(md5: \w+\s+|frozen: \w+\s+)*(outs|deps):\s+-\s+(md5|etag|checksum|size|hash|path):/,
    "a DVC pointer: a few lines of text that stand for the real file",
    'In the clone of the repository run "dvc pull" with this path, and give the path without .dvc.',
  ],
  [
    /^(#[^\n]*\n|\s|"""[^]*?""")*(import|from) [\w.]+/,
    "Python source code",
    "It builds the model: give the file that its model.save(...) wrote.",
  ],
];

/** The beginnings of HDF5 files and zip archives in base64, also as a page's link holds them. */
const BASE64 = /^(data:[\w/+.-]*;base64,)?(iUhERg0KGgo|UEsDB)/;

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
  const text = new TextDecoder().decode(head).trimStart();
  if (BASE64.test(text)) {
    const decode = text.startsWith("data:")
      ? "sed 's/^data:[^,]*,//' FILE | base64 -d > model.h5"
      : "base64 -d FILE > model.h5";
    return { name: "a model file in base64, as text", advice: `Decode it first: ${decode}.` };
  }
  const [, name, advice] = TEXTS.find(([start]) => start.test(text)) ?? [];
  return name === undefined || advice === undefined ? null : { name, advice };
}
