import type { ByteSource } from "../byte-source.js";
import { checksumsDiffer } from "../checksums-differ.js";
import { FormatError, type FormatFinding, type StoredWeight } from "../model-file.js";
import { Damage } from "./failures.js";
import { Hdf5File } from "./file.js";

/**
 * Opens the structure of an HDF5 file.
 * @param path for messages: the file, or the member of an archive
 * @throws FormatError F03 when nothing can be reached, F18 when the file is refused
 */
export function openHdf5(path: string, source: ByteSource): Hdf5File {
  try {
    return Hdf5File.open(source);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    const finding = {
      code: "F03",
      title: "Truncated or damaged HDF5 file",
      where: `byte ${error.byte}`,
      detail: `${error.detail}; nothing of the model can be reached in ${path}`,
      advice: "Get the file again from where it was made; compare its size with the original's.",
    };
    throw new FormatError(finding, { cause: error });
  }
}

const SHOWN = 10;

/**
 * F03: what a truncated or damaged file has lost, and where checksums differ; nothing for a sound file.
 * @param unreached paths that the file's own lists name and nothing leads to any more
 */
export function damageFindings(
  file: Hdf5File,
  weights: readonly StoredWeight[],
  unreached: readonly string[] = [],
): FormatFinding[] {
  return [...lossFindings(file, weights, unreached), ...checksumFindings(file)];
}

/** The HDF5 library reads no object whose checksum differs: what its bytes say may be wrong. */
function checksumFindings({ mismatches }: Hdf5File): FormatFinding[] {
  const [first] = mismatches;
  if (first === undefined) return [];
  const [byte, what] = first;
  const others = mismatches.size > 1 ? `, nor do those of ${mismatches.size - 1} more places` : "";
  const bytes = `the bytes of ${what} at byte ${byte} do not match their checksum${others}`;
  return [checksumsDiffer(`byte ${byte}`, bytes, "names, shapes and places")];
}

/** What a truncated or damaged file has lost and what of it is whole. */
function lossFindings(
  file: Hdf5File,
  weights: readonly StoredWeight[],
  unreached: readonly string[],
): FormatFinding[] {
  const { source, superblock, lost } = file;
  const cut = superblock.end - source.size;
  const broken = weights.filter((weight) => !weight.whole);
  if (cut <= 0 && lost.length === 0 && broken.length === 0) return [];
  const first = lost[0];
  const percent = ((100 * cut) / superblock.end).toFixed(1);
  const what =
    cut > 0
      ? `${cut} of ${superblock.end} bytes (${percent} %) are missing at the end`
      : `the structure is damaged at byte ${first?.byte ?? 0}: ${first?.detail ?? "bytes are missing"}`;
  const names = new Set([...lost, ...broken].map(({ path }) => path).concat(unreached));
  const whole = weights.length - broken.length;
  const reached =
    weights.length === 0
      ? "no tensor can be reached"
      : `${whole} of ${weights.length} tensors found are whole`;
  return [
    {
      code: "F03",
      title: cut > 0 ? "Truncated file" : "Damaged file",
      where: `byte ${cut > 0 ? source.size : (first?.byte ?? 0)}`,
      detail: `${what}; ${reached}${listLost([...names])}${sayLoose(file)}`,
      happened: what + sayLoose(file),
      advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
    },
  ];
}

function sayLoose({ loose }: Hdf5File): string {
  const [first] = loose;
  if (first === undefined) return "";
  return `; ${loose.length} of the objects found have lost their names and are called by the byte of their header, as ${first.path} (older versions of others may be among them)`;
}

function listLost(names: readonly string[]): string {
  if (names.length === 0) return "";
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : "";
  const shown = names.slice(0, SHOWN).map((name) => (name === "/" ? "the list of what is in it (/)" : name));
  return `; lost: ${shown.join(", ")}${more}`;
}
