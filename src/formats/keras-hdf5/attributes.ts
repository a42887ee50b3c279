import { attributeLike, nameChanged } from "../changed-names.js";
import type { AttributeValue } from "../hdf5/attribute.js";
import type { Dataset } from "../hdf5/dataset.js";
import { Damage } from "../hdf5/failures.js";
import type { Group } from "../hdf5/group.js";
import type { FormatFinding } from "../model-file.js";

/** Reads attributes of a file's groups, and takes down what is wrong with it, here and elsewhere. */
export class Attributes {
  readonly findings: FormatFinding[] = [];

  tell(finding: FormatFinding): void {
    const same = ({ title, where, detail }: FormatFinding) =>
      title === finding.title && where === finding.where && detail === finding.detail;
    if (!this.findings.some(same)) this.findings.push(finding);
  }

  attribute(object: Group | Dataset, name: string): AttributeValue {
    const attribute = object.attributes.get(name);
    if (!attribute) return null;
    try {
      return attribute.value();
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const title = `Attribute ${name} is lost`;
      const where = `${object.path}, byte ${error.byte}`;
      if (this.findings.some((told) => told.title === title && told.where === where)) return null;
      this.findings.push({
        code: "F03",
        title,
        where,
        detail: error.detail,
        advice: "Get the file again from where it was made.",
      });
      return null;
    }
  }

  /** A list of names, which Keras splits into `name0`, `name1`, ... when it is long; an empty one is an array of floats. */
  names(group: Group, name: string): string[] | null {
    const parts: string[][] = [];
    const known = this.attributeName(group, name);
    if (group.attributes.has(known)) parts.push(this.texts(group, known));
    else
      for (let i = 0; group.attributes.has(`${name}${i}`); i++) parts.push(this.texts(group, `${name}${i}`));
    return parts.length === 0 ? null : parts.flat();
  }

  /** The name under which a group has an attribute: its own, or one that differs by a letter. */
  attributeName(group: Group, name: string): string {
    if (group.attributes.has(name) || group.attributes.has(`${name}0`)) return name;
    const changed = attributeLike(group, name);
    if (changed === null) return name;
    this.tell(nameChanged(group.path, name, changed.name));
    return changed.name;
  }

  /** Those of a list of names; anything else in it is damage. */
  private texts(group: Group, name: string): string[] {
    const value = this.attribute(group, name);
    const values = Array.isArray(value) ? value : value === null ? [] : [value];
    const texts = values.filter((item) => typeof item === "string");
    const shape = group.attributes.get(name)?.shape;
    const empty = shape === null || shape?.includes(0);
    if (texts.length < values.length || (value === null && !empty)) this.noNames(group, name);
    return texts;
  }

  private noNames(group: Group, name: string): void {
    const title = `Attribute ${name} is lost`;
    if (this.findings.some((told) => told.title === title && told.where.startsWith(`${group.path}, `)))
      return;
    this.tell({
      code: "F03",
      title,
      where: group.path,
      detail: "it is a list of names, and holds something else",
      advice: "Get the file again from where it was made.",
    });
  }

  noNumber(group: Group, name: string): void {
    this.tell({
      code: "F03",
      title: `Attribute ${name} is lost`,
      where: group.path,
      detail: "it is a number, and holds something else",
      advice: "Get the file again from where it was made.",
    });
  }
}
