import type { FormatFinding } from "./model-file.js";

/** The title of a finding after which the file can be read, if its reader is asked to. */
export const CHECKSUMS_DIFFER = "Checksums of the file do not match";

/** F03: bytes that have changed since the file was written; only the user can say that they are good enough. */
export function checksumsDiffer(where: string, what: string, anyway: string): FormatFinding {
  return {
    code: "F03",
    title: CHECKSUMS_DIFFER,
    where,
    detail: `${what}: some of them have changed since the file was written`,
    advice: `Get the file again from where it was made. Reading it anyway takes ${anyway} as they stand.`,
  };
}
