import { checksumsDiffer } from "../checksums-differ.js";
import { elementsFrom, swapBytes } from "../elements.js";
import { FormatError, type WeightArray, type WeightDtype } from "../model-file.js";
import type { Attribute } from "./attribute.js";
import { readStrings } from "./attribute.js";
import { type ChunkPlace, readChunkIndex } from "./chunk-index.js";
import { readChunkInto } from "./chunks.js";
import type { Datatype } from "./datatype.js";
import { Damage, guarded, refused } from "./failures.js";
import { ChangedChunk, decoderOf, type Filter } from "./filters.js";
import type { GlobalHeap } from "./global-heap.js";
import type { ChunkedLayout, Layout } from "./layout.js";
import { readBytesThroughLibrary, readStringsThroughLibrary } from "./library.js";
import { LIMITS } from "./limits.js";
import { type Metadata, UNDEFINED } from "./metadata.js";
import type { Range } from "./sweep.js";
import { ownMemory, type TakeMemory } from "../take-memory.js";
import { dtypeOf, isBigEndian, trimString } from "./values.js";

/** What a dataset's object header says. */
export interface DatasetHeader {
  readonly path: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** [] for a scalar; a null dataspace counts as no elements, [0]. */
  readonly shape: readonly number[];
  /** How far each axis may grow; null for one without limit. */
  readonly maximum: readonly (number | null)[];
  readonly count: number;
  readonly type: Datatype;
  readonly layout: Layout;
  readonly filters: readonly Filter[];
  /** One element, as stored; null when it is zero. */
  readonly fill: Uint8Array | null;
}

/** What the whole file's scan found; the library gets only files that were found sound. */
export interface Structure {
  readonly sound: boolean;
}

/** One array of the file. Opening reads its header only. */
export class Dataset {
  readonly kind = "dataset";
  readonly path: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly shape: readonly number[];
  readonly type: Datatype;
  /** NumPy's name of the element type; null for a type that no tensor has. */
  readonly dtype: WeightDtype | null;
  /** Why the values cannot be trusted to be this dataset's; null where nothing speaks against it. */
  doubt: Damage | null = null;
  private chunks: ChunkPlace[] | null = null;

  constructor(
    private readonly metadata: Metadata,
    private readonly heap: GlobalHeap,
    private readonly structure: Structure,
    private readonly header: DatasetHeader,
  ) {
    this.path = header.path;
    this.attributes = header.attributes;
    this.shape = header.shape;
    this.type = header.type;
    this.dtype = opaqueNumber(header) ?? dtypeOf(header.type);
  }

  /** Bytes of the values, unpacked. */
  get byteLength(): number {
    return this.header.count * this.type.size;
  }

  /** Offset in the file where the values stand in one piece; undefined when they do not. */
  get byteOffset(): number | undefined {
    const { layout } = this.header;
    if (layout.kind === "compact") return layout.byte;
    if (layout.kind !== "contiguous" || layout.address === UNDEFINED) return undefined;
    return this.metadata.base + layout.address;
  }

  /** Where the values lie in the file, outside of the header; none where that cannot be told. */
  places(): Range[] {
    const { layout } = this.header;
    const { base } = this.metadata;
    if (layout.kind === "contiguous" && layout.address !== UNDEFINED && this.byteLength > 0)
      return [{ start: base + layout.address, end: base + layout.address + this.byteLength }];
    if (layout.kind !== "chunked") return [];
    const places: Range[] = [];
    guarded(
      () => undefined,
      () => {
        for (const { address, length } of this.storedChunks())
          if (length > 0) places.push({ start: base + address, end: base + address + length });
      },
    );
    return places;
  }

  /** Whether all the bytes are in the file, and are this dataset's. */
  get whole(): boolean {
    const { layout } = this.header;
    if (this.doubt !== null) return false;
    if (this.header.count === 0) return true;
    if (layout.kind === "contiguous") {
      return layout.address === UNDEFINED || this.inside(layout.address, this.byteLength);
    }
    if (layout.kind !== "chunked") return true;
    try {
      return this.storedChunks().every((chunk) => this.inside(chunk.address, chunk.length));
    } catch (error) {
      if (error instanceof Damage) return false;
      throw error;
    }
  }

