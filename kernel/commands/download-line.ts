import type { DownloadProgress } from "../../src/formats/download/save-body.js";

/** One line of a terminal that follows a download; where nobody watches, nothing. */
export function downloadLine(): (progress: DownloadProgress) => void {
  let last = -1;
  return ({ done, total }) => {
    const percent = total ? Math.floor((100 * done) / total) : null;
    if (!process.stderr.isTTY || percent === last) return;
    last = percent ?? -1;
    const size = total === null ? "" : ` of ${(total / 1e6).toFixed(1)}`;
    const end = done === total ? "\n" : "";
    process.stderr.write(
      `\r${(done / 1e6).toFixed(1)}${size} MB${percent === null ? "" : ` ${percent} %`}${end}`,
    );
  };
}
