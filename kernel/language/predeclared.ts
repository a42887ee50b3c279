/** Types of the names that cells find declared (kernel/runner/user-api.ts, kernel/cells/index.ts). */
export const PREDECLARED = `
interface Displayable {}
interface DisplayOptions {
  /** By which \`updateDisplay\` can change it later, from any cell. */
  readonly displayId?: string;
  /** Whether the value is a MIME bundle itself: { "text/html": "...", "text/plain": "..." }; by default, if it looks so. */
  readonly raw?: boolean;
}
interface ProgressOptions {
  /** Stands before the bar. */
  readonly label?: string;
  /** How many there are; taken from an array, set or map if left out. */
  readonly total?: number;
}
interface ProgressBar extends Disposable {
  /** How much is done; setting it moves the bar. */
  value: number;
  label: string;
  /** Moves the bar by so much, by 1 if left out. */
  advance(by?: number): void;
  /** Leaves the bar as it stands. */
  close(): void;
}
interface Comm {
  readonly id: string;
  readonly targetName: string;
  send(data: unknown, extras?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] }): void;
  close(data?: unknown): void;
  onMessage(handler: (event: { data: any; metadata: any; buffers: Uint8Array[] }) => void): void;
  onClose(handler: (event: { data: any; metadata: any; buffers: Uint8Array[] }) => void): void;
}
/** Shows a value below the cell; with a \`displayId\`, \`updateDisplay\` can change it later, from any cell. */
declare function display(value: unknown, options?: DisplayOptions): void;
/** Changes what \`display\` showed under this id. */
declare function updateDisplay(displayId: string, value: unknown): void;
/** Shows a bar while a loop goes on: \`for (const x of progress(items))\`. */
declare function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
/** Shows a bar while a loop goes on: \`for await (const x of progress(items))\`. */
declare function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
/** A bar for this many, moved by \`advance()\`. */
declare function progress(total: number, options?: ProgressOptions): ProgressBar;
/** Empties the output of the cell; with \`wait\`, when the next output comes. */
declare function clearOutput(wait?: boolean): void;
/** Empties the output of the cell; with \`wait\`, when the next output comes. */
declare function clear(wait?: boolean): void;
/** Asks the user for a line of text; \`password\` hides what is typed. */
declare function input(prompt?: string, options?: { readonly password?: boolean }): Promise<string>;
/** Asks the user for a line of text; the cell waits without \`await\`. */
declare function prompt(message?: string): string;
/** Shows a value in the pager of the front end. */
declare function page(value: unknown): void;
/** Puts text into the next cell, or into this one in place of what is there. */
declare function setNextInput(text: string, replace?: boolean): void;
/** Messages to and from widgets in the front end. */
declare const comms: {
  registerTarget(targetName: string, handler: (comm: Comm, event: { data: any }) => void): void;
  unregisterTarget(targetName: string): void;
  open(targetName: string, data?: unknown): Comm;
};
/** Results of earlier cells by their number. Held: 1000 values, 256 MiB; \`delete Out[n]\` lets one go. */
declare const Out: Record<number, any>;
/** The latest result. */
declare let _: any;
/** The result before the latest. */
declare let __: any;
/** The third latest result. */
declare let ___: any;
interface ControlOptions {
  /** Stands beside the control. */
  readonly description?: string;
  readonly disabled?: boolean;
  /** CSS of the box around the control, such as \`{ width: "100%" }\`. */
  readonly layout?: Readonly<Record<string, string>>;
}

interface SliderOptions extends ControlOptions {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly value?: number;
}

/** Anything that can stand in a cell's output or in a box. */
interface Control {
  /** Takes it out of the front end. */
  close(): void;
}

/** A control with a value that the user and the cells can change. */
interface ValueControl<T> extends Control {
  value: T;
  /**
   * Calls \`handler\` when the user has changed the value; what it prints appears below the cell that called this.
   * @returns how to end that.
   */
  onChange(handler: (value: T) => void): () => void;
}

interface Button extends Control {
  /** @returns how to end that. */
  onClick(handler: () => void): () => void;
}

interface Widgets {
  intSlider(options?: SliderOptions): ValueControl<number>;
  floatSlider(options?: SliderOptions): ValueControl<number>;
  checkbox(options?: ControlOptions & { readonly value?: boolean }): ValueControl<boolean>;
  text(options?: ControlOptions & { readonly value?: string; readonly placeholder?: string }): ValueControl<string>;
  dropdown<T>(
    options: ControlOptions & { readonly options: readonly T[] | Readonly<Record<string, T>>; readonly value?: T },
  ): ValueControl<T>;
  button(
    options?: ControlOptions & { readonly style?: "primary" | "success" | "info" | "warning" | "danger" },
  ): Button;
  /** HTML that can be changed by its \`value\`. Nothing is escaped. */
  html(value?: string, options?: ControlOptions): ValueControl<string>;
  /** Controls beside each other. */
  hbox(children: readonly Control[], options?: ControlOptions): Control;
  /** Controls below each other. */
  vbox(children: readonly Control[], options?: ControlOptions): Control;
}
/** Controls of ipywidgets: sliders, buttons, dropdowns, texts and boxes around them. Its front end must be installed. */
declare const widgets: Widgets;
/** HTML to show: html\`<b>\${value}</b>\` or html(text). Nothing is escaped. */
declare function html(text: string | TemplateStringsArray, ...values: unknown[]): Displayable;
/** Markdown to show: md\`**bold**\` or md(text). */
declare function md(text: string | TemplateStringsArray, ...values: unknown[]): Displayable;
/** An SVG drawing to show: svg\`<svg>...</svg>\` or svg(text). */
declare function svg(text: string | TemplateStringsArray, ...values: unknown[]): Displayable;
/** A PNG, JPEG, GIF, WebP or SVG image to show, from its bytes or a file of the notebook's folder. */
declare function image(source: Uint8Array | string): Displayable;
`;
