import type { Kernel, KernelMessage } from "@jupyterlab/services";
import type { JSONValue } from "@lumino/coreutils";

/**
 * `absent`: no kernel; `waiting`: it starts, or has not answered yet; `open`; `refused`: the kernel does not know the
 * target, so it is another kernel.
 */
export type LineState = "absent" | "waiting" | "open" | "refused";

export interface LineListener {
  /** Something that the kernel sent. */
  message(data: unknown): void;
  state(state: LineState): void;
}

/** One conversation with the kernel: a comm, and after a restart of the kernel another one. */
export class KernelLine {
  #comm: Kernel.IComm | null = null;
  #kernel: Kernel.IKernelConnection | null = null;
  #state: LineState = "absent";

  constructor(
    private readonly target: string,
    private readonly data: object,
    private readonly listener: LineListener,
    private readonly onClose: () => void,
  ) {}

  get state(): LineState {
    return this.#state;
  }

  /** @returns false where nothing was sent, since no kernel listens */
  send(data: object): boolean {
    if (this.#state !== "open") return false;
    this.#comm!.send(data as JSONValue);
    return true;
  }

  close(): void {
    this.onClose();
    if (this.#comm && !this.#comm.isDisposed && !this.#kernel?.isDisposed) this.#comm.close();
    this.#comm = null;
  }

  /** Told at each change of the kernel's state. */
  follow(connection: Kernel.IKernelConnection | "waiting" | null): void {
    if (connection === null || connection === "waiting") {
      this.#comm = null;
      this.#become(connection === null ? "absent" : "waiting");
    } else if (this.#comm?.isDisposed !== false || this.#kernel !== connection) this.#open(connection);
  }

  #open(kernel: Kernel.IKernelConnection): void {
    if (this.#state === "refused" && this.#kernel === kernel) return;
    const comm = kernel.createComm(this.target);
    this.#comm = comm;
    this.#kernel = kernel;
    this.#become("waiting");
    comm.onMsg = ({ content }: KernelMessage.ICommMsgMsg) => {
      if (comm !== this.#comm) return;
      this.#become("open");
      this.listener.message(content.data);
    };
    comm.onClose = () => this.#closed(comm);
    comm.open(this.data as JSONValue);
  }

  /** The kernel has closed it: at once where it does not know the target, later where its process was lost. */
  #closed(comm: Kernel.IComm): void {
    if (comm !== this.#comm) return;
    this.#comm = null;
    if (this.#state === "open") this.#open(this.#kernel!);
    else this.#become("refused");
  }

  #become(state: LineState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.listener.state(state);
  }
}
