/** One way in which a load fails, as the field knows it: what docs/problems says about a code. */
export interface TaxonomyEntry {
  /** `C01`. */
  readonly code: string;
  readonly title: string;
  readonly settledBy: SettledBy;
  /** What Keras and its neighbours say, word for word; `{path}` stands for the file. */
  readonly keras: readonly Said[];
  /** Why it happens. */
  readonly why: string;
  /** Why, instead, where what was found is this. */
  readonly whys?: readonly { readonly of: RegExp; readonly why: string }[];
  /** What loadlab does by itself. */
  readonly does: string;
  /** What the user can do. */
  readonly todo: string;
  /** The way out in Python, where there is one. */
  readonly python?: string;
}

export interface Said {
  readonly version: string;
  readonly message: string;
  /** Said only where the title, the detail or the path of what was found (a line each) is this; always unless given. */
  readonly of?: RegExp;
}

/** A message with the names of a case in it; general ones where it has none. */
export function filled(message: string, names: Readonly<Record<string, string>> = {}): string {
  const general: Record<string, string> = { class: "X" };
  return message.replaceAll(
    /\{(path|class|name)\}/g,
    (_, name: string) => names[name] ?? general[name] ?? "…",
  );
}

/**
 * What a load with this problem needs before it predicts: nothing, one choice among remedies, a class or function of
 * the user's, another file; or it is refused.
 */
export type SettledBy = "itself" | "choice" | "code" | "file" | "refused";
