import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import { brief, savedToken } from "../../keras/json.js";
import type { Arguments } from "../arguments/arguments.js";
import type { OutputMode } from "./categories.js";
import type { Adjustment, LayerContext } from "../registry.js";
/** The special tokens of a lookup, and where the vocabulary proper begins after them (index_lookup.py). */
export interface SpecialTokens {
  /** Null where nothing is masked. */
  readonly mask: string | null;
  readonly oov: string | null;
  readonly oovIndices: number;
}

/** Index of the first token for what is not in the vocabulary: 0 is the mask's in the mode `int`. */
export function oovStart(special: SpecialTokens, mode: OutputMode): number {
  return special.mask !== null && mode === "int" ? 1 : 0;
}

/**
 * The tokens of a lookup without its special ones: from the config, else from the `vocabulary.txt` that Keras puts
 * among the archive's assets.
 * @returns null where the file has no vocabulary: an HDF5 file drops one that was learned by `adapt`
 */
export function readVocabulary(
  args: Arguments,
  context: Pick<LayerContext, "asset" | "origin">,
  special: SpecialTokens,
  mode: OutputMode,
): readonly string[] | null {
  const saved = args.raw("vocabulary");
  if (typeof saved === "string") throw elsewhere(saved);
  const all = Array.isArray(saved) ? saved.map(asToken) : fromAsset(context);
  if (all === null) return null;
  const head = [
    ...Array.from({ length: oovStart(special, mode) }, () => special.mask ?? ""),
    ...Array.from({ length: special.oovIndices }, () => special.oov ?? ""),
  ];
  const withHead = head.length > 0 && head.every((token, i) => all[i] === token);
  const tokens = withHead ? all.slice(head.length) : all;
  if (Array.isArray(saved)) {
    checkTokens(tokens);
    if (special.mask !== null && tokens.includes(special.mask))
      throw args.wrong("vocabulary", `without the mask_token ${brief(special.mask)}, which stands before it`);
    const most = args.raw("max_tokens");
    if (typeof most === "number" && head.length + tokens.length > most)
      throw args.wrong(
        "max_tokens",
        `at least ${head.length + tokens.length}, as many as the vocabulary has`,
      );
  }
  return tokens;
}

/** A table has each token once. */
function checkTokens(tokens: readonly string[]): void {
  const twice = tokens.length === 0 ? null : repeated(tokens);
  if (tokens.length > 0 && twice === null) return;
  throw new LayerError(
    "A24",
    "vocabulary",
    twice === null ? "vocabulary = []" : `vocabulary has ${brief(twice)} more than once`,
    "the argument must be a list of tokens, each of them once",
    "Correct vocabulary in the layer's config.",
  );
}

function repeated(tokens: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (seen.has(token)) return token;
    seen.add(token);
  }
  return null;
}

function fromAsset({ asset, origin }: Pick<LayerContext, "asset" | "origin">): string[] | null {
  const text = asset("vocabulary.txt");
  if (text === null) return null;
  if (countLines(text) > MOST_LINES) throw tooMany(text);
  if (origin.major < 3) return text.split("\n");
  const lines = splitLines(text);
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** More words than any vocabulary has; each becomes an object. */
const MOST_LINES = 2 ** 22;

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0 && count <= MOST_LINES; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function tooMany(text: string): LayerError {
  return new LayerError(
    "O03",
    "vocabulary",
    `vocabulary.txt has more than ${MOST_LINES} lines in ${text.length} characters`,
    "no vocabulary has as many words",
    "Give the words as a file of yours.",
  );
}

/** Python's `str.splitlines`: it cuts at these characters too. */
function splitLines(text: string): string[] {
  const others = ["\r\n", "\r", "\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"];
  return others.reduce((whole, end) => whole.replaceAll(end, "\n"), text).split("\n");
}

/** Tokens are kept as text, those of an IntegerLookup too. */
function asToken(value: JsonValue): string {
  const token = savedToken(value);
  return typeof token === "string" ? token : brief(token);
}

function elsewhere(path: string): LayerError {
  return new LayerError(
    "O04",
    "vocabulary",
    `vocabulary = ${brief(path)}`,
    "a file outside the model is never opened, whatever the config says",
    "Put the tokens into the config's vocabulary, as a list.",
  );
}

/** What is said of such a file when it is opened. */
export const withoutVocabulary: Adjustment = {
  code: "O03",
  argument: "vocabulary",
  detail:
    "the file has no vocabulary for the layer, so it cannot be called: one learned by adapt() is not in HDF5 files, nor in most checkpoints",
  fidelity: "stub",
};

/** What a layer says that needs a vocabulary and whose file has none. */
export function vocabularyMissing(name: string): LayerError {
  return new LayerError(
    "O03",
    "vocabulary",
    `"${name}" has no vocabulary`,
    "HDF5 files, and most checkpoints, do not hold a vocabulary that was learned by adapt(); a .keras file holds it in its assets",
    "Save the model as .keras, or give the layer its vocabulary in the config.",
  );
}
