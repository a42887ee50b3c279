/** Of a row, in pixels, as lab/style.css makes it. */
export const ROW_HEIGHT = 26;

/** Where rows of different heights stand, so that only those in sight are drawn. */
export class RowHeights {
  /** Top of each row, and the bottom of the last. */
  readonly #tops: Float64Array;

  /** @param extra pixels that a row has below it for its detail, by place */
  constructor(rows: number, extra: (place: number) => number) {
    this.#tops = new Float64Array(rows + 1);
    for (let i = 0; i < rows; i++) this.#tops[i + 1] = this.#tops[i]! + ROW_HEIGHT + extra(i);
  }

  get total(): number {
    return this.#tops.at(-1)!;
  }

  top(place: number): number {
    return this.#tops[place]!;
  }

  /** The row at a distance from the top. */
  at(pixels: number): number {
    let [low, high] = [0, Math.max(0, this.#tops.length - 2)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#tops[middle]! <= pixels) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
