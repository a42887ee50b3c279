import type { Dataset } from "./dataset.js";
import { elementCount, readDataspace } from "./dataspace.js";
import { readDatatype } from "./datatype.js";
import { Damage, guarded, type LostObject } from "./failures.js";
import type { Group } from "./group.js";
import { readLayout } from "./layout.js";
import { nameByAddress, namesIn } from "./lost-names.js";
import type { Cursor, Metadata } from "./metadata.js";
import { FormatError } from "../model-file.js";
import { MESSAGE, type ObjectHeader, readObjectHeader } from "./object-header.js";
import { childPathOf, isDataset, type LooseParts, type OpenGroup, Scan } from "./scan.js";
import type { Superblock } from "./superblock.js";
import { type Marks, type Range, sweep } from "./sweep.js";
import {
  readLocalHeap,
  readNode,
  readSymbolTablePlaces,
  type SymbolEntry,
  type SymbolTable,
  walkNodes,
} from "./symbol-table.js";

/** What is left of a damaged file. */
export interface Salvaged {
  /** With nothing in it but what was found, where the root group is lost. */
  readonly root: Group;
  /** Objects that nothing leads to any more. */
  readonly loose: readonly (Group | Dataset)[];
  readonly lost: readonly LostObject[];
}

/**
 * Looks through the bytes of a damaged file for what its lists no longer lead to: nodes and blocks that belong to its
 * groups, and object headers. Objects whose names can be told stand in their groups, the others are loose.
 * @param known ranges of bytes that are values
 */
export function salvage(metadata: Metadata, superblock: Superblock, known: readonly Range[]): Salvaged {
  const marks = sweep(metadata, known);
  const scan = new Scan(metadata, superblock, looseParts(metadata, marks));
  let root: OpenGroup = { kind: "group", path: "/", attributes: new Map(), children: new Map() };
  guarded(
    () => undefined,
    () => (root = scan.root()),
  );
  const finder = new LooseObjects(metadata, scan, root);
  return { root, loose: finder.find(marks.headers), lost: scan.lost };
}

/** The loose nodes of symbol tables that can belong to one damaged group only, and the blocks of all heaps of links. */
function looseParts(metadata: Metadata, { headers, nodes, heapBlocks }: Marks): LooseParts {
  const listed = new Set<number>();
  const damaged: SymbolTable[] = [];
  for (const table of headers.flatMap((address) => tablesAt(metadata, address))) {
    let sound = true;
    const onDamage = () => (sound = false);
    guarded(onDamage, () => walkNodes(metadata, table.tree, "/", onDamage, (node) => listed.add(node)));
    if (!sound) damaged.push(table);
  }
  const parts = new Map<number, number[]>();
  for (const node of nodes) {
    if (listed.has(node)) continue;
    const owners = damaged.filter(({ heap }) => fits(metadata, node, heap));
    if (owners.length !== 1) continue;
    const { heap } = owners[0]!;
    parts.set(heap, [...(parts.get(heap) ?? []), node]);
  }
  return { nodes: parts, blocks: heapBlocks };
}

function tablesAt(metadata: Metadata, address: number): SymbolTable[] {
  const tables: SymbolTable[] = [];
  guarded(
    () => undefined,
    () => {
      const { messages } = readObjectHeader(metadata, address, "/");
      for (const { type, body } of messages)
        if (type === MESSAGE.symbolTable) tables.push(readSymbolTablePlaces(body));
    },
  );
  return tables;
}

/** Whether the names of a node can be those in a heap: each starts there after another one's end, in order. */
function fits(metadata: Metadata, node: number, heap: number): boolean {
  let entries: SymbolEntry[] = [];
  let names: Cursor | null = null;
  guarded(
    () => undefined,
    () => {
      names = readLocalHeap(metadata, heap, "/");
      entries = readNode(metadata, node, names, "/", () => undefined);
    },
  );
  const bytes = (names as Cursor | null)?.bytes;
  if (bytes === undefined || entries.length === 0) return false;
  return entries.every(({ name, place }, i) => {
    const before = entries[i - 1]?.name ?? "";
    return name !== null && place % 8 === 0 && bytes[place - 1] === 0 && name > before;
  });
}

/** Messages by which an object header is that of a group. */
const GROUP_MESSAGES: readonly number[] = [MESSAGE.symbolTable, MESSAGE.linkInfo, MESSAGE.link];

/** Where Keras keeps the layers of a whole model. */
const LAYERS = "model_weights";

