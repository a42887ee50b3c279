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
  });
  node.addEventListener("dragstart", (event) => dragBegins(event, listener));
  node.addEventListener("dragover", dragGoesOver);
  node.addEventListener("drop", (event) => dropped(event, listener));
}

function clicked({ target }: Event, listener: CardListener): void {
  const button = closest(target, "button[data-act]");
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

function dragBegins(event: DragEvent, listener: CardListener): void {
  const chip = closest(event.target, ".loadlab-chip");
  if (!chip || !event.dataTransfer) return;
  event.stopPropagation(); // not the cell
  event.dataTransfer.setData("text/plain", chip.textContent);
  event.dataTransfer.effectAllowed = "move";
  const file = Number(chip.dataset["file"]);
  const problem = problemOf(chip);
  // The page must not change while the drag begins: Chromium would end it.
  setTimeout(() => listener.pair(problem, (pairing) => ({ ...pairing, picked: file })));
}

function dragGoesOver(event: DragEvent): void {
  if (closest(event.target, "tr[data-model],[data-tray]")) event.preventDefault();
}

function dropped(event: DragEvent, listener: CardListener): void {
  const place = closest(event.target, "tr[data-model],[data-tray]");
  if (!place) return;
  event.preventDefault();
  event.stopPropagation();
  const { model } = place.dataset;
  listener.pair(problemOf(place), (pairing) => {
    if (pairing.picked === null) return pairing;
    if (model !== undefined) return match(pairing, Number(model), pairing.picked);
    const holder = pairing.partners.indexOf(pairing.picked);
    return holder === -1 ? { ...pairing, picked: null } : part(pairing, holder);
  });
}

function problemOf(element: HTMLElement): number {
  return Number(closest(element, "[data-problem]")?.dataset["problem"]);
}

function closest(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}
