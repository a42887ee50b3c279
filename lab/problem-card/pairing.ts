import { compared } from "../../src/display/card/alignment.js";
import type { AlignedLayer, AlignmentRow } from "../../src/loading/problem.js";

/** Layers of a model and of a file while the user matches them. */
export interface Pairing {
  /** As the kernel suggests them. */
  readonly suggested: readonly AlignmentRow[];
  readonly models: readonly AlignedLayer[];
  readonly files: readonly AlignedLayer[];
  /** Index of the file's layer for each of the model's; null for none. */
  readonly partners: readonly (number | null)[];
  /** The file's layer that was picked up and is to be put somewhere; null for none. */
  readonly picked: number | null;
}

export function suggestedPairing(suggested: readonly AlignmentRow[]): Pairing {
  const models = suggested.flatMap(({ model }) => (model ? [model] : []));
  const files = suggested.flatMap(({ file }) => (file ? [file] : []));
  const partners = suggested.flatMap(({ model, file }) => (model ? [file ? files.indexOf(file) : null] : []));
  return { suggested, models, files, partners, picked: null };
}

/** Picks a layer of the file up, or puts it back where it is picked up already. */
export function pick(pairing: Pairing, file: number): Pairing {
  return { ...pairing, picked: pairing.picked === file ? null : file };
}

/** Gives a layer of the model a layer of the file, which leaves where it was; the one that was there goes there. */
export function match(pairing: Pairing, model: number, file: number): Pairing {
  const before = pairing.partners.indexOf(file);
  const partners = pairing.partners.map((partner, i) => {
    if (i === model) return file;
    return i === before ? pairing.partners[model]! : partner;
  });
  return { ...pairing, partners, picked: null };
}

/** Leaves a layer of the model without a partner. */
export function part(pairing: Pairing, model: number): Pairing {
  return {
    ...pairing,
    partners: pairing.partners.map((partner, i) => (i === model ? null : partner)),
    picked: null,
  };
}

/** One row for each layer of the model. */
export function rowsOf({ models, files, partners }: Pairing): AlignmentRow[] {
  return models.map((model, i) =>
    compared({ model, file: partners[i] === null ? null : files[partners[i]!]! }),
  );
}

/** Indices of the file's layers that nothing takes. */
export function leftOver({ files, partners }: Pairing): number[] {
  const taken = new Set(partners);
  return files.flatMap((_, i) => (taken.has(i) ? [] : [i]));
}

/** What the remedy `align` is given; undefined for the pairs as the kernel suggests them. */
export function pairsArgument(pairing: Pairing): string | undefined {
  const { models, files, partners, suggested } = pairing;
  if (suggestedPairing(suggested).partners.every((partner, i) => partner === partners[i])) return undefined;
  const pairs = models.flatMap(({ name }, i) =>
    partners[i] === null ? [] : [[name, files[partners[i]!]!.name] as const],
  );
  return JSON.stringify(Object.fromEntries(pairs));
}

/** What has just changed, for who does not see it. */
export function pairingInWords(before: Pairing, after: Pairing): string {
  const { models, files, partners, picked } = after;
  if (picked !== null) return `${files[picked]!.name} is picked up: choose its place, or press Escape.`;
  const changed = partners.flatMap((partner, i) => (partner === before.partners[i] ? [] : [i]));
  return changed
    .map((i) => {
      const partner = partners[i] ?? null;
      return `${models[i]!.name} takes ${partner === null ? "nothing: it stays zeros" : files[partner]!.name}.`;
    })
    .join(" ");
}

/** Index of the file's layer that was put somewhere else; null where none was. */
export function movedLayer(before: Pairing, after: Pairing): number | null {
  const changed = after.partners.flatMap((partner, i) => (partner === before.partners[i] ? [] : [i]));
  if (changed.length === 0) return null;
  return before.picked ?? before.partners[changed[0]!] ?? null;
}
