import { OwnError } from "../own-error.js";

/** A call of a model with data that it does not take, or before it can be called so. */
export class ModelCallError extends OwnError {
  override readonly name = "ModelCallError";
}
