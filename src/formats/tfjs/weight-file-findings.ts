import type { FormatFinding, StoredWeight } from "../model-file.js";
import type { OpenedGroup } from "./weight-files.js";
import { groupSize, type ManifestGroup } from "./weights-manifest.js";

/**
 * What is to be said of a tfjs model's weight files: other names or order, missing, too short or too long.
 * @param names of the files that were opened for those that each group lists
 * @param foreign what was found of files that hold something else than weights, by their names
 */
export function weightFileFindings(
  groups: readonly ManifestGroup[],
  names: readonly (readonly string[])[],
  opened: readonly OpenedGroup[],
  weights: readonly StoredWeight[],
  foreign: ReadonlyMap<string, FormatFinding>,
): FormatFinding[] {
  const missing = opened.flatMap((group) => group.missing);
  return [
    ...groups.flatMap(({ paths }, i) => (paths === names[i] ? [] : [underOtherNames(paths, names[i]!)])),
    ...groups.flatMap((group, i) => [
      ...inDisorder(group),
      ...uneven(group, opened[i]!),
      ...surplus(group, opened[i]!),
    ]),
    ...(missing.length > 0
      ? missing.map((name) => missingPart(name, weights, foreign.get(name)))
      : cutFindings(weights, opened)),
  ];
}

function missingPart(
  name: string,
  weights: readonly StoredWeight[],
  foreign: FormatFinding | undefined,
): FormatFinding {
  if (foreign) return { ...foreign, detail: `${foreign.detail}; ${lossOf(weights)}` };
  return {
    code: "F07",
    title: "A part of the weights is missing",
    where: "weightsManifest",
    detail: `model.json names ${JSON.stringify(name.slice(0, 120))}, which is not beside it; ${lossOf(weights)}`,
    advice: "Put the missing file beside model.json; the tensors that are whole can be used meanwhile.",
  };
}

function underOtherNames(wanted: readonly string[], found: readonly string[]): FormatFinding {
  const changed = wanted.flatMap((name, i) => (name === found[i] ? [] : [[name, found[i]!]]));
  const shown = changed.slice(0, 3).map((pair) => pair.map((name) => JSON.stringify(name)).join(" is "));
  return {
    code: "F12",
    title: "Weight files under other names",
    where: "weightsManifest",
    detail: `the names in model.json are not there; ${shown.join(", ")}${changed.length > 3 ? ", ..." : ""}, and together they have the size that it says`,
    advice: "Other programs need the names that model.json gives.",
  };
}

/** The files are read one after the other as they are listed, whatever number is in their names. */
function inDisorder({ paths }: ManifestGroup): FormatFinding[] {
  const numbers = paths.map((path) => Number(/shard-?(\d+)of\d+/i.exec(path)?.[1] ?? NaN));
  const at = numbers.findIndex((number, i) => i > 0 && number < numbers[i - 1]!);
  if (at < 0) return [];
  const [before, after] = [paths[at - 1]!, paths[at]!].map((name) => JSON.stringify(name.slice(0, 120)));
  return [
    {
      code: "F12",
      title: "Weight files in another order",
      where: "weightsManifest",
      detail: `model.json lists ${before} before ${after}; they were read in that order`,
      advice: "If predictions are wrong, list the files by their numbers in weightsManifest.",
    },
  ];
}

/**
 * Files that stand under each other's names: the converter makes all of a group equally long and only the last
 * shorter, whatever is read in its place.
 */
function uneven(group: ManifestGroup, { sizes, bytes }: OpenedGroup): FormatFinding[] {
  if (bytes !== groupSize(group)) return [];
  const longest = Math.max(...sizes.map((size) => size ?? NaN));
  const shorter = sizes.flatMap((size, i) => (size === longest ? [] : [i]));
  const [at] = shorter;
  if (shorter.length !== 1 || at === sizes.length - 1) return [];
  return [
    {
      code: "F12",
      title: "Weight files may stand under each other's names",
      where: "weightsManifest",
      detail: `${quoted(group.paths[at!]!)} is shorter than the files after it, where converters make only the last one shorter`,
      advice: "If predictions are wrong, two of the files have each other's name: get them again.",
    },
  ];
}

/** Bytes that no tensor takes: a tensor before them may be of another type or shape than model.json says. */
function surplus(group: ManifestGroup, { bytes, long, gaps }: OpenedGroup): FormatFinding[] {
  const needed = groupSize(group);
  if (needed === null || gaps.length > 0 || bytes <= needed) return [];
  const inner = long.filter((name) => name !== group.paths.at(-1));
  const where = inner.length > 0 ? ` at the end of ${inner.map(quoted).join(", ")}` : "";
  return [
    {
      code: "F12",
      title: "Weight files are longer than their tensors",
      where: "weightsManifest",
      detail: `the tensors of model.json take ${needed} bytes, its files have ${bytes}; the last ${bytes - needed}${where} were not read`,
      advice:
        inner.length > 0
          ? "If predictions are wrong, the longer file was changed on its way, as a transfer as text does: get it again."
          : "If predictions are wrong, a dtype or shape in weightsManifest is not that of the data, and all that follows it is displaced: convert the model again.",
    },
  ];
}

function lossOf(weights: readonly StoredWeight[]): string {
  const lost = weights.filter(({ whole }) => !whole).map(({ name }) => name);
  const shown = `${lost.slice(0, 10).join(", ")}${lost.length > 10 ? `, and ${lost.length - 10} more` : ""}`;
  return `${weights.length - lost.length} of ${weights.length} tensors are whole${lost.length > 0 ? `; lost: ${shown}` : ""}`;
}

function cutFindings(weights: readonly StoredWeight[], opened: readonly OpenedGroup[]): FormatFinding[] {
  if (weights.every(({ whole }) => whole)) return [];
  const short = opened.flatMap((group) => group.short);
  return [
    {
      code: "F03",
      title: "Weight files are too short",
      where: "weightsManifest",
      detail: `${short.length > 0 ? `${short.slice(0, 3).map(quoted).join(", ")} cut off; ` : ""}${lossOf(weights)}`,
      advice: "Get the weight files again from where the model was made.",
    },
  ];
}

const quoted = (name: string): string => JSON.stringify(name.slice(0, 120));
