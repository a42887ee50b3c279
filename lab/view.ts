import type { NotebookDocument } from "./notebook-document.js";

/** How one MIME type of the kernel is shown. */
export interface View<Data = unknown> {
  /** As in src/display/bundle.ts. */
  readonly mimeType: string;
  /** The data of an output as this view needs it, or null: what stands in a notebook may be anything. */
  read(json: unknown): Data | null;
  /** Called once for each place where such an output is shown. */
  mount(host: ViewHost): MountedView<Data>;
}

/** What a view is given to work with. */
export interface ViewHost {
  /** Where it draws. */
  readonly node: HTMLElement;
  /** The notebook or console that it is in; null in a document without kernel, such as a Markdown preview. */
  readonly document: NotebookDocument | null;
  /** Replaces representations of the output in the notebook, so that they are there after a reload. */
  keep(data: Readonly<Record<string, unknown>>): void;
  /** Inserts a code cell below the output's cell. @returns false where there are no cells, as in a console */
  insertBelow(source: string): boolean;
}

export interface MountedView<Data> {
  /** Draws, and draws again when the output has changed; called twice with the same data at times. */
  show(data: Data): void;
  /** Ends what goes on: conversations with the kernel, listeners outside the node. */
  dispose(): void;
}
