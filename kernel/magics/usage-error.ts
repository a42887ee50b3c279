/**
 * A magic was typed wrongly, or cannot do what was asked. The message is all that the user needs,
 * so the stack holds nothing else: a traceback through the kernel would only hide it.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";

  constructor(message: string) {
    super(message);
    this.stack = `${this.name}: ${message}`;
  }
}
