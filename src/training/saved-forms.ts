import type { JsonValue } from "../formats/model-file.js";

/** Losses and metrics that were made here, as Keras saves them. */
const forms = new WeakMap<object, JsonValue>();

/** Lets `compile` read a function as what Keras saves of it, and a saved model hold it. */
export function rememberSavedForm(made: object, saved: JsonValue): void {
  forms.set(made, saved);
}

/** As Keras saves it, `{ module, class_name, config }`; null for a function of the user's. */
export function savedFormOf(made: object): JsonValue {
  return forms.get(made) ?? null;
}
