import { uninterrupted } from "../../src/uninterrupted.js";

/**
 * The model library, loaded when a magic first needs it: TensorFlow.js takes a second that a notebook without models
 * does not pay.
 */
export function library(): Promise<typeof import("../../src/index.js")> {
  return uninterrupted(() => import("../../src/index.js"));
}
