/**
 * The parts of JupyterLab that the extension uses. They come from the page at run time and are not installed here:
 * their packages would bring the whole front end along. Written after JupyterLab 4.6 (packages/*\/src).
 */

declare module "@lumino/widgets" {
  export class Widget {
    constructor(options?: { node?: HTMLElement });
    readonly node: HTMLElement;
    readonly isDisposed: boolean;
    addClass(name: string): void;
    dispose(): void;
  }
}

declare module "@jupyterlab/rendermime" {
  import type { Token } from "@lumino/coreutils";
  import type { Widget } from "@lumino/widgets";

  export interface MimeModel {
    readonly trusted: boolean;
    readonly data: Readonly<Record<string, unknown>>;
    setData(options: { data?: Readonly<Record<string, unknown>> }): void;
  }
  export interface Renderer extends Widget {
    renderModel(model: MimeModel): Promise<void>;
  }
  export interface RendererFactory {
    /** Whether it is safe with data of a notebook that is not trusted. */
    readonly safe: boolean;
    readonly mimeTypes: readonly string[];
    createRenderer(options: { readonly mimeType: string }): Renderer;
  }
  export interface IRenderMimeRegistry {
    /** The lower rank wins where a bundle has several types. */
    addFactory(factory: RendererFactory, rank: number): void;
  }
  export const IRenderMimeRegistry: Token<IRenderMimeRegistry>;
}

declare module "@jupyterlab/notebook" {
  import type { Token } from "@lumino/coreutils";
  import type { IRenderMimeRegistry, MimeModel } from "@jupyterlab/rendermime";
  import type { SessionContext } from "@jupyterlab/apputils";

  export interface NotebookPanel {
    readonly content: Notebook;
    readonly sessionContext: SessionContext;
  }
  export interface Notebook {
    readonly rendermime: IRenderMimeRegistry;
    readonly widgets: readonly Cell[];
    readonly model: { readonly sharedModel: { insertCell(index: number, cell: object): unknown } } | null;
    activeCellIndex: number;
    mode: "command" | "edit";
  }
  export interface Cell {
    readonly node: HTMLElement;
    readonly model: {
      readonly outputs?: { readonly length: number; get(index: number): MimeModel };
    };
  }
  export const INotebookTracker: Token<unknown>;
}

declare module "@jupyterlab/console" {
  import type { Token } from "@lumino/coreutils";
  import type { ISignal } from "@lumino/signaling";
  import type { IRenderMimeRegistry } from "@jupyterlab/rendermime";
  import type { SessionContext } from "@jupyterlab/apputils";

  export interface ConsolePanel {
    readonly console: { readonly rendermime: IRenderMimeRegistry };
    readonly sessionContext: SessionContext;
  }
  export interface IConsoleTracker {
    readonly widgetAdded: ISignal<unknown, ConsolePanel>;
  }
  export const IConsoleTracker: Token<IConsoleTracker>;
}

declare module "@jupyterlab/apputils" {
  import type { Kernel, Session } from "@jupyterlab/services";
  import type { ISignal } from "@lumino/signaling";

  export interface SessionContext {
    /** Of the document, from the server's root. */
    readonly path: string;
    readonly session: Session.ISessionConnection | null;
    readonly kernelChanged: ISignal<unknown, unknown>;
    readonly statusChanged: ISignal<unknown, Kernel.Status>;
    readonly connectionStatusChanged: ISignal<unknown, Kernel.ConnectionStatus>;
    readonly disposed: ISignal<unknown, void>;
  }
}

declare module "@jupyterlab/docmanager" {
  import type { Token } from "@lumino/coreutils";

  export interface IDocumentManager {
    readonly services: unknown;
  }
  export const IDocumentManager: Token<IDocumentManager>;
}

declare module "@jupyterlab/filebrowser" {
  import type { IDocumentManager } from "@jupyterlab/docmanager";

  export const FileDialog: {
    getOpenFiles(options: {
      readonly manager: IDocumentManager;
      readonly title: string;
      /** From the server's root. */
      readonly defaultPath: string;
    }): Promise<{ readonly value: readonly { readonly path: string }[] | null }>;
  };
}

declare module "@jupyterlab/application" {
  import type { ServiceManager } from "@jupyterlab/services";
  import type { IDisposable } from "@lumino/disposable";
  import type { NotebookPanel } from "@jupyterlab/notebook";
  import type { SessionContext } from "@jupyterlab/apputils";

  export interface JupyterFrontEnd {
    readonly serviceManager: ServiceManager.IManager;
    readonly docRegistry: {
      addWidgetExtension(
        widgetName: "Notebook",
        extension: {
          createNew(
            panel: NotebookPanel,
            context: { readonly sessionContext: SessionContext },
          ): IDisposable | undefined;
        },
      ): IDisposable;
    };
  }
}

declare module "*.css" {
  const text: string;
  export default text;
}
