import type { SessionContext } from "@jupyterlab/apputils";
import type { Kernel } from "@jupyterlab/services";
import { KernelLine, type LineListener } from "./kernel-line.js";

/**
 * The kernel of a document, through its starts and restarts. Lines to it are opened again whenever it is there.
 * Events as seen in JupyterLab 4.6: a restart ends comms without closing them, then connects again.
 */
export class KernelLink {
  readonly #lines = new Set<KernelLine>();
  /** A connection of our own, where that of the document carries no comms: it is not the page's first to the kernel. */
  #own: Kernel.IKernelConnection | null = null;

  constructor(
    private readonly context: SessionContext,
    private readonly kernels: Kernel.IManager,
  ) {
    const follow = () => this.#follow();
    context.kernelChanged.connect(follow);
    context.connectionStatusChanged.connect(follow);
    context.statusChanged.connect(follow);
    context.disposed.connect(() => this.#disconnect());
  }

  /** Whether a cell runs, so that what is sent has to wait. */
  get isBusy(): boolean {
    return this.context.session?.kernel?.status === "busy";
  }

  /**
   * Opens a line to what the kernel has registered under this name (kernel/magics/front-end).
   * @param data goes with each opening
   */
  open(target: string, data: object, listener: LineListener): KernelLine {
    const line = new KernelLine(target, data, listener, () => this.#lines.delete(line));
    this.#lines.add(line);
    line.follow(this.#connection());
    return line;
  }

  #follow(): void {
    const connection = this.#connection();
    for (const line of this.#lines) line.follow(connection);
  }

  /** What comms can be opened on; `waiting` while the kernel starts; null where there is no kernel. */
  #connection(): Kernel.IKernelConnection | "waiting" | null {
    const kernel = this.context.session?.kernel;
    if (!kernel || kernel.isDisposed || ["dead", "terminating"].includes(kernel.status)) {
      this.#disconnect();
      return null;
    }
    const isUp = kernel.connectionStatus === "connected" && ["idle", "busy"].includes(kernel.status);
    if (!isUp) return "waiting";
    if (kernel.handleComms) return kernel;
    if (this.#own?.id !== kernel.id) {
      this.#disconnect();
      this.#own = this.kernels.connectTo({ model: kernel.model, handleComms: true });
    }
    return this.#own!;
  }

  #disconnect(): void {
    this.#own?.dispose();
    this.#own = null;
  }
}
