import type { LoadSession, Problem } from "../../src/index.js";
import type { CardAction, CardNews, CardOpening, ProblemName } from "../../src/display/card/card-messages.js";
import { headline } from "../../src/display/card/phrases.js";
import { whenCellEnds, whenInterrupted } from "../../src/runtime/memory/current-cell.js";
import type { CellEngine } from "../cells/cell-engine.js";
import type { Comm, Service } from "../runner/comms.js";
import { advance } from "./advance-load.js";
import { type ListChoices, listsChoices } from "./card-choices.js";
import { bindLoad, loadOfSession, type NotebookLoad, unbindEarlier } from "./load-state.js";
import { register, skeletonText } from "./register-custom.js";
import { saveRecipe } from "./save-recipe.js";
import { UsageError } from "./usage-error.js";

/** How often each load was shown. */
const showings = new WeakMap<LoadSession, number>();
/** The cards in front ends that are connected now. */
const cards = new Set<LoadCard>();

/** Loads that a cell moves on, and shows below itself. */
const moving = new Set<LoadSession>();

/**
 * Moves a load on in a cell that shows it then: the cards of earlier cells stay as they are, so that what was wrong
 * can still be read there, and only say that the load goes on elsewhere. Where the cell fails, they show where it stands.
 */
export async function moveOn(session: LoadSession, move: () => Promise<void>): Promise<void> {
  moving.add(session);
  try {
    await move();
  } finally {
    moving.delete(session);
    for (const card of cards) card.tell(session, "");
  }
}

/** Counts a showing: the load goes on in that one, and the cards of earlier ones say so. */
export function nextShowing(session: LoadSession): number {
  const showing = (showings.get(session) ?? 0) + 1;
  showings.set(session, showing);
  for (const card of cards) card.tell(session, "");
  return showing;
}

/** Connects the cards in front ends with their loads. */
export function loadCards(engine: CellEngine, folder: string): Service {
  whenCellEnds(() => {
    for (const card of cards) card.tellChoices();
  });
  whenInterrupted(() => {
    for (const card of cards) card.tell(null, "Interrupted.");
  });
  return (comm) => {
    const card = new LoadCard(comm, engine, folder);
    comm.onClose(() => card.close());
    return (data) => card.receive(data as CardOpening | CardAction);
  };
}

/** One card in one front end. */
class LoadCard {
  #load: NotebookLoad | null = null;
  #showing: number | null = null;
  #listChoices: ListChoices | null = null;
  /** As they were told, in JSON. */
  #choices = "";
  #stop: (() => void) | null = null;

  constructor(
    private readonly comm: Comm,
    private readonly engine: CellEngine,
    private readonly folder: string,
  ) {
    cards.add(this);
  }

  close(): void {
    this.#stop?.();
    cards.delete(this);
  }

