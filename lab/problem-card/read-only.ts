import { html } from "../../src/display/html.js";
import { STYLE } from "../../src/display/style.js";
import type { CardLink } from "./live-card.js";

/** The card as it was saved, with a line that says why it has no buttons. */
export function withNote(card: string, { state }: CardLink): string {
  const notes: Partial<Record<CardLink["state"], string>> = {
    absent:
      "No kernel is running: this card shows how the load stood. Start the kernel and run the cell to go on.",
    foreign: "The kernel of this notebook is not loadlab: this card shows how the load stood.",
    gone: "The kernel no longer has this load: run the cell again to go on.",
  };
  const note = notes[state];
  if (note === undefined) return card;
  return html`<div class="loadlab-note" role="note" style="${STYLE.text}">${note}</div>`.text + card;
}
