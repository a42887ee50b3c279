import type { LoadReport } from "../../src/index.js";

/** Ends the cell of a load that cannot go on; the card above says the rest, so there is no stack. */
export class RefusedLoad extends Error {
  override readonly name = "LoadError";

  constructor({ file, waiting }: LoadReport) {
    super(`${file.path}: ${waiting.map(({ code, title }) => `${title} (${code})`).join(", ")}`);
    this.stack = `${this.name}: ${this.message}`;
  }
}
