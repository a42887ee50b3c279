import type * as H5wasm from "h5wasm";
import type * as tf from "@tensorflow/tfjs";
import { savedValue } from "../layers/weights/saved-value.js";
import { uninterrupted } from "../uninterrupted.js";

/** What an HDF5 file is to hold. */
export interface Hdf5Group {
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly datasets?: Readonly<Record<string, Hdf5Array>>;
  readonly groups?: Readonly<Record<string, Hdf5Group>>;
}

export interface Hdf5Array {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | BigInt64Array;
}

/** The values of a tensor, for a file. */
export async function arrayOf(tensor: tf.Tensor): Promise<Hdf5Array> {
  const values = await tensor.data();
  if (tensor.dtype === "string") throw new TypeError("A weight of text cannot be saved.");
  return {
    shape: tensor.shape,
    values: values instanceof Uint8Array ? Int32Array.from(values) : (values as Float32Array | Int32Array),
  };
}

/** The same of what a saved model has of a variable. */
export async function savedArray(variable: tf.LayerVariable): Promise<Hdf5Array> {
  const value = savedValue(variable);
  try {
    return await arrayOf(value);
  } finally {
    if (value !== variable.read()) value.dispose();
  }
}

let files = 0;

/** The bytes of an HDF5 file, by the HDF5 library. A name with slashes makes groups on its way. */
export async function hdf5Bytes(root: Hdf5Group): Promise<Uint8Array> {
  const library = await uninterrupted(() => import("h5wasm"));
  const { FS } = (await uninterrupted(() => library.ready)) as unknown as {
    FS: { readFile(path: string): Uint8Array; unlink(path: string): void };
  };
  const name = `/written-${++files}.h5`;
  const file = new library.File(name, "w");
  try {
    write(file, root);
    file.close();
    return FS.readFile(name);
  } finally {
    FS.unlink(name);
  }
}

function write(group: H5wasm.Group, content: Hdf5Group): void {
  for (const [name, value] of Object.entries(content.attributes ?? {})) {
    writeText(group, name, value);
  }
  for (const [name, array] of Object.entries(content.datasets ?? {})) writeArray(group, name, array);
  for (const [name, inner] of Object.entries(content.groups ?? {})) write(groupAt(group, name), inner);
}

/**
 * Text as Keras 2 writes it, which reads it as bytes where h5py is older than 3 (TensorFlow before 2.5): ASCII, a list of
 * names of one length. What is not ASCII has no such form.
 */
function writeText(group: H5wasm.Group, name: string, value: string | readonly string[]): void {
  const texts = typeof value === "string" ? [value] : value;
  const isAscii = texts.every((text) => Buffer.byteLength(text) === text.length);
  const data = typeof value === "string" ? value : [...value];
  if (!isAscii || texts.length === 0) return group.create_attribute(name, data);
  const length = Math.max(1, ...texts.map((text) => text.length));
  group.create_attribute(name, data, null, typeof value === "string" ? "A" : `A${length}`);
}

function groupAt(parent: H5wasm.Group, path: string): H5wasm.Group {
  return path
    .split("/")
    .reduce((group, name) => (group.get(name) ?? group.create_group(name)) as H5wasm.Group, parent);
}

const TYPES = { Float32Array: "<f", Int32Array: "<i", BigInt64Array: "<q" } as const;

function writeArray(group: H5wasm.Group, path: string, { shape, values }: Hdf5Array): void {
  const cut = path.lastIndexOf("/");
  const parent = cut < 0 ? group : groupAt(group, path.slice(0, cut));
  const dtype = TYPES[values.constructor.name as keyof typeof TYPES];
  parent.create_dataset({ name: path.slice(cut + 1), data: values, shape: [...shape], dtype });
}
