import { type ByteSource, peek } from "../byte-source.js";
import type { Dataset } from "./dataset.js";
import { Damage, guarded, type LostObject } from "./failures.js";
import type { Group } from "./group.js";
import { Metadata, UNDEFINED } from "./metadata.js";
import { salvage } from "./salvage.js";
import { Scan } from "./scan.js";
import { findSignature, readSuperblock, type Superblock } from "./superblock.js";

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
    /** Groups and datasets of a damaged file that nothing leads to any more; named by the byte of their headers. */
    readonly loose: readonly (Group | Dataset)[],
    /** Objects that the file names but whose description is damaged or beyond its end. */
    readonly lost: readonly LostObject[],
    private readonly metadata: Metadata,
  ) {}

  get source(): ByteSource {
    return this.metadata.source;
  }

  /** Structures whose bytes do not match their checksum, by their byte; they are read nevertheless. */
  get mismatches(): ReadonlyMap<number, string> {
    return this.metadata.mismatches;
  }

  /** Whether chunks whose bytes do not match their checksums are read as they stand; first they are not. */
  takeChanged(yes: boolean): void {
    this.metadata.takesChanged = yes;
  }

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
    const damage: Damage[] = [];
    const note = (found: Damage) => damage.push(found);
    let superblock: Superblock = { version: 0, length: 0, root: UNDEFINED, end: source.size };
    guarded(note, () => (superblock = readSuperblock(metadata, offset)));
    const scan = new Scan(metadata, superblock);
    const root = rootOf(scan, note);
    // A header without a checksum may have lost the message that says what is in the group.
    const empty = root?.children.size === 0;
    if (root !== null && !empty && damage.length + scan.lost.length === 0)
      return new Hdf5File(root, superblock, [], [], metadata);
    if (damage.length > 0) metadata.base = offset;
    const salvaged = salvage(metadata, superblock, scan.ranges());
    if (root === null && salvaged.loose.length + salvaged.root.children.size === 0) throw damage[0]!;
    const found = salvaged.loose.length + salvaged.root.children.size > 0;
    const told = salvaged.lost.some(({ path }) => path === "/");
    if (empty && damage.length === 0 && found && !told)
      note(new Damage(metadata.base + superblock.root, "the root lists nothing of what is in the file"));
    const lost = [...damage.map(({ byte, detail }) => ({ path: "/", byte, detail })), ...salvaged.lost];
    return new Hdf5File(salvaged.root, superblock, salvaged.loose, lost, metadata);
  }
}

function rootOf(scan: Scan, onDamage: (damage: Damage) => void): Group | null {
  let root: Group | null = null;
  guarded(onDamage, () => (root = scan.root()));
  return root;
}
