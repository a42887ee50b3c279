import {
  arrange,
  type Arrangement,
  type Column,
  EVERYTHING,
  isTree,
} from "../../src/display/summary/arrange-layers.js";
import { layerRows, type LayerRow } from "../../src/display/summary/layer-rows.js";
import type { ShownSummary } from "../../src/display/summary/model-summary.js";
import { readLayerDetail } from "../../src/display/reading/read-views.js";
import {
  type GridRow,
  gridRows,
  type OpenDetail,
  summaryGrid,
} from "../../src/display/summary/summary-grid.js";
import { ValueQuestions } from "../ask-value.js";
import { draw } from "../draw.js";
import type { ViewHost } from "../view.js";
import { ROW_HEIGHT, RowHeights } from "./row-heights.js";

/** Rows that are drawn above and below what is in sight. */
const BEYOND = 12;
/** Pixels that a detail is taken to have before it has been drawn. */
const DETAIL_HEIGHT = 120;

let tables = 0;

/** One layer table on the page. */
export class LayerTable {
  readonly #rows: readonly LayerRow[];
  readonly #questions: ValueQuestions;
  readonly #name = `loadlab-layers-${++tables}`;
  readonly #open = new Map<string, OpenDetail>();
  readonly #detailHeights = new Map<string, number>();
  readonly #listening = new AbortController();
  #arrangement: Arrangement;
  /** Indices of the rows that are shown. */
  #places: readonly number[] = [];
  #heights = new RowHeights(0, () => 0);
  #active: number | null = null;
  #drawing = 0;

  constructor(
    private readonly host: ViewHost,
    private readonly summary: ShownSummary,
  ) {
    this.#rows = layerRows(summary);
    this.#questions = new ValueQuestions(host.document, summary.model);
    this.#arrangement = { ...EVERYTHING, closed: this.#rows.length > 60 ? this.#nested() : new Set() };
    this.#listen();
    this.#rearrange({});
  }

  dispose(): void {
    this.#listening.abort();
    this.#questions.dispose();
    cancelAnimationFrame(this.#drawing);
  }

  #nested(): Set<string> {
    return new Set(this.#rows.filter(({ inside }) => inside > 0).map(({ layer }) => layer.path));
  }

  #listen(): void {
    const { node } = this.host;
    const { signal } = this.#listening;
    node.addEventListener("click", (event) => this.#click(event.target as Element), { signal });
    node.addEventListener("input", (event) => this.#change(event.target as HTMLInputElement), { signal });
    node.addEventListener("keydown", (event) => this.#key(event), { signal });
    // Scrolling does not bubble.
    node.addEventListener("scroll", () => this.#drawSoon(), { signal, capture: true, passive: true });
  }

  #rearrange(change: Partial<Arrangement>): void {
    const active = this.#active === null ? null : this.#places[this.#active];
    this.#arrangement = { ...this.#arrangement, ...change };
    this.#places = arrange(this.#rows, this.#arrangement);
    const place = active == null ? -1 : this.#places.indexOf(active);
    this.#active = place === -1 ? null : place;
    this.#measure();
    this.#drawAll();
  }

  #measure(): void {
    this.#heights = new RowHeights(this.#places.length, (place) => {
      const { path } = this.#rowAt(place).layer;
      return this.#open.has(path) ? (this.#detailHeights.get(path) ?? DETAIL_HEIGHT) : 0;
    });
  }

