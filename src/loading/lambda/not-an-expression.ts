import { OwnError } from "../../own-error.js";

/** Bytecode that is no expression of the function's inputs, said by what it is that stops. */
export class NotAnExpression extends OwnError {
  override readonly name = "NotAnExpression";
  /** Instructions that were followed before it. */
  steps = 0;
}
