import { randomUUID } from "node:crypto";
import { progressBundle } from "../../src/display/training/progress-bar.js";
import type { DownloadProgress } from "../../src/formats/download/save-body.js";
import type { CellOutput } from "../runner/cell-output.js";

/** A bar below the cell that follows a download, its size first. */
export function showDownload(output: CellOutput, address: string): (progress: DownloadProgress) => void {
  const displayId = randomUUID();
  const started = performance.now();
  const label = new URL(address).host;
  let shown = false;
  return ({ done, total, resumedFrom }) => {
    const state = total !== null && done >= total ? "done" : "running";
    const seconds = (performance.now() - started) / 1000;
    const what = resumedFrom > 0 && resumedFrom < done ? `${label}, resumed` : label;
    output.display(progressBundle({ label: what, done, total, unit: "bytes", seconds, state }), {
      displayId,
      update: shown,
    });
    shown = true;
  };
}