  /**
   * Whether the declared size can be meant: what is stored must be that much, or be able to unpack to it.
   * @throws FormatError F18
   */
  checkSize(storedEnd: number): void {
    const { layout, count } = this.header;
    if (count === 0 || layout.kind === "virtual") return;
    const declared = this.byteLength;
    if (layout.kind === "compact" && layout.bytes.byteLength < declared)
      this.refuseSize(layout.bytes.byteLength);
    if (layout.kind === "contiguous") {
      if (layout.address === UNDEFINED) {
        if (declared > LIMITS.sparseBytes) this.refuseSize(0);
      } else if (
        this.metadata.base + layout.address + declared >
        Math.max(storedEnd, this.metadata.source.size)
      ) {
        this.refuseSize(Math.max(0, this.metadata.source.size - this.metadata.base - layout.address));
      } else if (layout.length !== null && layout.length !== declared) {
        const shape = `${this.path} of shape [${this.shape.join(", ")}] needs ${declared} bytes`;
        throw new Damage(this.metadata.base + layout.address, `${shape}, its place has ${layout.length}`);
      }
    }
    if (layout.kind === "chunked") this.checkChunkedSize(layout, declared);
  }

  private checkChunkedSize(layout: ChunkedLayout, declared: number): void {
    const unpacked = layout.chunk.reduce((bytes, size) => bytes * size, layout.elementSize);
    if (
      layout.chunk.length !== this.shape.length ||
      layout.elementSize !== this.type.size ||
      unpacked === 0
    ) {
      throw new Damage(this.metadata.base, `the chunks of ${this.path} do not fit its shape`);
    }
    if (unpacked > LIMITS.chunkBytes) this.refuseSize(this.metadata.source.size);
    if (declared <= LIMITS.sparseBytes) return;
    const stored = layout.index.kind === "library" ? this.metadata.source.size : this.storedBytes();
    if (declared > stored * LIMITS.expansion) this.refuseSize(stored);
  }

  private storedBytes(): number {
    return this.storedChunks().reduce((sum, chunk) => sum + chunk.length, 0);
  }

  private refuseSize(stored: number): never {
    throw refused(
      this.path,
      `the dataset declares ${this.byteLength} bytes ([${this.shape.join(", ")}]) but only ${stored} are stored`,
      "A model does not store tensors like this; get the file again from where it was made.",
    );
  }

  /**
   * The values in row-major order; float16 and bfloat16 as Float32Array, bool as Uint8Array.
   * @throws FormatError F03 when bytes are missing or damaged, F18 when the type is no tensor's
   */
  async read(take: TakeMemory = ownMemory): Promise<WeightArray> {
    const { dtype } = this;
    if (dtype === null)
      throw refused(this.path, `the element type (${this.type.kind}) is no tensor's`, NO_TENSOR);
    if (this.doubt !== null) throw this.unreadable(this.doubt);
    try {
      return dtype === "string" ? await this.readStrings() : await this.readNumbers(dtype, take);
    } catch (error) {
      if (error instanceof ChangedChunk) throw this.changed(error);
      if (error instanceof Damage || error instanceof RangeError) throw this.unreadable(error);
      throw error;
    }
  }

  /** Legal storage that the HDF5 library decodes, not this reader. */
  private beyond(): boolean {
    const { layout, filters } = this.header;
    if (layout.kind !== "chunked") return false;
    if (layout.index.kind !== "library" && decoderOf(filters) === "here") return false;
    if (!this.structure.sound || !this.whole) {
      throw new Damage(
        this.metadata.base,
        "its storage needs the HDF5 library, which gets no file that is damaged",
      );
    }
    return true;
  }

