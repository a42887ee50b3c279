import { JUPYTER_DISPLAY } from "../../src/display/bundle.js";
import type { Comms } from "../runner/comms.js";
import { type State, Widget } from "./widget.js";

const CONTROLS = { module: "@jupyter-widgets/controls", version: "2.0.0" };
const BASE = { module: "@jupyter-widgets/base", version: "2.0.0" };

export interface ControlOptions {
  /** Stands beside the control. */
  readonly description?: string;
  readonly disabled?: boolean;
  /** CSS of the box around the control, such as `{ width: "100%" }`. */
  readonly layout?: Readonly<Record<string, string>>;
}

export interface SliderOptions extends ControlOptions {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly value?: number;
}

/** Anything that can stand in a cell's output or in a box. */
export interface Control {
  /** Takes it out of the front end. */
  close(): void;
}

/** A control with a value that the user and the cells can change. */
export interface ValueControl<T> extends Control {
  value: T;
  /**
   * Calls `handler` when the user has changed the value; what it prints appears below the cell that called this.
   * @returns how to end that.
   */
  onChange(handler: (value: T) => void): () => void;
}

export interface Button extends Control {
  /** @returns how to end that. */
  onClick(handler: () => void): () => void;
}

/** Controls of ipywidgets. They need its front end, which `pip install ipywidgets` brings along. */
export interface Widgets {
  intSlider(options?: SliderOptions): ValueControl<number>;
  floatSlider(options?: SliderOptions): ValueControl<number>;
  checkbox(options?: ControlOptions & { readonly value?: boolean }): ValueControl<boolean>;
  text(
    options?: ControlOptions & { readonly value?: string; readonly placeholder?: string },
  ): ValueControl<string>;
  dropdown<T>(
    options: ControlOptions & {
      readonly options: readonly T[] | Readonly<Record<string, T>>;
      readonly value?: T;
    },
  ): ValueControl<T>;
  button(
    options?: ControlOptions & { readonly style?: "primary" | "success" | "info" | "warning" | "danger" },
  ): Button;
  /** HTML that can be changed by its `value`. Nothing is escaped. */
  html(value?: string, options?: ControlOptions): ValueControl<string>;
  /** Controls beside each other. */
  hbox(children: readonly Control[], options?: ControlOptions): Control;
  /** Controls below each other. */
  vbox(children: readonly Control[], options?: ControlOptions): Control;
}

export function createWidgets(comms: Comms): Widgets {
  const make = (name: string, state: State, { layout, description, disabled }: ControlOptions) =>
    new Widget(
      comms,
      { ...CONTROLS, name },
      {
        ...state,
        ...(description !== undefined && { description }),
        ...(disabled !== undefined && { disabled }),
        layout: new Widget(comms, { ...BASE, name: "Layout" }, layoutState(layout)).reference,
      },
    );
  const slider = (name: string, step: number, options: SliderOptions) => {
    const { min = 0, max = name === "IntSlider" ? 100 : 10, value = min } = options;
    return valueControl<number>(make(name, { min, max, value, step: options.step ?? step }, options));
  };
  const box = (name: string, children: readonly Control[], options: ControlOptions) =>
    control(make(name, { children: children.map((child) => widgetOf(child).reference) }, options), {});
  return {
    intSlider: (options = {}) => slider("IntSlider", 1, options),
    floatSlider: (options = {}) => slider("FloatSlider", 0.1, options),
    checkbox: (options = {}) => valueControl(make("Checkbox", { value: options.value ?? false }, options)),
    text: (options = {}) =>
      valueControl(
        make("Text", { value: options.value ?? "", placeholder: options.placeholder ?? "" }, options),
      ),
    dropdown: (options) => dropdown(options, make),
    button: (options = {}) => button(make("Button", { button_style: options.style ?? "" }, options)),
    html: (value = "", options = {}) => valueControl(make("HTML", { value }, options)),
    hbox: (children, options = {}) => box("HBox", children, options),
    vbox: (children, options = {}) => box("VBox", children, options),
  };
}

/** `{ maxWidth: "10px" }` -> `{ max_width: "10px" }` */
function layoutState(layout: Readonly<Record<string, string>> = {}): State {
  const name = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(layout).map(([key, value]) => [name(key), value]));
}

const widgets = new WeakMap<object, Widget>();

/** @throws TypeError for what is no control. */
function widgetOf(control: Control): Widget {
  const widget = widgets.get(control);
  if (!widget) throw new TypeError("A box takes controls: widgets.hbox([widgets.button(), widgets.text()]).");
  return widget;
}

function control<T extends object>(widget: Widget, members: T): T & Control {
  const made = Object.defineProperties({}, Object.getOwnPropertyDescriptors(members)) as T;
  Object.assign(made, { close: () => widget.close(), [JUPYTER_DISPLAY]: () => widget[JUPYTER_DISPLAY]() });
  widgets.set(made, widget);
  return made as T & Control;
}

function valueControl<T>(widget: Widget): ValueControl<T> {
  return control(widget, {
    get value() {
      return widget.get("value") as T;
    },
    set value(value: T) {
      widget.set({ value });
    },
    onChange: (handler: (value: T) => void) =>
      ending(
        (call) => widget.onState((changed) => "value" in changed && call(changed["value"] as T)),
        handler,
      ),
  });
}

function dropdown<T>(
  options: Parameters<Widgets["dropdown"]>[0] & {
    readonly options: readonly T[] | Readonly<Record<string, T>>;
  },
  make: (name: string, state: State, options: ControlOptions) => Widget,
): ValueControl<T> {
  const values = Array.isArray(options.options)
    ? (options.options as T[])
    : Object.values<T>(options.options);
  const labels = Array.isArray(options.options) ? values.map(String) : Object.keys(options.options);
  const indexOf = (value: T) => {
    const index = values.indexOf(value);
    if (index < 0)
      throw new RangeError(`There is no option ${String(value)}. There are: ${labels.join(", ")}.`);
    return index;
  };
  const index = options.value === undefined ? 0 : indexOf(options.value as T);
  const widget = make("Dropdown", { _options_labels: labels, index }, options);
  return control(widget, {
    get value() {
      return values[Number(widget.get("index"))] as T;
    },
    set value(value: T) {
      widget.set({ index: indexOf(value) });
    },
    onChange: (handler: (value: T) => void) =>
      ending(
        (call) =>
          widget.onState((changed) => "index" in changed && call(values[Number(changed["index"])] as T)),
        handler,
      ),
  });
}

function button(widget: Widget): Button {
  return control(widget, {
    onClick: (handler: () => void) =>
      ending((call) => widget.onEvent(({ event }) => event === "click" && call(undefined)), handler),
  });
}

/** Attaches a handler; the function that is returned ends its being called. */
function ending<T>(attach: (call: (value: T) => void) => void, handler: (value: T) => void): () => void {
  let active = true;
  attach((value) => {
    if (active) handler(value);
  });
  return () => void (active = false);
}
