import { html, type Html } from "../../src/display/html.js";
import { printable } from "../../src/notation.js";
import type { Problem, Remedy } from "../../src/loading/problem.js";
import { actButton, button } from "./button.js";
import { type LiveCard, problemKey } from "./live-card.js";

export interface RemedySpot {
  readonly live: LiveCard;
  readonly problem: Problem;
  readonly remedy: Remedy;
  /** Names the form; what is wrong with what was typed stands below, by that id. */
  readonly spot: string;
  readonly isOff: boolean;
}

/** What takes a remedy: a button, with a field for what it needs. */
export function remedyForm(given: RemedySpot): Html {
  const { remedy, spot, isOff } = given;
  if (remedy.id === "register" || remedy.id === "skeleton") return registerForms(given);
  const apply = button("Apply", isOff, `Apply: ${plain(remedy.title)}`);
  return html`<form data-act="fix" data-spot="${spot}" data-key="${keyOf(given)}">
    ${field(given)} ${apply}
  </form>`;
}

function field(given: RemedySpot): Html | null {
  const { remedy, spot, live, isOff } = given;
  switch (remedy.needs) {
    case undefined:
      return null;
    case "PATH":
      return html`${input(given, "a file, from the notebook's folder", "path/to/file")}
      ${actButton("browse", "Browse …", isOff, { spot, title: `Browse … for ${plain(remedy.title)}` })}`;
    case "SHAPE":
      return input(given, "the shape, batch first, null where it is free", "null, 28, 28, 1");
    case "NAME=VALUE":
      return input(given, "the arguments, as name=value", "name=value");
    case "LAYER":
      return live.choices.layers.length > 0
        ? choice(given, "a layer", live.choices.layers)
        : input(given, "a layer", "dense_1");
    case "ACTIVATION":
      return live.choices.activations.length > 0
        ? choice(given, "an activation", live.choices.activations)
        : input(given, "an activation", "relu");
    default:
      return input(given, remedy.needs, remedy.needs);
  }
}

function input({ remedy, live, spot }: RemedySpot, what: string, example: string): Html {
  const isWrong = live.refused?.spot === spot ? "true" : "false";
  return html`<input
    type="text"
    name="argument"
    required
    spellcheck="false"
    autocomplete="off"
    value="${remedy.suggestion ?? ""}"
    placeholder="${example}"
    aria-label="${plain(remedy.title)}: ${what}"
    aria-invalid="${isWrong}"
    aria-describedby="${live.id}-${spot}-why"
  />`;
}

/** Longer lists are typed into, with the browser's suggestions. */
const MOST_OPTIONS = 200;

function choice(given: RemedySpot, what: string, options: readonly string[]): Html {
  const { remedy, live, spot } = given;
  if (options.length > MOST_OPTIONS) return input(given, what, options[0]!);
  const isWrong = live.refused?.spot === spot ? "true" : "false";
  const items = options.map((option) =>
    option === remedy.suggestion
      ? html`<option value="${option}" selected>${printable(option, 80)}</option>`
      : html`<option value="${option}">${printable(option, 80)}</option>`,
  );
  return html`<select
    name="argument"
    aria-label="${plain(remedy.title)}: ${what}"
    aria-invalid="${isWrong}"
    aria-describedby="${live.id}-${spot}-why"
  >
    ${items}
  </select>`;
}

/** A class or function: one that the notebook has, or a cell to write it in. */
function registerForms({ live, remedy, problem, spot, isOff }: RemedySpot): Html {
  const { classes, functions } = live.choices;
  const all = [...classes, ...functions];
  const own = all.find((name) => name === problem.subject.replace(/^.*>/, ""));
  const options = all.map((name) =>
    name === own
      ? html`<option value="${name}" selected>${name}</option>`
      : html`<option value="${name}">${name}</option>`,
  );
  const take =
    all.length === 0
      ? null
      : html`<form data-act="register" data-spot="${spot}" data-key="${problemKey(problem)} register">
          <select name="argument" required aria-label="${plain(remedy.title)}: what the notebook has">
            ${own === undefined ? html`<option value="">choose …</option>` : null}${options}
          </select>
          ${button("Use it", isOff, "Use it: what the notebook has, for the class")}
        </form>`;
  return html`${take}
    <div class="loadlab-row">
      ${actButton("insert", "Write it in a cell below", isOff, { spot })}
      ${actButton("copy", "Copy the skeleton", isOff, { spot })}
    </div>`;
}

/** What was typed stays with its problem, wherever that moves to on the card. */
function keyOf({ problem, remedy }: RemedySpot): string {
  return `${problemKey(problem)} ${remedy.id}`;
}

function plain(text: string): string {
  return printable(text.replaceAll("`", ""), 120);
}
