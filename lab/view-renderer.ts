import { Widget } from "@lumino/widgets";
import type { MimeModel, Renderer } from "@jupyterlab/rendermime";
import type { NotebookDocument } from "./notebook-document.js";
import { sameJson } from "./same-json.js";
import type { MountedView, View } from "./view.js";

/** A view as JupyterLab's renderer of its MIME type. */
export class ViewRenderer<Data> extends Widget implements Renderer {
  #mounted: MountedView<Data> | null = null;
  #model: MimeModel | null = null;

  constructor(
    private readonly view: View<Data>,
    private readonly document: NotebookDocument | null,
  ) {
    super();
    this.addClass("loadlab-output");
  }

  async renderModel(model: MimeModel): Promise<void> {
    this.#model = model;
    const data = this.view.read(model.data[this.view.mimeType]);
    if (data === null) return this.#showText(model);
    this.#mounted ??= this.view.mount({
      node: this.node,
      document: this.document,
      keep: (next) => this.#keep(next),
      insertBelow: (source) => this.document?.insertBelow(this.#model!, source) ?? false,
    });
    this.#mounted.show(data);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.#mounted?.dispose();
    super.dispose();
  }

  #keep(next: Readonly<Record<string, unknown>>): void {
    const { data } = this.#model!;
    const isNew = Object.entries(next).some(([type, value]) => !sameJson(data[type], value));
    if (isNew) this.#model!.setData({ data: { ...data, ...next } });
  }

  /** Data that this view cannot read, of another version or of someone else's making: its plain text. */
  #showText(model: MimeModel): void {
    this.#mounted?.dispose();
    this.#mounted = null;
    const text = document.createElement("pre");
    text.textContent = String(
      model.data["text/plain"] ?? "This output cannot be shown by this version of loadlab.",
    );
    this.node.replaceChildren(text);
  }
}
