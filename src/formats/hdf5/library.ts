import type * as H5wasm from "h5wasm";
import type { ByteSource } from "../byte-source.js";
import { Damage } from "./failures.js";
import { uninterrupted } from "../../uninterrupted.js";

/**
 * The HDF5 library compiled to WebAssembly, for storage that is legal but beyond this reader: layouts of HDF5 2,
 * szip, n-bit, scale-offset. It is the build without a view of the host's files, over one virtual file
 * that reads the opened source; and only files that the scan has passed come here.
 */
export interface LibraryDataset {
  readonly source: ByteSource;
  readonly path: string;
  readonly shape: readonly number[];
  /** Bytes of one element as stored. */
  readonly elementSize: number;
}

/** Rows are read in pieces of about this many bytes, so that the library's memory stays small. */
const PIECE = 32 * 2 ** 20;

/** Fills `target` with the values, row-major, in the stored type but little-endian. */
export async function readBytesThroughLibrary(dataset: LibraryDataset, target: Uint8Array): Promise<void> {
  await withFile(dataset.source, ({ Module }, file) => {
    const [rows = 1, ...rest] = dataset.shape;
    const rowBytes = rest.reduce((bytes, size) => bytes * size, dataset.elementSize);
    const step = Math.max(1, Math.floor(PIECE / rowBytes));
    const place = Module._malloc(step * rowBytes);
    if (place === 0) throw new Damage(0, `the HDF5 library has no memory for ${step * rowBytes} bytes`);
    try {
      for (let row = 0; row < rows; row += step) {
        const count = Math.min(step, rows - row);
        const scalar = dataset.shape.length === 0;
        const counts = scalar ? null : [count, ...rest].map(BigInt);
        const origin = scalar ? null : [row, ...rest.map(() => 0)].map(BigInt);
        const strides = scalar ? null : dataset.shape.map(() => 1n);
        Module.get_dataset_data(file.file_id, dataset.path, counts, origin, strides, BigInt(place));
        target.set(Module.HEAPU8.subarray(place, place + count * rowBytes), row * rowBytes);
      }
    } finally {
      Module._free(place);
    }
  });
}

/** The values of a dataset of strings of any length. */
export async function readStringsThroughLibrary(dataset: LibraryDataset): Promise<string[]> {
  return withFile(dataset.source, ({ Dataset }, file) => {
    const value = new Dataset(file.file_id, dataset.path).value;
    return Array.isArray(value) ? value.map(String) : [String(value)];
  });
}

type Library = typeof H5wasm & { readonly Module: Awaited<typeof H5wasm.ready> };

let loaded: Promise<Library> | null = null;
let files = 0;

/** 4 MB of WebAssembly: loaded when the first file needs it. */
function library(): Promise<Library> {
  loaded ??= uninterrupted(async () => {
    const h5wasm = await import("h5wasm");
    const Module = await h5wasm.ready;
    // Otherwise the library prints its stack of errors; this way it throws them.
    Module.activate_throwing_error_handler();
    return Object.assign(Object.create(null) as object, h5wasm, { Module });
  });
  return loaded;
}

async function withFile<T>(source: ByteSource, work: (library: Library, file: H5wasm.File) => T): Promise<T> {
  const h5wasm = await library();
  const name = `source-${files++}.h5`;
  mountReadOnly(h5wasm.Module.FS as unknown as VirtualFiles, name, source);
  try {
    const file = new h5wasm.File(`/${name}`, "r");
    try {
      return work(h5wasm, file);
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof Damage) throw error;
    throw new Damage(0, `the HDF5 library says: ${libraryMessage(error)}`);
  } finally {
    (h5wasm.Module.FS as unknown as VirtualFiles).unlink(`/${name}`);
  }
}

/** Emscripten's in-memory file system, as far as it is used here. */
interface VirtualFiles {
  createFile(
    parent: string,
    name: string,
    properties: object,
    canRead: boolean,
    canWrite: boolean,
  ): VirtualNode;
  unlink(path: string): void;
}

interface VirtualNode {
  usedBytes: number;
  stream_ops: Record<string, unknown>;
}

/** A file without content of its own: its size is the source's, and each read is a read of the source. */
function mountReadOnly(fs: VirtualFiles, name: string, source: ByteSource): void {
  const node = fs.createFile("/", name, {}, true, false);
  Object.defineProperty(node, "usedBytes", { get: () => source.size, set: () => undefined });
  const read = (_stream: unknown, heap: Int8Array, at: number, length: number, position: number): number => {
    const count = Math.max(0, Math.min(length, source.size - position));
    source.readSync(position, new Uint8Array(heap.buffer, heap.byteOffset + at, count));
    return count;
  };
  node.stream_ops = { ...node.stream_ops, read };
}

/** The library throws its stack of errors as text; the innermost line says most. */
function libraryMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const causes = [...message.matchAll(/in \w+\(\): (.+)/g)].map((match) => match[1]!);
  return causes.at(-1) ?? message.split("\n")[0]!.trim();
}
