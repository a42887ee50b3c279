import { match, type Pairing, part, pick } from "./pairing.js";

export interface CardListener {
  /** A button of the card. */
  act(act: string, spot: string): void;
  /** A form; what was typed, where there is a field. */
  submit(act: string, spot: string, argument: string | undefined): void;
  /** The user matches weights of the problem at that place of the card. */
  pair(problem: number, change: (pairing: Pairing) => Pairing): void;
}

/** Listens to what the user does on a card, however often it is drawn. */
export function listenToCard(node: HTMLElement, listener: CardListener): void {
  node.addEventListener("click", (event) => clicked(event, listener));
  node.addEventListener("submit", (event) => submitted(event, listener));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") putDown(event, listener);
    if (event.key === "Enter" || event.key === " ") pressed(event);
  });
  let dragged: Dragged | null = null;
  node.addEventListener("dragstart", (event) => (dragged = dragBegins(event)));
  node.addEventListener("dragend", () => (dragged = null));
  node.addEventListener("dragover", (event) => dragged && placeUnder(event) && event.preventDefault());
  node.addEventListener("drop", (event) => dragged && dropped(event, dragged, listener));
}

/** A layer of the file that is on its way. */
interface Dragged {
  readonly problem: number;
  readonly file: number;
}

function clicked({ target }: Event, listener: CardListener): void {
  const button = closest(target, "[data-act]:not(form)");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const { act, spot = "", file, model } = button.dataset;
  if (act === "pick") listener.pair(problemOf(button), (pairing) => pick(pairing, Number(file)));
  else if (act === "part") listener.pair(problemOf(button), (pairing) => part(pairing, Number(model)));
  else if (act === "put") {
    listener.pair(problemOf(button), (pairing) =>
      pairing.picked === null ? pairing : match(pairing, Number(model), pairing.picked),
    );
  } else listener.act(act!, spot);
}

/** Keys do with what only looks like a button what they do with a button. */
function pressed(event: KeyboardEvent): void {
  const chip = closest(event.target, "[role=button]");
  if (!chip) return;
  event.preventDefault();
  chip.click();
}

function submitted(event: Event, listener: CardListener): void {
  const form = closest(event.target, "form[data-act]") as HTMLFormElement | null;
  if (!form) return;
  event.preventDefault();
  if (form.querySelector("button[type=submit]")?.getAttribute("aria-disabled") === "true") return;
  const argument = new FormData(form).get("argument");
  listener.submit(
    form.dataset["act"]!,
    form.dataset["spot"]!,
    typeof argument === "string" ? argument.trim() : undefined,
  );
}

function putDown({ target }: Event, listener: CardListener): void {
  const table = closest(target, "[data-problem]");
  if (table) listener.pair(problemOf(table), (pairing) => ({ ...pairing, picked: null }));
}

function dragBegins(event: DragEvent): Dragged | null {
  const chip = closest(event.target, ".loadlab-chip");
  if (!chip || !event.dataTransfer) return null;
  event.stopPropagation(); // not the cell
  event.dataTransfer.setData("text/plain", chip.textContent);
  event.dataTransfer.effectAllowed = "move";
  return { problem: problemOf(chip), file: Number(chip.dataset["file"]) };
}

/** A row of the model, or what is left over. */
function placeUnder({ target }: Event): HTMLElement | null {
  return closest(target, "tr[data-model],[data-tray]");
}

function dropped(event: DragEvent, { problem, file }: Dragged, listener: CardListener): void {
  const place = placeUnder(event);
  if (!place || problemOf(place) !== problem) return;
  event.preventDefault();
  event.stopPropagation();
  const { model } = place.dataset;
  listener.pair(problem, (pairing) => {
    if (model !== undefined) return match(pairing, Number(model), file);
    const holder = pairing.partners.indexOf(file);
    return holder === -1 ? pairing : part(pairing, holder);
  });
}

function problemOf(element: HTMLElement): number {
  return Number(closest(element, "[data-problem]")?.dataset["problem"]);
}

function closest(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}
