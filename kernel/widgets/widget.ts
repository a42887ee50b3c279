import { AsyncResource } from "node:async_hooks";
import { JUPYTER_DISPLAY } from "../../src/display/bundle.js";
import type { Comm, Comms } from "../runner/comms.js";

/** State of a widget's model, as the front end has it. */
export type State = Readonly<Record<string, unknown>>;

/** Where a model and its view are found in the front end: package, version, names. */
export interface FrontEndClass {
  readonly module: string;
  readonly version: string;
  /** `IntSlider` for IntSliderModel and IntSliderView. */
  readonly name: string;
}

const TARGET = "jupyter.widget";
/** https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md */
const PROTOCOL = "2.1.0";
const VIEW = "application/vnd.jupyter.widget-view+json";

/** A widget of ipywidgets' front end: its state is kept the same here and there, over a comm. */
export class Widget {
  readonly #comm: Comm;
  readonly #class: FrontEndClass;
  #state: Record<string, unknown>;
  readonly #changes: ((state: State) => void)[] = [];
  readonly #events: ((content: State) => void)[] = [];

  constructor(comms: Comms, frontEnd: FrontEndClass, state: State) {
    this.#class = frontEnd;
    this.#state = { ...classState(frontEnd), ...state };
    this.#comm = comms.create(
      TARGET,
      { state: this.#state, buffer_paths: [] },
      { metadata: { version: PROTOCOL } },
    );
    this.#comm.onMessage(({ data }) => this.#receive(data));
  }

  /** How other widgets refer to this one in their state. */
  get reference(): string {
    return `IPY_MODEL_${this.#comm.id}`;
  }

  get(name: string): unknown {
    return this.#state[name];
  }

  /** Changes the state here and in the front end; calls no handler. */
  set(state: State): void {
    Object.assign(this.#state, state);
    this.#send("update", state);
  }

  /** Called when the user has changed the state. What the handler prints appears below the cell that set it. */
  onState(handler: (changed: State) => void): void {
    this.#changes.push(AsyncResource.bind(handler));
  }

  /** Called for what is no change of state, such as a click. */
  onEvent(handler: (content: State) => void): void {
    this.#events.push(AsyncResource.bind(handler));
  }

  /** Takes the widget out of the front end. */
  close(): void {
    this.#comm.close();
  }

  [JUPYTER_DISPLAY](): Record<string, unknown> {
    const view = { version_major: 2, version_minor: 0, model_id: this.#comm.id };
    return { [VIEW]: view, "text/plain": this.#text() };
  }

  #text(): string {
    const shown = ["description", "value", "options"].flatMap((name) =>
      this.#state[name] === undefined ? [] : [`${name}: ${JSON.stringify(this.#state[name])}`],
    );
    return `${this.#class.name}(${shown.join(", ")})`;
  }

  #send(method: string, state: State): void {
    this.#comm.send({ method, state, buffer_paths: [] });
  }

  #receive(data: unknown): void {
    const { method, state, content } = (data ?? {}) as { method?: unknown; state?: State; content?: State };
    if (method === "request_state") this.#send("update", this.#state);
    else if (method === "custom" && content) for (const handle of this.#events) handle(content);
    else if (method === "update" && state) {
      Object.assign(this.#state, state);
      for (const handle of this.#changes) handle(state);
    }
  }
}

function classState({ module, version, name }: FrontEndClass): State {
  return {
    _model_module: module,
    _model_module_version: version,
    _model_name: `${name}Model`,
    _view_module: module,
    _view_module_version: version,
    _view_name: `${name}View`,
  };
}
