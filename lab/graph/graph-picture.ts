import type { Fold } from "../../src/display/graph/graph-fold.js";
import type { GraphLayout } from "../../src/display/graph/graph-layout.js";
import { liveGraph } from "../../src/display/graph/graph-live.js";
import { diagramAlt } from "../../src/display/graph/graph-parts.js";
import { graphSvg } from "../../src/display/graph/graph-svg.js";
import type { ShownDiagram } from "../../src/display/graph/graph-layout.js";
import { readLayout } from "../../src/display/reading/read-views.js";
import { ValueQuestions } from "../ask-value.js";
import { draw } from "../draw.js";
import type { ViewHost } from "../view.js";
import { saveFile } from "./save-file.js";

const STEP = 1.25;
const SMALLEST = 0.1;
const LARGEST = 6;

/** One picture of a model on the page. */
export class GraphPicture {
  readonly #questions: ValueQuestions;
  readonly #listening = new AbortController();
  readonly #known = new Map<string, GraphLayout>();
  #layout: GraphLayout;
  #zoom = 1;
  #status = "";

  constructor(
    private readonly host: ViewHost,
    private readonly diagram: ShownDiagram,
  ) {
    this.#questions = new ValueQuestions(host.document, diagram.model);
    for (const layout of diagram.layouts) this.#known.set(keyOf(layout.fold), layout);
    this.#layout = diagram.layouts[0]!;
    this.#listen();
    this.#draw();
  }

  dispose(): void {
    this.#listening.abort();
    this.#questions.dispose();
  }

  #listen(): void {
    const { node } = this.host;
    const { signal } = this.#listening;
    node.addEventListener("click", (event) => this.#click(event.target as Element), { signal });
    node.addEventListener("keydown", (event) => this.#key(event), { signal });
    node.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    node.addEventListener("pointerdown", (event) => this.#drag(event), { signal });
  }

  #draw(): void {
    const state = { layout: this.#layout, zoom: this.#zoom, status: this.#status };
    draw(this.host.node, liveGraph(this.diagram, state));
  }

  get #canvas(): HTMLElement {
    return this.host.node.querySelector<HTMLElement>(".loadlab-canvas")!;
  }

  #click(target: Element): void {
    const act = target.closest<HTMLElement>("[data-act]")?.dataset["act"];
    if (act !== undefined) return this.#act(act);
    const folds = target.closest<SVGElement>("[data-fold]");
    if (folds) this.#fold(folds.dataset["fold"]!, folds.dataset["id"]!);
  }

  #act(act: string): void {
    const models = this.diagram.nodes.filter(({ kind }) => kind === "model").map(({ id }) => id);
    if (act === "in") this.#zoomTo(this.#zoom * STEP);
    else if (act === "out") this.#zoomTo(this.#zoom / STEP);
    else if (act === "fit") this.#fit();
    else if (act === "fold") void this.#show({ closed: models, opened: [] });
    else if (act === "unfold") void this.#show({ closed: [], opened: [] });
    else if (act === "save") this.#save();
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as Element;
    const folds = target.closest<SVGElement>("[data-fold]");
    const zooms: Readonly<Record<string, string>> = { "+": "in", "=": "in", "-": "out", "0": "fit" };
    const act =
      target.closest(".loadlab-canvas") && !event.ctrlKey && !event.metaKey ? zooms[event.key] : undefined;
    if (folds && (event.key === "Enter" || event.key === " "))
      this.#fold(folds.dataset["fold"]!, folds.dataset["id"]!);
    else if (act !== undefined) this.#act(act);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The wheel alone scrolls the notebook, as everywhere. */
  #wheel(event: WheelEvent): void {
    if (!(event.ctrlKey || event.metaKey) || !(event.target as Element).closest(".loadlab-canvas")) return;
    event.preventDefault();
    this.#zoomTo(this.#zoom * Math.exp(-event.deltaY / 300));
  }

  #drag(start: PointerEvent): void {
    const canvas = (start.target as Element).closest<HTMLElement>(".loadlab-canvas");
    if (!canvas || start.button !== 0 || start.pointerType === "touch") return;
    const { scrollLeft, scrollTop } = canvas;
    const dragging = new AbortController();
    const signal = AbortSignal.any([dragging.signal, this.#listening.signal]);
    const move = (event: PointerEvent) => {
      canvas.scrollLeft = scrollLeft - (event.clientX - start.clientX);
      canvas.scrollTop = scrollTop - (event.clientY - start.clientY);
    };
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", () => dragging.abort(), { signal });
  }

  /** Keeps the middle where it is. */
  #zoomTo(zoom: number): void {
    const canvas = this.#canvas;
    const next = Math.min(LARGEST, Math.max(SMALLEST, zoom));
    const middle = (from: number, size: number) => (from + size / 2) * (next / this.#zoom) - size / 2;
    const [left, top] = [
      middle(canvas.scrollLeft, canvas.clientWidth),
      middle(canvas.scrollTop, canvas.clientHeight),
    ];
    this.#zoom = next;
    this.#draw();
    canvas.scrollLeft = left;
    canvas.scrollTop = top;
  }

  #fit(): void {
    const room = this.#canvas.clientWidth - 24;
    this.#zoomTo(Math.min(1.5, room / (this.#layout.width + 16)));
  }

  #fold(kind: string, id: string): void {
    const { closed, opened } = this.#layout.fold;
    if (kind === "frame") void this.#show({ closed: [...closed, id], opened });
    else if (kind === "model") void this.#show({ closed: closed.filter((other) => other !== id), opened });
    else void this.#show({ closed, opened: [...opened, id] });
  }

  /** Folded so: from what was saved with the notebook, or laid out by the kernel. */
  async #show(fold: Fold): Promise<void> {
    const known = this.#known.get(keyOf(fold));
    if (known) return this.#become(known, "");
    this.#become(this.#layout, "Asking the kernel…");
    try {
      const layout = readLayout(await this.#questions.ask("layout", fold));
      this.#known.set(keyOf(fold), layout);
      this.#become(layout, "");
    } catch (error) {
      this.#become(this.#layout, (error as Error).message);
    }
  }

  #become(layout: GraphLayout, status: string): void {
    if (this.#listening.signal.aborted) return;
    const focused = this.host.node.querySelector<SVGElement>("[data-fold]:focus")?.dataset["id"];
    this.#layout = layout;
    this.#status = status;
    this.#draw();
    if (focused === undefined) return;
    const again = [...this.host.node.querySelectorAll<SVGElement>("[data-fold]")];
    again.find(({ dataset }) => dataset["id"] === focused)?.focus({ preventScroll: true });
  }

  /** As it stands, in colours that need no theme. */
  #save(): void {
    const svg = graphSvg(this.#layout, { alt: diagramAlt(this.diagram) }).text;
    saveFile(`${this.diagram.name.replaceAll(/[^\w.-]+/g, "_") || "model"}.svg`, svg, "image/svg+xml");
  }
}

function keyOf({ closed, opened }: Fold): string {
  return JSON.stringify([[...closed].sort(), [...opened].sort()]);
}
