import { type CardControls, withCode } from "../../src/display/card/card-html.js";
import { html, type Html } from "../../src/display/html.js";
import { STYLE, TONE } from "../../src/display/style.js";
import { plural, printable } from "../../src/notation.js";
import type { Problem, Remedy } from "../../src/loading/problem.js";
import { alignmentEditor } from "./alignment-editor.js";
import { pairsArgument } from "./pairing.js";
import { type LiveCard, problemKey, spotOf } from "./live-card.js";
import { actButton, button } from "./button.js";
import { remedyForm } from "./remedy-form.js";

/** The buttons and forms of a card. They only show and name what can be done: the view listens to them. */
export function cardControls(live: LiveCard): CardControls {
  const isOver = live.card.state === "aborted";
  const isOff = isOver || live.link.state !== "live" || live.pending !== null;
  return {
    status: status(live),
    remedy: (problem, remedy) => remedyControl(live, problem, remedy, isOff),
    alignment: (problem) => {
      const pairing = live.pairings.get(problemKey(problem));
      return pairing ? alignmentEditor(pairing, indexOf(live, problem), isOff) : null;
    },
    draft: (problem) => (problem.draft === undefined ? null : draftForm(live, problem, isOff)),
    actions: actions(live, isOff),
  };
}

/** One line that is read out when it changes, and what stands in the way. */
function status(live: LiveCard): Html {
  const { refused } = live;
  const wrong = refused && refused.spot === null ? trouble(refused.why) : null;
  return html`<div class="loadlab-card-status">
    <div role="status" aria-live="polite" class="loadlab-said">${printable(said(live), 400)}</div>
    <div role="alert">${wrong}</div>
  </div>`;
}

function said(live: LiveCard): string {
  const { link, pending } = live;
  if (pending) return pending.isBehindCell ? "Waits for the cell that runs, then it is done." : "Working …";
  if (link.state === "past") return ""; // it says below where the load goes on
  if (link.state !== "waiting") return live.said || registeredText(live);
  return link.isBusy
    ? "The kernel is busy: this card can be used when the cell that runs has ended."
    : "Connecting to the kernel …";
}

/** What a cell has registered meanwhile. */
function registeredText({ card, choices }: LiveCard): string {
  const done = card.waiting.flatMap(({ remedies, subject }) =>
    remedies.some(({ id }) => id === "register") && choices.registered.includes(subject) ? [subject] : [],
  );
  if (card.state !== "waiting" || done.length === 0) return "";
  return `${done.join(", ")} ${done.length === 1 ? "is" : "are"} registered now: try again to go on.`;
}

function trouble(why: string): Html {
  return html`<div class="loadlab-trouble" style="${TONE.bad}">✗ ${withCode(why)}</div>`;
}

function remedyControl(live: LiveCard, problem: Problem, remedy: Remedy, isOff: boolean): Html | null {
  // The skeleton is offered where a class is asked for.
  if (remedy.id === "skeleton" && problem.remedies.some(({ id }) => id === "register")) return null;
  const spot = spotOf(live.card, problem, remedy.id);
  const wrong = live.refused?.spot === spot ? live.refused.why : null;
  return html`${remedyForm({ live, problem, remedy, spot, isOff })}
    <div role="alert" id="${live.id}-${spot}-why">${wrong === null ? null : trouble(wrong)}</div>`;
}

function draftForm(live: LiveCard, problem: Problem, isOff: boolean): Html {
  const spot = spotOf(live.card, problem, "architecture");
  const lines = Math.min(problem.draft!.split("\n").length, 24);
  return html`<details style="margin-top:8px">
    <summary style="${STYLE.summary}">Correct the draft and take it</summary>
    <form data-act="fix" data-spot="${spot}" data-key="${problemKey(problem)} draft">
      <textarea
        name="argument"
        class="loadlab-draft"
        rows="${lines}"
        spellcheck="false"
        aria-label="The architecture as JSON"
      >
${problem.draft!}</textarea>
      ${button("Take this architecture", isOff)}
    </form>
  </details>`;
}

/** What moves the load as a whole. */
function actions(live: LiveCard, isOff: boolean): Html | null {
  const { card, link } = live;
  if (link.state === "past")
    return html`<div class="loadlab-actions">
      <span>The load goes on in a later output: ${link.headline}.</span>
      ${actButton("take over", "Go on here", live.pending !== null)}
    </div>`;
  const undo =
    card.decisions.length > 0
      ? actButton("undo", "Undo", isOff, { title: `Undo ${lastDecision(live)}` })
      : null;
  const save = card.decisions.length > 0 ? saveForm(live, isOff) : null;
  const abort = actButton("abort", "Give up", isOff);
  switch (card.state) {
    case "waiting":
      return bar(
        actButton("step", "Try again", isOff),
        hasBest(live) ? actButton("fix all", "Take the best for each", isOff) : null,
        actButton("skip", card.waiting.length > 1 ? `Skip all ${card.waiting.length}` : "Skip", isOff),
        undo,
        abort,
        save,
      );
    case "paused":
      return bar(
        actButton("step", "Next step", isOff, { isMain: true }),
        actButton("run", "Go on to the end", isOff),
        undo,
        abort,
        save,
      );
    case "refused":
      return bar(actButton("retry", "Try again", isOff), undo, save);
    case "loaded":
      return undo || save ? bar(undo, save) : null;
    case "aborted":
      return null;
  }
}

function bar(...items: readonly (Html | null)[]): Html {
  return html`<div class="loadlab-actions">${items}</div>`;
}

function lastDecision({ card }: LiveCard): string {
  const { subject, remedy } = card.decisions.at(-1)!;
  return `${printable(subject, 60)} → ${remedy}`;
}

/**
 * Whether several problems can be answered at once, as `LoadSession.fixAll` does: neither by stubs nor by what needs an
 * answer. Not once weights were matched by hand, which it would not know of.
 */
function hasBest({ card: { waiting }, pairings }: LiveCard): boolean {
  if (waiting.length < 2 || [...pairings.values()].some((pairing) => pairsArgument(pairing) !== undefined))
    return false;
  const best = ({ id, fidelity, needs, suggestion }: Remedy) =>
    !["register", "skeleton"].includes(id) &&
    fidelity !== "stub" &&
    (needs === undefined || suggestion !== undefined);
  return waiting.some(({ remedies }) => remedies.some(best));
}

function saveForm(live: LiveCard, isOff: boolean): Html {
  const { card } = live;
  const name = card.file.path.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "");
  return html`<details class="loadlab-save">
    <summary style="${STYLE.summary}">Save the recipe (${plural(card.decisions.length, "decision")})</summary>
    <form data-act="save" data-spot="save">
      <label
        >File <input name="argument" type="text" required value="${name}.recipe.json" spellcheck="false"
      /></label>
      ${button("Save", isOff)}
    </form>
  </details>`;
}

function indexOf({ card }: LiveCard, problem: Problem): number {
  return card.waiting.indexOf(problem);
}
