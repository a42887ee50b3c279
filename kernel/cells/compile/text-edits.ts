/** Replacements in a text, collected in any order and applied at once; each knows where the old places went. */
export class TextEdits {
  readonly #edits: { start: number; end: number; text: string; order: number }[] = [];

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, order: this.#edits.length });
  }

  /** Several insertions at one place stand in the order of their calls. */
  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** Goes before what was inserted at this place so far: for closing an inner bracket first. */
  insertFirst(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, order: -this.#edits.length - 1 });
  }

  apply(source: string): EditedText {
    const edits = this.#edits.sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
    let text = "";
    let from = 0;
    const shifts: { start: number; end: number; at: number; length: number }[] = [];
    for (const edit of edits) {
      if (edit.start < from) throw new Error(`Overlapping edits at ${edit.start}: ${edit.text}`);
      text += source.slice(from, edit.start);
      shifts.push({ start: edit.start, end: edit.end, at: text.length, length: edit.text.length });
      text += edit.text;
      from = edit.end;
    }
    text += source.slice(from);
    return { text, moved: (offset) => moved(shifts, offset) };
  }
}

export interface EditedText {
  readonly text: string;
  /** Where an offset of the old text is in the new one; the start of its replacement if it was replaced. */
  moved(offset: number): number;
}

function moved(
  shifts: readonly { start: number; end: number; at: number; length: number }[],
  offset: number,
): number {
  let low = 0;
  let high = shifts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shifts[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  const shift = shifts[low - 1];
  if (!shift) return offset;
  if (offset < shift.end) return shift.at;
  return offset - shift.end + shift.at + shift.length;
}
