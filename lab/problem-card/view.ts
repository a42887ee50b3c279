import { PROBLEM_CARD } from "../../src/display/bundle.js";
import {
  type CardAction,
  type CardNews,
  CARD_TARGET,
  type CardOpening,
} from "../../src/display/card/card-messages.js";
import { cardHtml } from "../../src/display/card/card-html.js";
import { Html } from "../../src/display/html.js";
import { cardBundle, type CardData } from "../../src/display/card/problem-card.js";
import { readOrNull } from "../../src/display/reading/read-json.js";
import { readCard, readNews } from "../../src/display/reading/read-report.js";
import { summaryHtml } from "../../src/display/summary/summary-html.js";
import { draw } from "../draw.js";
import type { KernelLine, LineState } from "../kernel-line.js";
import { sameJson } from "../same-json.js";
import type { MountedView, View, ViewHost } from "../view.js";
import { actionOf, formAction } from "./card-actions.js";
import { cardControls } from "./controls.js";
import { listenToCard } from "./card-events.js";
import { type CardLink, type LiveCard, NO_CHOICES, problemKey } from "./live-card.js";
import { movedLayer, type Pairing, pairingInWords, suggestedPairing } from "./pairing.js";
import { withNote } from "./read-only.js";

/** A load that waits for decisions: as the kernel drew it, with buttons and forms while the kernel has the load. */
export const problemCard: View<CardData> = {
  mimeType: PROBLEM_CARD,
  read: (json) => readOrNull(readCard, json),
  mount: (host) => new MountedCard(host),
};

let mounted = 0;

class MountedCard implements MountedView<CardData> {
  readonly #id = `loadlab-card-${++mounted}`;
  #live: LiveCard | null = null;
  #line: KernelLine | null = null;
  /** What is to be done with the skeleton that was asked for. */
  #wants: "insert" | "copy" = "insert";
  /** Where the last action was asked for on the card. */
  #spot: string | null = null;

  constructor(private readonly host: ViewHost) {
    listenToCard(host.node, {
      act: (act, spot) => void this.#act(act, spot),
      submit: (act, spot, argument) => this.#submit(act, spot, argument),
      pair: (problem, change) => this.#pair(problem, change),
    });
  }

