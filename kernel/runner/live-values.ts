// A cell may put its own in the place of the global ones.
import { clearTimeout, setTimeout } from "node:timers";
import type { EngineModule } from "./engine-module.js";
import type { CellEngine } from "../cells/cell-engine.js";
import type { LiveValues } from "./messages.js";

/** So long after a cell, when the next one has begun if the user runs several. */
const DELAY_MS = 30;
const MOST_NAMES = 500;
/** The next cell must not wait long. */
const MOST_MS = 20;

/** Tells the kernel what the variables of the notebook are and which have no value, a moment after each cell. */
export class LiveValueReport {
  readonly #told = new Map<string, string>();
  #toldUnset = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly engine: CellEngine,
    readonly look: EngineModule["liveValue"],
    readonly tell: (values: LiveValues, unset: readonly string[]) => void,
  ) {}

  /** Looks soon, once for several calls. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#report(), DELAY_MS).unref();
  }

  #report(): void {
    const ends = performance.now() + MOST_MS;
    const changed: LiveValues = {};
    const names = Object.keys(this.engine.scope).reverse().slice(0, MOST_NAMES);
    for (const name of names) {
      if (performance.now() > ends) break;
      const live = this.#lookAt(name);
      const text = JSON.stringify(live);
      if (this.#told.get(name) === text) continue;
      this.#told.set(name, text);
      changed[name] = live;
    }
    const unset = this.engine.unset();
    if (Object.keys(changed).length === 0 && unset.join() === this.#toldUnset) return;
    this.#toldUnset = unset.join();
    this.tell(changed, unset);
  }

  #lookAt(name: string): LiveValues[string] {
    try {
      const value = this.engine.scope[name];
      return typeof value === "function" ? null : this.look(value);
    } catch {
      return null;
    }
  }
}
