import type { JupyterFrontEnd } from "@jupyterlab/application";
import { type ConsolePanel, IConsoleTracker } from "@jupyterlab/console";
import { IDocumentManager } from "@jupyterlab/docmanager";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { NotebookDocument } from "./notebook-document.js";
import style from "./style.css";
import viewStyle from "./style-views.css";
import { ViewRenderer } from "./view-renderer.js";
import { VIEWS } from "./views.js";

/** Before text/html (50), behind application/json (0). */
const RANK = 40;

/** The JupyterLab and Notebook 7 extension: shows the kernel's MIME types, live where there is a kernel. */
export default {
  id: "loadlab:views",
  description: "Shows loads, models and tensors of the loadlab kernel, with buttons.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [IConsoleTracker, IDocumentManager],
  activate(
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    consoles: IConsoleTracker | null,
    documents: IDocumentManager | null,
  ): void {
    addStyle();
    const { kernels } = app.serviceManager;
    addViews(rendermime, null);
    app.docRegistry.addWidgetExtension("Notebook", {
      createNew({ content }, { sessionContext }) {
        addViews(content.rendermime, new NotebookDocument(sessionContext, kernels, content, documents));
        return undefined;
      },
    });
    consoles?.widgetAdded.connect((_, panel: ConsolePanel) =>
      addViews(
        panel.console.rendermime,
        new NotebookDocument(panel.sessionContext, kernels, null, documents),
      ),
    );
  },
};

function addViews(rendermime: IRenderMimeRegistry, document: NotebookDocument | null): void {
  for (const view of VIEWS) {
    const createRenderer = () => new ViewRenderer(view, document);
    // Safe, since views check what they are given and draw by way of `html`, which escapes.
    rendermime.addFactory({ safe: true, mimeTypes: [view.mimeType], createRenderer }, RANK);
  }
}

function addStyle(): void {
  const element = document.createElement("style");
  element.textContent = style + viewStyle;
  document.head.append(element);
}