/** Objects that nothing leads to any more. */
class LooseObjects {
  /** Where the layers are. */
  private layers: OpenGroup;
  /** Where the values of the others lie. */
  private readonly taken: readonly Range[];

  constructor(
    private readonly metadata: Metadata,
    private readonly scan: Scan,
    private readonly root: OpenGroup,
  ) {
    const inside = root.children.get(LAYERS);
    this.layers = inside?.kind === "group" ? (inside as OpenGroup) : root;
    this.taken = scan.ranges();
  }

  /** Of the headers that no group leads to, those that are not below another one of them. */
  find(headers: readonly number[]): (Group | Dataset)[] {
    const found: (Group | Dataset)[] = [];
    const loose = headers.filter((address) => !this.scan.has(address));
    const below = new Set(loose.flatMap((address) => unlessBroken(() => this.scan.targets(address)) ?? []));
    for (const address of loose) {
      if (below.has(address)) continue;
      const lost = this.scan.lost.length;
      const object = unlessBroken(() => this.read(address));
      if (object === null) this.scan.lost.length = lost;
      else if (object !== "named") found.push(object);
    }
    return found;
  }

  private read(address: number): Group | Dataset | "named" | null {
    const header = readObjectHeader(this.metadata, address, "/");
    const types = header.messages.map(({ type }) => type);
    if (!isDataset(header))
      return types.some((type) => GROUP_MESSAGES.includes(type)) ? this.group(address, header) : null;
    if (!isWholeDataset(header)) return null;
    const dataset = this.scan.object(address, `/${nameByAddress(address)}`, 1);
    if (dataset.kind !== "dataset" || dataset.dtype === null || dataset.byteLength === 0) return null;
    return this.isOverwritten(dataset) ? null : dataset;
  }

  /** A group that is not empty; one whose name is known is put where it belongs. */
  private group(address: number, header: ObjectHeader): Group | "named" | null {
    const attributes = this.scan.attributes(header, "/");
    const place = this.placeOfLayers(attributes) ?? this.placeOfLayer(attributes);
    const path = place ? childPathOf(place.parent.path, place.name) : `/${nameByAddress(address)}`;
    const group = this.scan.object(address, path, 1);
    if (group.kind !== "group" || group.children.size === 0) return null;
    if (place === null) return group;
    place.parent.children.set(place.name, group);
    if (place.name === LAYERS) this.layers = group;
    return "named";
  }

  /** Of the group that lists the layers. */
  private placeOfLayers(attributes: OpenGroup["attributes"]): Place | null {
    const { root } = this;
    const lists = (names: Iterable<string>) => [...names].some((name) => /^layer_names\d*$/.test(name));
    if (!lists(attributes.keys()) || lists(root.attributes.keys()) || root.children.has(LAYERS)) return null;
    return { parent: root, name: LAYERS };
  }

  /** Of a layer, by the name that its weights begin with, where it is one that the file misses. */
  private placeOfLayer(attributes: OpenGroup["attributes"]): Place | null {
    const parent = this.layers;
    const firsts = new Set(namesIn({ attributes }).map((name) => name.split("/", 1)[0]!));
    const [name] = firsts;
    if (firsts.size !== 1 || name === undefined || parent.children.has(name)) return null;
    const listed = namesIn(parent);
    return listed.length === 0 || listed.includes(name) ? { parent, name } : null;
  }

  /** Whether the values of a dataset that was once removed lie where others do now. */
  private isOverwritten({ byteOffset: start, byteLength }: Dataset): boolean {
    return (
      start !== undefined && this.taken.some((range) => range.start < start + byteLength && start < range.end)
    );
  }
}

interface Place {
  readonly parent: OpenGroup;
  readonly name: string;
}

/** Whether the header has what a dataset needs, and says its size alike in both places that tell. */
function isWholeDataset({ messages }: ObjectHeader): boolean {
  const only = (type: number) => messages.find((message) => message.type === type);
  const [space, type, place] = [only(MESSAGE.dataspace), only(MESSAGE.datatype), only(MESSAGE.layout)];
  if (!space || !type || !place) return false;
  const layout = readLayout(place.body);
  if (layout.kind !== "contiguous" || layout.length === null || type.shared) return true;
  const count = elementCount(readDataspace(space.body), space.body.start);
  return count * readDatatype(type.body).size === layout.length;
}

/** Null where the bytes turn out not to be what they look like, or not to be readable. */
function unlessBroken<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Damage || error instanceof FormatError) return null;
    throw error;
  }
}
