/**
 * What a notebook shows and a front end may ask more about: models and tensors by an id that travels with their
 * output. Held weakly, so that showing a value keeps nothing in memory.
 */
const shown = new Map<string, WeakRef<object>>();
const ids = new WeakMap<object, string>();
const gone = new FinalizationRegistry<string>((id) => shown.delete(id));

/** The id of a value; the same each time it is shown. Unknown to every other process. */
export function rememberShown(value: object): string {
  const known = ids.get(value);
  if (known !== undefined) return known;
  const id = crypto.randomUUID();
  ids.set(value, id);
  shown.set(id, new WeakRef(value));
  gone.register(value, id);
  return id;
}

/** Null for what is no more, or was shown by another process. */
export function shownValue(id: string): object | null {
  return shown.get(id)?.deref() ?? null;
}