  show(card: CardData): void {
    const before = this.#live;
    if (before && sameJson(before.card, card)) return this.#draw();
    this.#become({
      ...{ card, link: before?.link ?? { state: "absent" }, choices: before?.choices ?? NO_CHOICES },
      ...{ pending: null, said: "", refused: null, pairings: pairingsOf(card, before), id: this.#id },
    });
    if (before?.card.session !== card.session) this.#connect(card);
  }

  dispose(): void {
    this.#line?.close();
  }

  #connect({ session, showing }: CardData): void {
    this.#line?.close();
    const opening: CardOpening = { session, showing: showing ?? null };
    const listener = {
      message: (data: unknown) => this.#hear(readOrNull(readNews, data)),
      state: (state: LineState) => this.#linkTo(state),
    };
    this.#line = this.host.document?.kernel.open(CARD_TARGET, opening, listener) ?? null;
  }

  #linkTo(state: LineState): void {
    if (state === "open" || !this.#live) return; // what is said first decides
    const isBusy = this.host.document?.kernel.isBusy ?? false;
    const link: CardLink =
      state === "waiting" ? { state, isBusy } : { state: state === "refused" ? "foreign" : "absent" };
    this.#become({ ...this.#live, link, pending: null });
  }

  /** Something that the kernel said; null for what this version does not know. */
  #hear(news: CardNews | null): void {
    const live = this.#live!;
    switch (news?.news) {
      case "state":
        return this.#showNews(news);
      case "past":
        return this.#become({ ...live, link: { state: "past", headline: news.headline }, pending: null });
      case "gone":
        return this.#become({ ...live, link: { state: "gone" }, pending: null });
      case "refused":
        return this.#become({ ...live, pending: null, refused: { why: news.why, spot: this.#spot } });
      case "skeleton":
        return void this.#takeSkeleton(news.source);
    }
  }

  #showNews({ card, choices, said }: CardNews & { news: "state" }): void {
    const live = this.#live!;
    const moved = !sameJson(live.card, card);
    this.#become({
      ...{ card, choices, link: { state: "live" }, id: this.#id, pairings: pairingsOf(card, live) },
      ...{ pending: moved || said !== "" ? null : live.pending, refused: moved ? null : live.refused },
      said: said || (moved ? "" : live.said),
    });
    if (moved) this.host.keep(cardBundle(card).data);
  }

  async #act(act: string, spot: string): Promise<void> {
    const live = this.#live!;
    if (act === "browse") return this.#browse(spot);
    if (act === "insert" || act === "copy") {
      this.#wants = act;
      return this.#send(formAction(live, "skeleton", spot, undefined), spot);
    }
    this.#send(actionOf(act), null);
  }

  /** Lets the user choose a file of the server for a form. */
  async #browse(spot: string): Promise<void> {
    const path = await this.host.document?.chooseFile();
    const form = [...this.host.node.querySelectorAll("form")].find((one) => one.dataset["spot"] === spot);
    const field = form?.querySelector<HTMLInputElement>("input[name=argument]");
    if (!field || path == null) return;
    field.value = path;
    field.focus();
  }

  #submit(act: string, spot: string, argument: string | undefined): void {
    this.#send(formAction(this.#live!, act, spot, argument), spot === "save" ? null : spot);
  }

  /** Asks the kernel, one thing at a time. */
  #send(action: CardAction | null, spot: string | null): void {
    const live = this.#live!;
    const isLive = live.link.state === "live" || action?.action === "take over";
    if (action === null || live.pending !== null || !isLive) return;
    this.#spot = spot;
    const isBehindCell = this.host.document!.kernel.isBusy;
    if (this.#line?.send(action))
      this.#become({ ...live, pending: { action, isBehindCell }, said: "", refused: null });
  }

  async #takeSkeleton(source: string): Promise<void> {
    const isThere = this.#wants === "insert" && this.host.insertBelow(source);
    if (!isThere) await navigator.clipboard.writeText(source);
    const said = isThere
      ? "The skeleton is in the cell below: complete it, run it, then try again."
      : "The skeleton is copied: paste it into a cell, complete it and run it.";
    this.#become({ ...this.#live!, pending: null, said });
  }

  #pair(problem: number, change: (pairing: Pairing) => Pairing): void {
    const live = this.#live!;
    const waiting = live.card.waiting[problem];
    const pairing = waiting && live.pairings.get(problemKey(waiting));
    if (!pairing || live.pending) return;
    const changed = change(pairing);
    const pairings = new Map(live.pairings).set(problemKey(waiting), changed);
    this.#become({ ...live, pairings, said: pairingInWords(pairing, changed) });
    // The button that was pressed is gone: its layer has the focus.
    const moved = movedLayer(pairing, changed);
    const table = this.host.node.querySelector(`.loadlab-match[data-problem="${problem}"]`)?.parentElement;
    if (moved !== null) table?.querySelector<HTMLElement>(`.loadlab-chip[data-file="${moved}"]`)?.focus();
  }

  #become(live: LiveCard): void {
    this.#live = live;
    this.#draw();
  }

  #draw(): void {
    const live = this.#live!;
    const { node } = this.host;
    const hadFocus = node.contains(document.activeElement);
    const isLive = ["live", "waiting", "past"].includes(live.link.state);
    const text = isLive ? cardHtml(live.card, cardControls(live)) : withNote(cardHtml(live.card), live.link);
    const { summary } = live.card;
    draw(node, new Html(text + (summary ? summaryHtml(summary) : "")));
    // What had the focus is gone: it goes on at the card, not at the page's start.
    if (hadFocus && !node.contains(document.activeElement)) this.#focusCard();
  }

  #focusCard(): void {
    const title = this.host.node.querySelector<HTMLElement>(".loadlab-title");
    title?.setAttribute("tabindex", "-1");
    title?.focus();
  }
}

/** What the user has matched stays as long as the same is asked. */
function pairingsOf(card: CardData, before: LiveCard | null): ReadonlyMap<string, Pairing> {
  const pairings = card.waiting.flatMap((problem) => {
    if (!problem.alignment || !problem.remedies.some(({ id }) => id === "align")) return [];
    const old = before?.pairings.get(problemKey(problem));
    const isSame = old && sameJson(old.suggested, problem.alignment);
    return [[problemKey(problem), isSame ? old : suggestedPairing(problem.alignment)] as const];
  });
  return new Map(pairings);
}