  async receive(message: CardOpening | CardAction): Promise<void> {
    const isOpening = typeof message !== "object" || message === null || !("action" in message);
    if (isOpening && this.#load === null) return this.#open(message);
    if (this.#load === null || isOpening || this.#isReplaced()) return this.#send({ news: "gone" });
    try {
      await this.#act(this.#load, message);
    } catch (error) {
      const why = error instanceof Error ? error.message.replace(/^%step: /, "") : String(error);
      this.#send({ news: "refused", why });
    }
  }

  /** Tells where a load stands; of all loads where `session` is null. */
  tell(session: LoadSession | null, said: string): void {
    if (this.#load === null || (session !== null && session !== this.#load.session)) return;
    if (this.#isReplaced()) return this.#send({ news: "gone" });
    const latest = showings.get(this.#load.session) ?? 0;
    const report = this.#load.session.report();
    if (this.#showing !== null && this.#showing < latest)
      return this.#send({ news: "past", headline: headline(report) });
    if (moving.has(this.#load.session)) return;
    const choices = this.#listChoices!(this.#load.session);
    this.#choices = JSON.stringify(choices);
    const card = { ...report, ...(this.#showing === null ? {} : { showing: this.#showing }) };
    this.#send({ news: "state", card, choices, said });
  }

  /** Whether another load took the variable. */
  #isReplaced(): boolean {
    return loadOfSession(this.engine, this.#load!.session.id) === null;
  }

  /** What a cell has declared is offered. */
  tellChoices(): void {
    if (this.#load && this.#choices !== JSON.stringify(this.#listChoices!(this.#load.session)))
      this.tell(null, "");
  }

  async #open(opening: CardOpening | null): Promise<void> {
    const { session, showing } = opening ?? { session: "", showing: null };
    const load = loadOfSession(this.engine, session);
    if (load === null) return this.#send({ news: "gone" });
    this.#listChoices = await listsChoices(this.engine);
    this.#load = load;
    this.#showing = typeof showing === "number" ? showing : null;
    this.#stop = load.session.onChange(() => this.tell(null, ""));
    this.tell(null, "");
  }

  async #act(load: NotebookLoad, action: CardAction): Promise<void> {
    const { session } = load;
    switch (action.action) {
      case "skeleton":
        return this.#send({ news: "skeleton", source: await this.#cellFor(session, action.problem) });
      case "save":
        return this.tell(null, await saveRecipe(session, action.file, this.folder));
      case "take over":
        this.#showing = nextShowing(session);
        return this.tell(null, "");
      case "fix":
        await advance(session, "fix", fixWords(session, action));
        break;
      case "register":
        await this.#register(session, action);
        await session.step();
        break;
      case "fix all":
        await advance(session, "fix", ["all"]);
        break;
      case "to":
        await advance(session, "to", [action.step]);
        break;
      case "step":
      case "retry":
      case "undo":
      case "skip":
      case "abort":
        await advance(session, action.action);
        break;
      default:
        throw new UsageError(`A card cannot ask for ${JSON.stringify(action)}.`);
    }
    bindLoad(load, this.engine);
    if (session.state === "waiting") unbindEarlier(load, this.engine);
    for (const card of cards) card.tell(session, saidAfter(load));
  }

  async #register(
    session: LoadSession,
    { problem, variable }: CardAction & { action: "register" },
  ): Promise<void> {
    const { name, kind } = registration(session, problem);
    await register(name, this.engine.scope[variable], kind);
  }

  async #cellFor(session: LoadSession, problem: ProblemName): Promise<string> {
    const { name, command } = registration(session, problem);
    return command.startsWith("%%") ? skeletonText(name, session) : command;
  }

  #send(news: CardNews): void {
    this.comm.send(news);
  }
}

function fixWords(
  session: LoadSession,
  { problem, remedy, argument }: CardAction & { action: "fix" },
): readonly string[] {
  const { number } = waitingProblem(session, problem);
  return [String(number), remedy, ...(argument === undefined ? [] : [argument])];
}

/** What `%register_custom` would be told: as the remedy's command has it. */
function registration(
  session: LoadSession,
  problem: ProblemName,
): { readonly name: string; readonly kind: Parameters<typeof register>[2]; readonly command: string } {
  const { remedies } = waitingProblem(session, problem);
  const command = remedies.find(({ id }) => id === "register")?.command ?? "";
  const match = /^%%?register_custom\s+(?:--kind\s+(\S+)\s+)?(\S+)/.exec(command);
  if (!match) throw new UsageError("Nothing can be registered for this problem.");
  return { name: match[2]!, kind: match[1] as Parameters<typeof register>[2], command };
}

/** The card in a front end may be older than the load. */
function waitingProblem(session: LoadSession, { code, subject }: ProblemName): Problem {
  const found = session.waiting.find((problem) => problem.code === code && problem.subject === subject);
  if (found) return found;
  throw new UsageError(`${code} ${subject} no longer waits for a decision.`);
}

/** In a sentence, for who does not see the card. */
function saidAfter({ session, variable }: NotebookLoad): string {
  const report = session.report();
  const [first] = report.waiting;
  if (report.state === "loaded") return `${headline(report)} as ${variable}.`;
  return first ? `${headline(report)}: ${first.code}, ${first.title}.` : `${headline(report)}.`;
}
