import type { KernelLine } from "./kernel-line.js";
import type { NotebookDocument } from "./notebook-document.js";

/** What the kernel calls it (kernel/magics/answer-views.ts). */
const TARGET = "loadlab.values";

interface Question {
  readonly text: { readonly id: number; readonly ask: string; readonly with: object };
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const GONE = "What was shown here is no longer in the kernel: run the cell again.";
const NO_KERNEL = "There is no kernel to ask: this is what was saved with the notebook.";

/** Asks the kernel about one value that a cell has shown. Nothing is opened before the first question. */
export class ValueQuestions {
  #line: KernelLine | null = null;
  #isHere = false;
  #last = 0;
  readonly #open = new Map<number, Question>();

  /** @param value its id; null for one that no kernel answers for */
  constructor(
    private readonly document: NotebookDocument | null,
    private readonly value: string | null,
  ) {}

  /** Whether there may be an answer. */
  get isPossible(): boolean {
    return this.document !== null && this.value !== null;
  }

  /** @throws Error in words for the reader, where there is no answer */
  ask(question: string, parameters: object): Promise<unknown> {
    const { document, value } = this;
    if (document === null || value === null) return Promise.reject(new Error(NO_KERNEL));
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#open.set(id, { text: { id, ask: question, with: parameters }, resolve, reject });
      if (this.#isHere) this.#line!.send(this.#open.get(id)!.text);
      else if (this.#line?.state === "absent" || this.#line?.state === "refused") this.#giveUp(NO_KERNEL);
      this.#line ??= document.kernel.open(
        TARGET,
        { value },
        {
          message: (data) => this.#receive(data),
          state: (state) => this.#follow(state),
        },
      );
      if (this.#line.state === "absent") this.#giveUp(NO_KERNEL);
    });
  }

  dispose(): void {
    this.#line?.close();
    this.#open.clear();
  }

  #receive(data: unknown): void {
    const { state, id, answer, error } = (data ?? {}) as Readonly<Record<string, unknown>>;
    if (state === "gone") this.#giveUp(GONE);
    else if (state === "here") {
      this.#isHere = true;
      for (const { text } of this.#open.values()) this.#line!.send(text);
    }
    const question = typeof id === "number" ? this.#open.get(id) : undefined;
    if (!question) return;
    this.#open.delete(id as number);
    if (typeof error === "string") question.reject(new Error(error));
    else question.resolve(answer);
  }

  /** A kernel that starts again knows nothing of what the one before has shown. */
  #follow(state: KernelLine["state"]): void {
    if (state !== "open") this.#isHere = false;
    if (state === "absent") this.#giveUp(NO_KERNEL);
    if (state === "refused") this.#giveUp("The kernel that runs here is not loadlab's.");
  }

  #giveUp(reason: string): void {
    for (const { reject } of this.#open.values()) reject(new Error(reason));
    this.#open.clear();
  }
}
