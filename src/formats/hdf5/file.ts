import { type ByteSource, peek } from "../byte-source.js";
import { type Attribute, readAttribute } from "./attribute.js";
import { Dataset, type Structure } from "./dataset.js";
import { readDenseAttributes, readDenseLinks } from "./dense.js";
import { elementCount, readDataspace, readMaximum } from "./dataspace.js";
import { type Datatype, readDatatype } from "./datatype.js";
import { Damage, type LostObject, refused } from "./failures.js";
import { readFillValue, readOldFillValue } from "./fill-value.js";
import { decoderOf, readFilters } from "./filters.js";
import { GlobalHeap } from "./global-heap.js";
import { readLayout } from "./layout.js";
import { LIMITS } from "./limits.js";
import { type Link, readLink } from "./links.js";
import { type Cursor, Metadata } from "./metadata.js";
import { MESSAGE, type Message, type ObjectHeader, readObjectHeader } from "./object-header.js";
import { findSignature, readSuperblock, type Superblock } from "./superblock.js";
import { readSymbolTable } from "./symbol-table.js";

/** A group and what is in it. */
export interface Group {
  readonly kind: "group";
  readonly path: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** By name, in the file's own order. */
  readonly children: ReadonlyMap<string, Group | Dataset>;
}

/**
 * The structure of an HDF5 file, scanned once and checked: every group, link, attribute and dataset header.
 *
 * The scan is the gate before any value is read. It refuses (F18) what reaches outside the file: external
 * links, external storage, virtual datasets, filters that a plug-in would have to bring, cycles of groups, and
 * sizes that are declared but not stored. What is damaged is left out and listed in `lost`.
 */
export class Hdf5File {
  private constructor(
    readonly root: Group,
    readonly superblock: Superblock,
    /** Objects that the file names but whose description is damaged or beyond its end. */
    readonly lost: readonly LostObject[],
    /** Structures whose bytes do not match their checksum, by their byte; they are read nevertheless. */
    readonly mismatches: ReadonlyMap<number, string>,
    readonly source: ByteSource,
  ) {}

  /** True where an HDF5 file starts at the beginning or behind a user block. */
  static recognises(source: ByteSource): boolean {
    return findSignature((offset, length) => peek(source, offset, length), source.size) !== null;
  }

  /**
   * @throws Damage when not even the root group can be read
   * @throws FormatError F18 for what is refused
   */
  static open(source: ByteSource): Hdf5File {
    const offset = findSignature((at, length) => peek(source, at, length), source.size);
    if (offset === null) throw new Damage(0, "there is no HDF5 signature");
    const metadata = new Metadata(source);
    const superblock = readSuperblock(metadata, offset);
    const scan = new Scan(metadata, superblock);
    const root = scan.object(superblock.root, "/", 0);
    if (root.kind !== "group") throw new Damage(superblock.root, "the root of the file is not a group");
    scan.followSoftLinks(root);
    return new Hdf5File(root, superblock, scan.lost, metadata.mismatches, source);
  }
}

class Scan implements Structure {
  readonly lost: LostObject[] = [];
  private readonly heap: GlobalHeap;
  private readonly done = new Map<number, Group | Dataset>();
  private readonly open = new Set<number>();
  private readonly softLinks: {
    group: Group;
    children: Map<string, Group | Dataset>;
    name: string;
    to: string;
  }[] = [];

  constructor(
    private readonly metadata: Metadata,
    private readonly superblock: Superblock,
  ) {
    this.heap = new GlobalHeap(metadata);
  }

  get sound(): boolean {
    return this.lost.length === 0 && this.metadata.mismatches.size === 0;
  }

  object(address: number, path: string, depth: number): Group | Dataset {
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
      const object = this.read(address, path, depth);
      this.done.set(address, object);
      return object;
    } finally {
      this.open.delete(address);
    }
  }

  private read(address: number, path: string, depth: number): Group | Dataset {
    const header = readObjectHeader(this.metadata, address, path);
    if (header.damage) this.lose(path, header.damage);
    this.refuseOutside(header, path);
    return isDataset(header) ? this.dataset(header, path) : this.group(header, path, depth);
  }

  private group(header: ObjectHeader, path: string, depth: number): Group {
    const children = new Map<string, Group | Dataset>();
    const group: Group = { kind: "group", path, children, attributes: this.attributes(header, path) };
    for (const link of this.links(header, path)) {
      const childPath = path === "/" ? `/${link.name}` : `${path}/${link.name}`;
      const { target } = link;
      if (target.kind === "outside") throw refusedLink(childPath, target.detail);
      if (target.kind === "soft") {
        this.softLinks.push({ group, children, name: link.name, to: target.path });
        continue;
      }
      this.guarded(childPath, () =>
        children.set(link.name, this.object(target.address, childPath, depth + 1)),
      );
    }
    return group;
  }

  private links(header: ObjectHeader, path: string): Link[] {
    const links: Link[] = [];
    const onDamage = (damage: Damage) => this.lose(path, damage);
    for (const { type, body } of header.messages) {
      this.guarded(path, () => {
        if (type === MESSAGE.link) links.push(readLink(body));
        if (type === MESSAGE.symbolTable) links.push(...readSymbolTable(this.metadata, body, path, onDamage));
        if (type === MESSAGE.linkInfo) links.push(...readDenseLinks(this.metadata, body, path, onDamage));
      });
    }
    return links;
  }

  private attributes(header: ObjectHeader, path: string): Map<string, Attribute> {
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
  followSoftLinks(root: Group): void {
    for (let hop = 0; hop < LIMITS.softLinkHops; hop++) {
      for (const link of this.softLinks) {
        const target = find(link.to.startsWith("/") ? root : link.group, link.to);
        if (target && !link.children.has(link.name)) link.children.set(link.name, target);
      }
    }
  }

  private guarded(path: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.lose(path, error);
    }
  }

  private lose(path: string, damage: Damage): void {
    this.lost.push({ path, byte: damage.byte, detail: damage.detail });
  }
}

function isDataset(header: ObjectHeader): boolean {
  return header.messages.some(({ type }) => type === MESSAGE.layout || type === MESSAGE.dataspace);
}

function refusedLink(path: string, detail: string): Error {
  return refused(
    path,
    detail,
    "loadlab never opens a file that a model file names. Ask for a copy that holds everything itself: h5repack old.h5 new.h5.",
  );
}

/** The object at a path such as `dense/kernel:0` below a group; undefined where there is none. */
export function find(group: Group, path: string): Group | Dataset | undefined {
  let at: Group | Dataset | undefined = group;
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (at?.kind !== "group") return undefined;
    at = at.children.get(name);
  }
  return at;
}

/** Every dataset below a group, each once, in the file's own order. */
export function* datasets(group: Group, seen = new Set<Group | Dataset>()): Generator<Dataset> {
  for (const child of group.children.values()) {
    if (seen.has(child)) continue;
    seen.add(child);
    if (child.kind === "dataset") yield child;
    else yield* datasets(child, seen);
  }
}
