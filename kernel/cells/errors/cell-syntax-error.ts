/** A cell or local module that does not parse, with the place in the user's text. */
export class CellSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  constructor(
    message: string,
    /** 1-based, as the user counts (a `%%magic` line included). */
    readonly line: number,
    /** 1-based. */
    readonly column: number,
    /** Text of that line. */
    readonly sourceLine: string,
    /** The cell's number, or the path of the module. */
    readonly source: number | string,
    /** What to write instead; empty where nothing is known. */
    readonly advice = "",
  ) {
    super(message);
  }
}
