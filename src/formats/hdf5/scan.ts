import { type Attribute, readAttribute } from "./attribute.js";
import { Dataset, type Structure } from "./dataset.js";
import { readDenseAttributes, readDenseLinks } from "./dense.js";
import { elementCount, readDataspace, readMaximum } from "./dataspace.js";
import { type Datatype, readDatatype } from "./datatype.js";
import { doubtedPlaces } from "./doubted-places.js";
import { Damage, guarded, type LostObject, refused } from "./failures.js";
import { find, type Group } from "./group.js";
import { readFillValue, readOldFillValue } from "./fill-value.js";
import { decoderOf, readFilters } from "./filters.js";
import { GlobalHeap } from "./global-heap.js";
import { readLayout } from "./layout.js";
import { LIMITS } from "./limits.js";
import { type Link, readLink } from "./links.js";
import { nameEntries, namesBelow, namesIn } from "./lost-names.js";
import type { Cursor, Metadata } from "./metadata.js";
import { MESSAGE, type Message, type ObjectHeader, readObjectHeader } from "./object-header.js";
import type { Superblock } from "./superblock.js";
import type { Range } from "./sweep.js";
import { readSymbolTable, readSymbolTablePlaces } from "./symbol-table.js";

/** A group that is still being filled. */
export interface OpenGroup extends Group {
  readonly children: Map<string, Group | Dataset>;
}

/** Parts of groups that nothing leads to any more, by the address of the heap that says whose they are. */
export interface LooseParts {
  /** Nodes of symbol tables, by the heap that holds their names. */
  readonly nodes: ReadonlyMap<number, readonly number[]>;
  /** Blocks in which links lie, by their heap. */
  readonly blocks: ReadonlyMap<number, readonly number[]>;
}

const NO_PARTS: LooseParts = { nodes: new Map(), blocks: new Map() };

/** Reads objects and what is below them, each once. What is damaged is left out and listed. */
export class Scan implements Structure {
  readonly lost: LostObject[] = [];
  private readonly heap: GlobalHeap;
  private readonly done = new Map<number, OpenGroup | Dataset>();
  private readonly open = new Set<number>();
  private readonly softLinks: { group: OpenGroup; name: string; to: string }[] = [];

  constructor(
    private readonly metadata: Metadata,
    private readonly superblock: Superblock,
    private readonly loose: LooseParts = NO_PARTS,
  ) {
    this.heap = new GlobalHeap(metadata);
  }

  get sound(): boolean {
    return this.lost.length === 0 && this.metadata.mismatches.size === 0;
  }

  /** The root with all that is below it. */
  root(): OpenGroup {
    this.metadata.takeOccupied();
    this.metadata.occupy(0, this.superblock.length, "the superblock");
    const root = this.object(this.superblock.root, "/", 0);
    if (root.kind !== "group") throw new Damage(this.superblock.root, "the root of the file is not a group");
    this.followSoftLinks(root);
    this.doubtPlaces();
    return root;
  }

  /** Addresses of what the links of a group lead to; none for a dataset. */
  targets(address: number): number[] {
    const header = readObjectHeader(this.metadata, address, "/");
    if (isDataset(header)) return [];
    const lost = this.lost.length;
    const links = this.links(header, "/", []);
    this.lost.length = lost;
    return links.flatMap(({ target }) => (target.kind === "hard" ? [target.address] : []));
  }

  has(address: number): boolean {
    return this.done.has(address);
  }

  /** Values that cannot be where their headers say are not taken. */
  private doubtPlaces(): void {
    const { metadata } = this;
    const values = [...this.done.values()].flatMap((object) =>
      object.kind === "dataset"
        ? object.places().map((place) => ({ ...place, what: object.path, owner: object }))
        : [],
    );
    const structures = metadata.takeOccupied();
    for (const { owner, damage } of doubtedPlaces(structures, values, metadata.source.size))
      this.doubt(owner, damage);
  }

  private doubt(dataset: Dataset, damage: Damage): void {
    if (dataset.doubt === null) this.lose(dataset.path, damage);
    dataset.doubt ??= damage;
  }