  #rowAt(place: number): LayerRow {
    return this.#rows[this.#places[place]!]!;
  }

  #drawAll(): void {
    const grid = summaryGrid(this.summary, {
      arrangement: this.#arrangement,
      shown: this.#places.length,
      total: this.#rows.length,
      hasNested: this.#rows.some(({ inside }) => inside > 0),
      activeRow: this.#active === null ? null : this.#rowId(this.#active),
    });
    draw(this.host.node, grid);
    this.#drawRows();
  }

  #drawSoon(): void {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => this.#drawRows());
  }

  get #scroller(): HTMLElement {
    return this.host.node.querySelector<HTMLElement>(".loadlab-scroll")!;
  }

  #drawRows(): void {
    const { scrollTop, clientHeight } = this.#scroller;
    // Before it is attached, it has no height.
    const height = clientHeight || 30 * ROW_HEIGHT;
    const first = Math.max(0, this.#heights.at(scrollTop) - BEYOND);
    const last = Math.min(this.#places.length, this.#heights.at(scrollTop + height) + BEYOND + 1);
    const tree = isTree(this.#arrangement);
    const shown = this.#places.slice(first, last).map((_, i) => this.#gridRow(first + i, tree));
    const below = this.#places.length === 0 ? 0 : this.#heights.total - this.#heights.top(last);
    const body = this.host.node.querySelector("tbody")!;
    draw(body, gridRows(shown, this.#places.length === 0 ? 0 : this.#heights.top(first), below, tree));
    this.#learnHeights(body);
  }

  #gridRow(place: number, tree: boolean): GridRow {
    const row = this.#rowAt(place);
    const { path } = row.layer;
    const detail = this.#open.get(path);
    return {
      id: this.#rowId(place),
      place,
      row,
      isActive: place === this.#active,
      isFolded: tree && row.inside > 0 ? this.#arrangement.closed.has(path) : null,
      ...(detail ? { detail } : {}),
    };
  }

  #rowId(place: number): string {
    return `${this.#name}-${this.#places[place]!}`;
  }

  /** Details are as high as what they hold. */
  #learnHeights(body: HTMLElement): void {
    let changed = false;
    for (const element of body.querySelectorAll<HTMLElement>("[data-detail]")) {
      const path = element.dataset["detail"]!;
      const height = element.offsetHeight;
      if (height === 0 || this.#detailHeights.get(path) === height) continue;
      this.#detailHeights.set(path, height);
      changed = true;
    }
    if (!changed) return;
    this.#measure();
    this.#drawSoon();
  }

  #click(target: Element): void {
    const act = target.closest<HTMLElement>("[data-fold],[data-sort],[data-go],[data-act]");
    if (act?.dataset["fold"] !== undefined) return this.#fold(act.dataset["fold"]);
    if (act?.dataset["sort"] !== undefined) return this.#sort(act.dataset["sort"] as Column);
    if (act?.dataset["go"] !== undefined) return this.#go(act.dataset["go"]);
    if (act?.dataset["act"] === "fold") return this.#rearrange({ closed: this.#nested() });
    if (act?.dataset["act"] === "unfold") return this.#rearrange({ closed: new Set() });
    const row = target.closest<HTMLElement>("[data-row]");
    if (!row) return;
    this.#active = Number(row.dataset["row"]);
    this.#toggleDetail(this.#active);
  }

  #change(input: HTMLInputElement): void {
    const name = input.dataset["change"];
    if (name === "text") this.#rearrange({ text: input.value });
    else if (name !== undefined) this.#rearrange({ [name]: input.checked });
  }

  /** Once up, once down, then as the layers run. */
  #sort(column: Column): void {
    const { sort } = this.#arrangement;
    if (sort?.column !== column) this.#rearrange({ sort: { column, isDescending: false } });
    else this.#rearrange({ sort: sort.isDescending ? null : { column, isDescending: true } });
  }

  #fold(path: string, isClosed = !this.#arrangement.closed.has(path)): void {
    const closed = new Set(this.#arrangement.closed);
    if (isClosed) closed.add(path);
    else closed.delete(path);
    this.#rearrange({ closed });
  }

  /** To the row of a layer, which is brought into sight whatever hides it. */
  #go(path: string): void {
    const index = this.#rows.findIndex(({ layer }) => layer.path === path);
    if (index === -1) return;
    if (!this.#places.includes(index)) this.#reveal(index);
    this.#activate(this.#places.indexOf(index));
    this.host.node.querySelector<HTMLElement>("table")!.focus({ preventScroll: true });
  }

  #reveal(index: number): void {
    const closed = new Set(this.#arrangement.closed);
    for (let at = this.#rows[index]!.parent; at !== null; at = this.#rows[at]!.parent)
      closed.delete(this.#rows[at]!.layer.path);
    for (const input of this.host.node.querySelectorAll<HTMLInputElement>("[data-change]")) {
      input.value = "";
      input.checked = false;
    }
    this.#rearrange({ ...EVERYTHING, closed });
  }

  #activate(place: number): void {
    this.#active = Math.min(Math.max(place, 0), this.#places.length - 1);
    const scroller = this.#scroller;
    const head = scroller.querySelector("thead")!.offsetHeight;
    const top = this.#heights.top(this.#active);
    const least = top + ROW_HEIGHT + head - scroller.clientHeight;
    if (scroller.scrollTop > top) scroller.scrollTop = top;
    else if (scroller.scrollTop < least) scroller.scrollTop = least;
    this.#drawAll();
  }

  #key(event: KeyboardEvent): void {
    if (!(event.target as Element).matches("table") || this.#places.length === 0) return;
    const handled = this.#act(event.key);
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #act(key: string): boolean {
    const at = this.#active ?? -1;
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / ROW_HEIGHT) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.#places.length - 1,
    };
    if (moves[key] !== undefined) this.#activate(moves[key]);
    else if (at === -1) return false;
    else if (key === "Enter" || key === " ") this.#toggleDetail(at);
    else if (key === "ArrowRight" || key === "ArrowLeft") this.#sideways(at, key === "ArrowRight");
    else return false;
    return true;
  }

  /** Right opens, left closes; left in a nested model goes to the model. */
  #sideways(place: number, opens: boolean): void {
    const { layer, inside, parent } = this.#rowAt(place);
    const tree = isTree(this.#arrangement);
    if (tree && inside > 0 && this.#arrangement.closed.has(layer.path) === opens)
      this.#fold(layer.path, !opens);
    else if (inside === 0 && this.#open.has(layer.path) !== opens) this.#toggleDetail(place);
    else if (!opens && tree && parent !== null) this.#activate(this.#places.indexOf(parent));
  }

  #toggleDetail(place: number): void {
    const { path } = this.#rowAt(place).layer;
    if (this.#open.delete(path)) this.#detailHeights.delete(path);
    else this.#openDetail(path);
    this.#measure();
    this.#drawAll();
  }

  #openDetail(path: string): void {
    const known = this.summary.details[path];
    this.#open.set(path, known ?? { note: this.#questions.isPossible ? "Asking the kernel…" : SAVED_ONLY });
    if (known || !this.#questions.isPossible) return;
    this.#questions
      .ask("layer", { path })
      .then((answer): OpenDetail => readLayerDetail(answer))
      .catch((error: unknown): OpenDetail => ({ note: (error as Error).message }))
      .then((detail) => {
        if (!this.#open.has(path) || this.#listening.signal.aborted) return;
        this.#open.set(path, detail);
        this.#drawRows();
      });
  }
}

const SAVED_ONLY = "Config and weights were not saved with the notebook: run the cell to see them.";
