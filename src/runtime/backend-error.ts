import { OwnError } from "../own-error.js";

/** Why a back end cannot be used, and what enables it. */
export class BackendError extends OwnError {
  override readonly name = "BackendError";

  constructor(
    message: string,
    /** The line to type, or the thing to install. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