  /** Where values lie in one piece. */
  ranges(): Range[] {
    const ranges: Range[] = [];
    for (const object of this.done.values()) {
      if (object.kind !== "dataset" || object.byteOffset === undefined) continue;
      ranges.push({ start: object.byteOffset, end: object.byteOffset + object.byteLength });
    }
    return ranges;
  }

  /**
   * @param names what the groups above say is below this one, as paths from here, in the order of their making
   */
  object(address: number, path: string, depth: number, names: readonly string[] = []): OpenGroup | Dataset {
    this.metadata.spend(1, path);
    const known = this.done.get(address);
    if (known) return known;
    if (this.open.has(address)) {
      throw refused(
        path,
        "this group contains itself",
        "A model file has no cycle of groups; it was made to mislead.",
      );
    }
    if (depth > LIMITS.depth) {
      throw refused(
        path,
        `groups are nested deeper than ${LIMITS.depth}`,
        "A model file is not nested like this.",
      );
    }
    this.open.add(address);
    try {
      const object = this.read(address, path, depth, names);
      this.done.set(address, object);
      return object;
    } finally {
      this.open.delete(address);
    }
  }

  private read(address: number, path: string, depth: number, names: readonly string[]): OpenGroup | Dataset {
    const header = readObjectHeader(this.metadata, address, path);
    if (header.damage) this.lose(path, header.damage);
    this.refuseOutside(header, path);
    return isDataset(header) ? this.dataset(header, path) : this.group(header, path, depth, names);
  }

  private group(header: ObjectHeader, path: string, depth: number, names: readonly string[]): OpenGroup {
    if (!header.damage && !header.messages.some(({ type }) => OF_A_GROUP.has(type)))
      this.lose(path, new Damage(header.byte, "an object that says neither what it is nor what is in it"));
    const children = new Map<string, Group | Dataset>();
    const group: OpenGroup = { kind: "group", path, children, attributes: this.attributes(header, path) };
    const below = [...namesIn(group), ...names];
    for (const link of this.links(header, path, below)) {
      const childPath = childPathOf(path, link.name);
      const { target } = link;
      if (target.kind === "outside") throw refusedLink(childPath, target.detail);
      if (target.kind === "soft") {
        this.softLinks.push({ group, name: link.name, to: target.path });
        continue;
      }
      this.guarded(childPath, () =>
        children.set(
          link.name,
          this.object(target.address, childPath, depth + 1, namesBelow(below, link.name)),
        ),
      );
    }
    return group;
  }

  private links(header: ObjectHeader, path: string, names: readonly string[]): Link[] {
    const links: Link[] = [];
    const onDamage = (damage: Damage) => this.lose(path, damage);
    const { metadata, loose } = this;
    for (const { type, body } of header.messages) {
      this.guarded(path, () => {
        if (type === MESSAGE.link) links.push(readLink(body));
        if (type === MESSAGE.linkInfo)
          links.push(...readDenseLinks(metadata, body, path, onDamage, loose.blocks));
        if (type !== MESSAGE.symbolTable) return;
        const table = readSymbolTablePlaces(body);
        const nodes = loose.nodes.get(table.heap);
        links.push(...nameEntries(readSymbolTable(metadata, table, path, onDamage, nodes), names));
      });
    }
    return links;
  }

  /** Those of an object; what is damaged is left out. */
  attributes(header: ObjectHeader, path: string): Map<string, Attribute> {
    const attributes = new Map<string, Attribute>();
    const add = (body: Cursor) =>
      this.guarded(path, () => {
        const attribute = readAttribute(this.metadata, this.heap, body, (reference) =>
          this.sharedType(reference),
        );
        attributes.set(attribute.name, attribute);
      });
    const onDamage = (damage: Damage) => this.lose(path, damage);
    for (const { type, body } of header.messages) {
      if (type === MESSAGE.attribute) add(body);
      if (type !== MESSAGE.attributeInfo) continue;
      this.guarded(path, () => readDenseAttributes(this.metadata, body, path, onDamage).forEach(add));
    }
    return attributes;
  }

