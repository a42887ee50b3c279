import { PROBLEM_CARD } from "../../src/display/bundle.js";
import { cardHtml } from "../../src/display/card-html.js";
import { Html } from "../../src/display/html.js";
import type { LoadReport } from "../../src/loading/report.js";
import { draw } from "../draw.js";
import type { MountedView, View, ViewHost } from "../view.js";

/** A load that waits for decisions. */
export const problemCard: View<LoadReport> = {
  mimeType: PROBLEM_CARD,
  read: (json) => (typeof json === "object" ? (json as LoadReport) : null),
  mount: (host) => new MountedCard(host),
};

class MountedCard implements MountedView<LoadReport> {
  constructor(private readonly host: ViewHost) {}

  show(report: LoadReport): void {
    draw(this.host.node, new Html(cardHtml(report)));
  }

  dispose(): void {
    // nothing goes on yet
  }
}
