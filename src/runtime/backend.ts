/** In the order in which they are tried. */
export const BACKEND_NAMES = ["cuda", "webgpu", "native", "wasm", "cpu"] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** One way of computing: how to find out whether it can serve here, and how to start it. */
export interface Backend {
  readonly name: BackendName;
  /** The name under which TensorFlow.js has it: cuda and native are both its `tensorflow`. */
  readonly registeredName: string;
  /** One sentence for lists. */
  readonly summary: string;
  /** Looks for files and devices without loading anything heavy. */
  examine(): Promise<Examination>;
  /**
   * Loads it, registers it with its corrections and makes it current.
   * @throws BackendError
   */
  start(options: StartOptions): Promise<Device>;
}

export interface StartOptions {
  /** The user named this back end: then a software adapter will do too. */
  readonly asked: boolean;
}

export type Examination =
  | { readonly usable: true; readonly found: string; readonly onlyIfAsked?: boolean }
  | { readonly usable: false; readonly why: string; readonly remedy: string };

/** What computes, once a back end runs. */
export interface Device {
  /** `NVIDIA RTX A4000`, `8 CPU cores` */
  readonly device: string;
  /** Driver or library with its version; null where there is none to tell. */
  readonly driver: string | null;
  /** Bytes of the device's own memory; null where it is the machine's, or not told. */
  readonly memory: number | null;
  /** Things that the user should know, a sentence each. */
  readonly remarks: readonly string[];
}