  private dataset(header: ObjectHeader, path: string): Dataset {
    const only = (type: number) => header.messages.find((message) => message.type === type);
    const need = (type: number, what: string): Message => {
      const message = only(type);
      if (!message)
        throw header.damage ?? new Damage(this.metadata.base, `the dataset ${path} has no ${what}`);
      return message;
    };
    const space = need(MESSAGE.dataspace, "shape").body;
    const shape = readDataspace(space);
    const filters = only(MESSAGE.filters);
    const fill = only(MESSAGE.fillValue);
    const oldFill = only(MESSAGE.oldFillValue);
    const dataset = new Dataset(this.metadata, this.heap, this, {
      path,
      attributes: this.attributes(header, path),
      shape: shape ?? [0],
      maximum: readMaximum(space, shape),
      count: elementCount(shape, space.start),
      type: this.datatype(need(MESSAGE.datatype, "element type")),
      layout: readLayout(need(MESSAGE.layout, "layout").body),
      filters: filters ? readFilters(filters.body) : [],
      fill: fill ? readFillValue(fill.body) : oldFill ? readOldFillValue(oldFill.body) : null,
    });
    this.checkDataset(dataset, filters);
    return dataset;
  }

  private checkDataset(dataset: Dataset, filters: Message | undefined): void {
    if (filters) {
      filters.body.position = 0;
      const pipeline = readFilters(filters.body);
      if (decoderOf(pipeline) === "user-defined") {
        throw refused(
          dataset.path,
          `its values need a filter that is not part of HDF5 (${pipeline.map(({ id }) => id).join(", ")})`,
          "Save the file again without that filter: h5repack -f NONE old.h5 new.h5.",
        );
      }
    }
    dataset.checkSize(this.superblock.end);
  }

  private datatype(message: Message): Datatype {
    return message.shared ? this.sharedType(message.body) : readDatatype(message.body);
  }

  /** A datatype that is an object of its own ("committed"); IV.A.2 "Shared message". */
  private sharedType(reference: Cursor): Datatype {
    const version = reference.version([1, 2, 3], "a shared message");
    const type = reference.u8();
    if (version === 1) reference.skip(6);
    if (version === 3 && type !== 2) {
      throw new Damage(reference.start, "a datatype in a shared message table is not read");
    }
    const header = readObjectHeader(this.metadata, reference.address(), "a named datatype");
    const message = header.messages.find((candidate) => candidate.type === MESSAGE.datatype);
    if (!message || message.shared) throw new Damage(reference.start, "a named datatype is missing");
    message.body.position = 0;
    return readDatatype(message.body);
  }

  private refuseOutside(header: ObjectHeader, path: string): void {
    if (header.messages.some(({ type }) => type === MESSAGE.externalFiles)) {
      throw refusedLink(path, "its values are stored in another file (external storage)");
    }
    for (const { type, body } of header.messages) {
      // Class 3 of layout versions 3 and later is a virtual dataset.
      if (type === MESSAGE.layout && body.bytes[0]! >= 3 && body.bytes[1] === 3) {
        throw refusedLink(path, "its values are parts of other files (a virtual dataset)");
      }
    }
  }

  /** Links by name, once everything else is known. They stay inside the file, and end after some hops. */
  private followSoftLinks(root: Group): void {
    for (let hop = 0; hop < LIMITS.softLinkHops; hop++) {
      for (const link of this.softLinks) {
        const target = find(link.to.startsWith("/") ? root : link.group, link.to);
        if (target && !link.group.children.has(link.name)) link.group.children.set(link.name, target);
      }
    }
  }

  private guarded(path: string, work: () => void): void {
    guarded((damage) => this.lose(path, damage), work);
  }

  private lose(path: string, damage: Damage): void {
    this.lost.push({ path, byte: damage.byte, detail: damage.detail });
  }
}

/** Types of the messages of which a group has one, and a datatype that stands for itself. */
const OF_A_GROUP = new Set<number>([MESSAGE.symbolTable, MESSAGE.linkInfo, MESSAGE.link, MESSAGE.datatype]);

export function isDataset(header: ObjectHeader): boolean {
  return header.messages.some(({ type }) => type === MESSAGE.layout || type === MESSAGE.dataspace);
}

function refusedLink(path: string, detail: string): Error {
  return refused(
    path,
    detail,
    "loadlab never opens a file that a model file names. Ask for a copy that holds everything itself: h5repack old.h5 new.h5.",
  );
}

export function childPathOf(parent: string, name: string): string {
  return parent === "/" ? `/${name}` : `${parent}/${name}`;
}
