import type { MimeBundle } from "../display/bundle.js";

/** Where long computations and notes of the run time are shown; outside a notebook nowhere. */
export interface CellDisplay {
  /** A line of text below the cell that runs. */
  note(line: string): void;
  show(displayId: string, bundle: MimeBundle): void;
  update(displayId: string, bundle: MimeBundle): void;
}

let display: CellDisplay | null = null;

/** Told by whoever shows cells. */
export function displayThrough(place: CellDisplay): void {
  display = place;
}

export function cellDisplay(): CellDisplay | null {
  return display;
}

const noted = new Set<string>();

/** Says something once in this process, in a sentence. */
export function noteOnce(sentence: string): void {
  if (noted.has(sentence)) return;
  noted.add(sentence);
  display?.note(sentence);
}
