import { TENSOR } from "../../src/display/bundle.js";
import { readOrNull } from "../../src/display/reading/read-json.js";
import { readPlane, readShownTensor, readTensorReport } from "../../src/display/reading/read-views.js";
import { liveTensor, type TensorState } from "../../src/display/tensor/tensor-live.js";
import type { ShownTensorReport } from "../../src/display/tensor/shown-tensor.js";
import { ValueQuestions } from "../ask-value.js";
import { draw } from "../draw.js";
import type { MountedView, View, ViewHost } from "../view.js";

/** A tensor: its values, how they are spread, what picture they make, and parts of it while it lives. */
export const tensor: View<ShownTensorReport> = {
  mimeType: TENSOR,
  read: (json) => readOrNull(readShownTensor, json),
  mount: (host) => new MountedTensor(host),
};

const WHOLE: TensorState = { slice: null, plane: null, status: "" };

class MountedTensor implements MountedView<ShownTensorReport> {
  #report: ShownTensorReport | null = null;
  #questions: ValueQuestions | null = null;
  #state = WHOLE;
  #asked = 0;
  readonly #listening = new AbortController();

  constructor(private readonly host: ViewHost) {
    const { signal } = this.#listening;
    host.node.addEventListener("change", (event) => this.#change(event.target as HTMLInputElement), {
      signal,
    });
    host.node.addEventListener(
      "keydown",
      (event) => (event.target as Element).matches("input") && event.stopPropagation(),
      { signal },
    );
    host.node.addEventListener(
      "click",
      (event) => (event.target as Element).closest("[data-act=plane]") && this.#togglePlane(),
      { signal },
    );
  }

  show(report: ShownTensorReport): void {
    if (this.#report?.tensor !== report.tensor) {
      this.#questions?.dispose();
      this.#questions = new ValueQuestions(this.host.document, report.tensor);
      this.#state = WHOLE;
    }
    this.#report = report;
    this.#draw();
  }

  dispose(): void {
    this.#listening.abort();
    this.#questions?.dispose();
  }

  #draw(): void {
    if (this.#listening.signal.aborted) return;
    draw(this.host.node, liveTensor(this.#report!, this.#state, this.#questions!.isPossible));
  }

  #change(input: HTMLInputElement): void {
    const name = input.dataset["change"];
    if (name === "index") void this.#slice(input.value.trim());
    // A press of the button changes the field that is left first: its picture would be hidden by the click that asked for it.
    else if (name !== undefined && this.#state.plane) void this.#plane();
  }

  async #slice(index: string): Promise<void> {
    if (index === "") return this.#become({ slice: null, status: "" });
    await this.#ask("slice", { index }, (answer) => ({ slice: readTensorReport(answer) }));
  }

  #togglePlane(): void {
    if (!this.#state.plane) return void this.#plane();
    this.#asked++; // no answer that is under way shows it again
    this.#become({ plane: null, status: "" });
  }

  async #plane(): Promise<void> {
    const valueOf = (name: string) =>
      Number(this.host.node.querySelector<HTMLInputElement>(`[data-change=${name}]`)?.value ?? 0);
    const [image, channel] = [valueOf("image"), valueOf("channel")];
    await this.#ask("plane", { image, channel }, (answer) => ({
      plane: { image, channel, picture: readPlane(answer) },
    }));
  }

  /** The latest question counts. */
  async #ask(
    question: string,
    parameters: object,
    next: (answer: unknown) => Partial<TensorState>,
  ): Promise<void> {
    const asked = ++this.#asked;
    this.#become({ status: "Asking the kernel…" });
    try {
      const answer = await this.#questions!.ask(question, parameters);
      if (asked === this.#asked) this.#become({ ...next(answer), status: "" });
    } catch (error) {
      if (asked === this.#asked) this.#become({ ...WHOLE, status: (error as Error).message });
    }
  }

  #become(change: Partial<TensorState>): void {
    this.#state = { ...this.#state, ...change };
    this.#draw();
  }
}
