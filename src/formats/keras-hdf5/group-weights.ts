import { findChanged, nameChanged, otherNames, takenForMissing } from "../changed-names.js";
import type { Dataset } from "../hdf5/dataset.js";
import type { Hdf5File } from "../hdf5/file.js";
import { datasets, find, type Group } from "../hdf5/group.js";
import type { StoredLayer, StoredWeight } from "../model-file.js";
import { storedWeight } from "../stored-weight.js";
import type { Attributes } from "./attributes.js";

/** Reads the weights of one layer's group: those that its list names, or all of them. */
export class GroupWeights {
  /** What the lists of a damaged file name and nothing leads to any more. */
  readonly unreached: string[] = [];

  constructor(
    private readonly attributes: Attributes,
    /** What damage took of the file. */
    private readonly lost: Hdf5File["lost"],
  ) {}

  named(group: Group, layer: string): StoredLayer {
    const there = new Map(
      [...datasets(group)].map((dataset) => [dataset.path.slice(group.path.length + 1), dataset] as const),
    );
    const listed = this.attributes.names(group, "weight_names");
    const isLost = this.lost.length > 0;
    const names = listed === null || (listed.length === 0 && !isLost) ? [...there.keys()] : listed;
    if (listed?.length === 0 && names.length > 0)
      this.attributes.tell(otherNames(group.path, "weight_names", names));
    const unlisted = new Map([...there].filter(([name]) => !names.includes(name)));
    const taken = takenForMissing(isLost ? [] : names.filter((name) => !leads(group, name, names)), unlisted);
    const used = [...taken.values()].map(({ name }) => name);
    if (used.length > 0) this.attributes.tell(otherNames(group.path, "weight_names", used));
    const weights: StoredWeight[] = [];
    const missing: { name: string; index: number }[] = [];
    names.forEach((name, index) => {
      const other = taken.get(name);
      const dataset = other?.found ?? find(group, name) ?? this.changedWeight(group, name, names);
      if (dataset?.kind === "dataset") weights.push(storedWeight(dataset, other?.name ?? name));
      else {
        missing.push({ name, index });
        this.missing(
          `${group.path}/${name}`,
          `the weight ${JSON.stringify(name)} of layer ${JSON.stringify(layer)}`,
        );
      }
    });
    return { name: layer, weights: weights.filter((weight) => weight !== null), missing };
  }

  private changedWeight(group: Group, name: string, listed: readonly string[]): Group | Dataset | undefined {
    const changed = findChanged(group, name, listed);
    if (changed?.found.kind !== "dataset") return undefined;
    this.attributes.tell(nameChanged(group.path, name, changed.name));
    return changed.found;
  }

  numbered(group: Group, name: string): StoredLayer {
    const said = this.attributes.attribute(group, "nb_params");
    const count = Math.min(said === null ? group.children.size : Number(said), 10_000);
    const weights: StoredWeight[] = [];
    const missing: { name: string; index: number }[] = [];
    for (let index = 0; index < count; index++) {
      const param = `param_${index}`;
      const dataset = group.children.get(param);
      if (dataset?.kind === "dataset") weights.push(storedWeight(dataset, param));
      else {
        missing.push({ name: param, index });
        this.missing(
          `${group.path}/${param}`,
          `the weight ${JSON.stringify(param)} of layer ${JSON.stringify(name)}`,
        );
      }
    }
    return { name, weights, missing };
  }

  missing(where: string, what: string): void {
    const lost = this.lost.some(({ path }) => path === "/" || where === path || where.startsWith(`${path}/`));
    if (lost) {
      this.unreached.push(where);
      return;
    }
    this.attributes.findings.push({
      code: "W05",
      title: "Weights are missing",
      where,
      detail: `the file names ${what} but does not hold it`,
      advice: "Look for another copy of the file, or give initial values in its place.",
    });
  }
}

/** Whether a name of a list leads to something, maybe under one that differs by a letter. */
export function leads(group: Group, name: string, listed: readonly string[]): boolean {
  return Boolean(find(group, name) ?? findChanged(group, name, listed));
}