  private async readNumbers(dtype: Exclude<WeightDtype, "string">, take: TakeMemory): Promise<WeightArray> {
    const bytes = take(this.byteLength);
    await this.fillBytes(bytes);
    // The library has turned the bytes already.
    if (isBigEndian(this.type) && !this.beyond()) swapBytes(bytes, this.type.size);
    return elementsFrom(bytes, dtype);
  }

  private async readStrings(): Promise<string[]> {
    if (this.beyond() && this.type.kind === "vlen-string")
      return readStringsThroughLibrary(this.forLibrary());
    const bytes = new Uint8Array(this.byteLength);
    await this.fillBytes(bytes);
    const cursor = this.metadata.over(bytes, this.byteOffset ?? 0);
    const { type } = this;
    if (type.kind === "string") {
      return Array.from({ length: this.header.count }, () =>
        trimString(cursor.take(type.size), type.padding),
      );
    }
    return readStrings(this.metadata, this.heap, cursor, this.header.count);
  }

  private async fillBytes(target: Uint8Array): Promise<void> {
    const { layout, fill, filters } = this.header;
    if (target.byteLength === 0) return;
    if (this.beyond()) return readBytesThroughLibrary(this.forLibrary(), target);
    if (layout.kind === "compact") target.set(layout.bytes.subarray(0, target.byteLength));
    else if (layout.kind === "contiguous") {
      if (layout.address === UNDEFINED) repeat(fill, target);
      else await this.metadata.source.read(this.metadata.base + layout.address, target);
    } else if (layout.kind === "chunked") {
      repeat(fill, target);
      for (const place of this.storedChunks())
        await readChunkInto(this.metadata, layout, place, target, this.shape, filters);
    }
  }

  private forLibrary() {
    const { source } = this.metadata;
    return { source, path: this.path, shape: this.shape, elementSize: this.type.size };
  }

  private storedChunks(): readonly ChunkPlace[] {
    const { layout, maximum, filters } = this.header;
    if (layout.kind !== "chunked") return [];
    const { path, shape } = this;
    const filtered = filters.length > 0;
    this.chunks ??= readChunkIndex(this.metadata, layout, { path, shape, maximum, filtered });
    return this.chunks;
  }

  private inside(address: number, length: number): boolean {
    return this.metadata.base + address + length <= this.metadata.source.size;
  }

  private changed({ byte, detail }: ChangedChunk): FormatError {
    return new FormatError(checksumsDiffer(this.path, `${this.path}, byte ${byte}: ${detail}`, "its values"));
  }

  private unreadable(cause: Error): FormatError {
    const finding = {
      code: "F03",
      title: "Tensor cannot be read",
      where: this.path,
      detail: cause.message,
      advice:
        "The rest of the file can still be used; for this tensor, get the file again from where it was made.",
    };
    return new FormatError(finding, { cause });
  }
}

/**
 * Keras stores bfloat16 as 2 opaque bytes, and so do float8 types as one. It says which in an attribute
 * (`saving_lib.H5Entry`); in `.h5` files it does not, and there 2 bytes can only be bfloat16.
 */
function opaqueNumber({ type, attributes }: DatasetHeader): WeightDtype | null {
  if (type.kind !== "opaque" || type.size > 2) return null;
  const said = saidDtype(attributes);
  if (type.size === 2) return said === null || said === "bfloat16" ? "bfloat16" : null;
  return said === "float8_e4m3fn" || said === "float8_e5m2" ? said : null;
}

function saidDtype(attributes: DatasetHeader["attributes"]): string | null {
  try {
    const value = attributes.get("dtype")?.value();
    return typeof value === "string" ? value : null;
  } catch (error) {
    if (error instanceof Damage) return null;
    throw error;
  }
}

const NO_TENSOR = "Numbers and strings are read; compounds, references and bit fields are not.";

function repeat(element: Uint8Array | null, target: Uint8Array): void {
  if (element === null || element.every((byte) => byte === 0)) return;
  target.set(element.subarray(0, target.byteLength));
  for (let done = element.byteLength; done < target.byteLength; done *= 2)
    target.copyWithin(done, 0, Math.min(done, target.byteLength - done));
}
