import { MODEL_SUMMARY } from "../../src/display/bundle.js";
import type { ShownSummary } from "../../src/display/summary/model-summary.js";
import { readOrNull } from "../../src/display/reading/read-json.js";
import { readShownSummary } from "../../src/display/reading/read-views.js";
import type { MountedView, View, ViewHost } from "../view.js";
import { LayerTable } from "./layer-table.js";

/** The layers of a model: to be sorted, filtered, folded, and opened one by one. */
export const layerSummary: View<ShownSummary> = {
  mimeType: MODEL_SUMMARY,
  read: (json) => readOrNull(readShownSummary, json),
  mount: (host) => new MountedSummary(host),
};

class MountedSummary implements MountedView<ShownSummary> {
  #table: LayerTable | null = null;
  #shown = "";

  constructor(private readonly host: ViewHost) {}

  show(summary: ShownSummary): void {
    const text = JSON.stringify(summary);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#table?.dispose();
    this.#table = new LayerTable(this.host, summary);
  }

  dispose(): void {
    this.#table?.dispose();
  }
}
