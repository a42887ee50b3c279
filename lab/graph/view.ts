import { MODEL_GRAPH } from "../../src/display/bundle.js";
import type { ShownDiagram } from "../../src/display/graph/graph-layout.js";
import { readOrNull } from "../../src/display/reading/read-json.js";
import { readShownDiagram } from "../../src/display/reading/read-views.js";
import type { MountedView, View, ViewHost } from "../view.js";
import { GraphPicture } from "./graph-picture.js";

/** A model as boxes and arrows: nested models fold, the picture zooms and is saved as SVG. */
export const modelGraph: View<ShownDiagram> = {
  mimeType: MODEL_GRAPH,
  // Outputs of earlier versions have no layouts: their plain text is shown.
  read(json) {
    const diagram = readOrNull(readShownDiagram, json);
    return diagram && diagram.layouts.length > 0 ? diagram : null;
  },
  mount: (host) => new MountedGraph(host),
};

class MountedGraph implements MountedView<ShownDiagram> {
  #picture: GraphPicture | null = null;
  #shown = "";

  constructor(private readonly host: ViewHost) {}

  show(diagram: ShownDiagram): void {
    const text = JSON.stringify(diagram);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#picture?.dispose();
    this.#picture = new GraphPicture(this.host, diagram);
  }

  dispose(): void {
    this.#picture?.dispose();
  }
}
