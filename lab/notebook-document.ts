import type { SessionContext } from "@jupyterlab/apputils";
import type { IDocumentManager } from "@jupyterlab/docmanager";
import { FileDialog } from "@jupyterlab/filebrowser";
import type { Notebook } from "@jupyterlab/notebook";
import type { MimeModel } from "@jupyterlab/rendermime";
import type { Kernel } from "@jupyterlab/services";
import { KernelLink } from "./kernel-link.js";

/** A notebook or a console, for the views in it. */
export class NotebookDocument {
  readonly kernel: KernelLink;

  /** @param notebook null for a console */
  constructor(
    private readonly context: SessionContext,
    kernels: Kernel.IManager,
    private readonly notebook: Notebook | null,
    private readonly documents: IDocumentManager | null,
  ) {
    this.kernel = new KernelLink(context, kernels);
  }

  /** The folder of the notebook, from the server's root; where the kernel starts its relative paths. */
  get folder(): string {
    const { path } = this.context;
    return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  }

  /** Asks for a file of the server. @returns its path from the notebook's folder; null where none was chosen */
  async chooseFile(): Promise<string | null> {
    if (!this.documents) return null;
    const { value } = await FileDialog.getOpenFiles({
      manager: this.documents,
      title: "Choose a file",
      defaultPath: this.folder,
    });
    const [file] = value ?? [];
    return file ? relativePath(this.folder, file.path) : null;
  }

  /** Inserts a code cell below the one with this output, and goes there. @returns false where there is none */
  insertBelow(output: MimeModel, source: string): boolean {
    const { notebook } = this;
    const index = notebook?.widgets.findIndex(({ model }) => holds(model.outputs, output)) ?? -1;
    if (!notebook?.model || index === -1) return false;
    notebook.model.sharedModel.insertCell(index + 1, { cell_type: "code", metadata: {}, source });
    notebook.activeCellIndex = index + 1;
    notebook.mode = "edit";
    return true;
  }
}

/** Both from the server's root. */
function relativePath(folder: string, file: string): string {
  const from = folder.split("/").filter((part) => part !== "");
  const to = file.split("/");
  const same = from.findIndex((part, i) => part !== to[i]);
  const shared = same === -1 ? from.length : same;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

function holds(
  outputs: { readonly length: number; get(index: number): MimeModel } | undefined,
  output: MimeModel,
): boolean {
  return Array.from({ length: outputs?.length ?? 0 }, (_, i) => outputs!.get(i)).includes(output);
}
