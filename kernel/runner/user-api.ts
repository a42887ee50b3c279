import { createWidgets, type Widgets } from "../widgets/controls.js";
import type { CellStreams } from "./cell-streams.js";
import type { Comm, CommEvent, CommExtras, Comms } from "./comms.js";
import type { EngineModule } from "./engine-module.js";
import type { FrameOutput } from "./frame-output.js";
import type { Bundle } from "./messages.js";
import { createProgress, type ProgressFunction } from "./progress.js";

export interface DisplayOptions {
  /** By which `updateDisplay` can change it later, from any cell. */
  readonly displayId?: string;
  /**
   * Whether the value is a MIME bundle itself: `{ "text/html": "...", "text/plain": "..." }`. Left out, an object
   * with nothing but MIME types and their texts is taken for one.
   */
  readonly raw?: boolean;
}

/** The functions that cells find declared, beside Node's globals. */
export interface UserApi {
  /** Shows a value below the cell; with a `displayId`, `updateDisplay` can change it later, from any cell. */
  display(value: unknown, options?: DisplayOptions): void;
  updateDisplay(displayId: string, value: unknown): void;
  /** Empties the output of the cell; with `wait`, when the next output comes. */
  clearOutput(wait?: boolean): void;
  /** The same. */
  clear(wait?: boolean): void;
  /** Shows how far something is, in a bar that moves. */
  progress: ProgressFunction;
  /**
   * Asks the user for a line of text; `password` hides what is typed.
   * @throws InputNotAllowed when the front end has no stdin.
   */
  input(prompt?: string, options?: { readonly password?: boolean }): Promise<string>;
  /** As in browsers, the cell waits without `await`. */
  prompt(message?: string): string;
  /** Shows a value in the pager of the front end. */
  page(value: unknown): void;
  /** Puts text into the next cell, or into this one in place of what is there. */
  setNextInput(text: string, replace?: boolean): void;
  readonly comms: UserComms;
  readonly widgets: Widgets;
}

export interface UserComms {
  /** Lets the front end open comms of this name. */
  registerTarget(targetName: string, handler: (comm: Comm, event: CommEvent) => void): void;
  unregisterTarget(targetName: string): void;
  /** Opens a comm to the front end. */
  open(targetName: string, data?: unknown, extras?: CommExtras): Comm;
}

export function createUserApi(streams: CellStreams, comms: Comms, { formatValue }: EngineModule): UserApi {
  const output = () => {
    if (!streams.current) throw new Error("No cell has run yet.");
    return streams.current;
  };
  const show = (value: unknown, how: (target: FrameOutput, bundle: Bundle) => void) => {
    const target = output(); // the cell that calls, also when another runs by the time the value is formatted
    target.whenFormatted(formatValue(value), (bundle) => how(target, bundle));
  };
  return {
    display: (value, { displayId, raw = isBundle(value) } = {}) =>
      show(raw ? asBundle(value) : value, (target, bundle) =>
        target.display(bundle, displayId === undefined ? {} : { displayId }),
      ),
    updateDisplay: (displayId, value) =>
      show(isBundle(value) ? asBundle(value) : value, (target, bundle) =>
        target.display(bundle, { displayId, update: true }),
      ),
    progress: createProgress({
      show: (displayId, bundle) => output().display(bundle, { displayId }),
      update: (displayId, bundle) => output().display(bundle, { displayId, update: true }),
    }),
    clearOutput: (wait = false) => output().clear(wait),
    clear: (wait = false) => output().clear(wait),
    input: (prompt = "", options) => output().input(prompt, options),
    prompt: (message = "") => output().inputSync(message),
    page: (value) => show(value, (target, { data }) => target.payload({ source: "page", data, start: 0 })),
    setNextInput: (text, replace = false) => output().payload({ source: "set_next_input", text, replace }),
    widgets: createWidgets(comms),
    comms: {
      registerTarget: (targetName, handler) => comms.registerTarget(targetName, handler),
      unregisterTarget: (targetName) => comms.unregisterTarget(targetName),
      open: (targetName, data, extras) => comms.create(targetName, data, extras),
    },
  };
}

/** Types that front ends show. */
const MIME_TYPE = /^(?:text|image|audio|video|application)\/[\w.+-]+$/;

function isBundle(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  const isContent = (type: string, content: unknown) =>
    typeof content === "string" || content instanceof Uint8Array || /\bjson$/.test(type);
  return entries.length > 0 && entries.every(([type, held]) => MIME_TYPE.test(type) && isContent(type, held));
}

function asBundle(data: unknown): object {
  const types = Object.keys(data ?? {}).join(", ");
  return { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": `<${types}>`, ...(data as object) }) };
}
