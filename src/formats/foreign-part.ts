import { type ByteSource, peek } from "./byte-source.js";
import type { FormatFinding } from "./model-file.js";
import { notAModel } from "./not-a-model.js";
import { HEAD, sniff } from "./sniff.js";

/** Title of the finding that a file of the weights holds something else. */
export const FOREIGN_PART = "A file of the weights is something else";

/** What stands where a download or `git lfs` should have put a file. */
const IN_PLACE_OF_A_FILE = new Set(["git-lfs-pointer", "git-annex-pointer", "html"]);

/**
 * F02 for one of the files of a model that holds a pointer or a web page in place of what it is named for; null for
 * any other content.
 * @param where its name, for messages
 */
export function foreignPart(where: string, source: ByteSource): FormatFinding | null {
  const kind = sniff(source);
  if (!IN_PLACE_OF_A_FILE.has(kind)) return null;
  return { ...notAModel(where, kind, peek(source, 0, HEAD)).finding, title: FOREIGN_PART };
}
