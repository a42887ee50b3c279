import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import * as h5wasm from "h5wasm";
import { snakeCase } from "../../../../src/names/snake-case.js";
import type { JsonValue } from "../../../../src/formats/model-file.js";
import type { LayerParts, Parts } from "./parts.js";

type Group = h5wasm.Group;

/** What a `.h5` is to lack or to have otherwise than Keras writes it. */
export interface Hdf5Options {
  /** `false` leaves the attribute out; a string is written as it stands. */
  readonly config?: false | string;
  /** Weights at the root, as `save_weights` writes them. */
  readonly weightsOnly?: boolean;
  /** Weights that `weight_names` names and the file does not hold. */
  readonly without?: (name: string) => boolean;
  /** Fixed-length bytes for text, as h5py 2 wrote it. */
  readonly bytes?: boolean;
  /** Tensors of the optimizer that are named and not there. */
  readonly lostOptimizer?: readonly string[];
  /** Values of weights of this name are stored as int8. */
  readonly wholeNumbers?: RegExp;
}

let files = 0;

/** Runs `write` over a new HDF5 file in memory and stores it at `target`. */
export async function hdf5(target: string, write: (file: h5wasm.File) => void): Promise<string> {
  const { FS } = await h5wasm.ready;
  const name = `case-${files++}.h5`;
  const file = new h5wasm.File(name, "w");
  write(file);
  file.close();
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, FS.readFile(name));
  FS.unlink(name);
  return target;
}

/** A whole model as Keras 1 and 2, and Keras 3 under the name `.h5`, write it. */
export function writeHdf5(target: string, parts: Parts, options: Hdf5Options = {}): Promise<string> {
  return hdf5(target, (file) => {
    const group = options.weightsOnly ? file : file.create_group("model_weights");
    const said = [
      ["keras_version", parts.version],
      ["backend", parts.backend],
    ] as const;
    for (const owner of options.weightsOnly ? [file] : [file, group as Group])
      for (const [name, value] of said) if (value !== null) text(owner, name, value, options);
    if (!options.weightsOnly && options.config !== false)
      text(file, "model_config", options.config ?? JSON.stringify(parts.config), options);
    if (parts.training !== null) text(file, "training_config", JSON.stringify(parts.training), options);
    if (options.lostOptimizer)
      names(file.create_group("optimizer_weights") as Group, "weight_names", options.lostOptimizer);
    writeLayers(group as Group, parts.layers, options);
  });
}

function writeLayers(group: Group, layers: readonly LayerParts[], options: Hdf5Options): void {
  names(
    group,
    "layer_names",
    layers.map(({ name }) => name),
  );
  for (const layer of layers) {
    const own = group.create_group(layer.name) as Group;
    names(
      own,
      "weight_names",
      layer.weights.map(({ name }) => name),
    );
    for (const weight of layer.weights) {
      if (options.without?.(weight.name)) continue;
      const isWhole = options.wholeNumbers?.test(weight.name);
      const values = isWhole ? Int8Array.from(weight.values) : weight.values;
      dataset(own, weight.name, weight.shape, values);
    }
  }
}

export function dataset(
  group: Group,
  name: string,
  shape: readonly number[],
  values: Float32Array | Int8Array,
): void {
  const parts = name.split("/");
  let owner = group;
  for (const part of parts.slice(0, -1))
    owner = (owner.get(part) as Group | null) ?? (owner.create_group(part) as Group);
  const dtype = values instanceof Int8Array ? "<b" : "<f";
  owner.create_dataset({ name: parts.at(-1)!, data: values, shape: [...shape], dtype });
}

function text(owner: Group, name: string, value: string, { bytes = false }: Hdf5Options): void {
  owner.create_attribute(name, value, null, bytes ? `S${Buffer.byteLength(value)}` : undefined);
}

function names(owner: Group, attribute: string, values: readonly string[]): void {
  if (values.length === 0) owner.create_attribute(attribute, new Float64Array(0), [0], "<d");
  else
    owner.create_attribute(
      attribute,
      [...values],
      [values.length],
      `S${Math.max(...values.map((v) => v.length), 1)}`,
    );
}

/** `layers/dense_1/vars/0`, as Keras 3 writes its weights. */
export function weightsTree(
  target: string,
  parts: Parts,
  without: (layer: string) => boolean = () => false,
): Promise<string> {
  return hdf5(target, (file) => {
    const layers = file.create_group("layers") as Group;
    const counts = new Map<string, number>();
    for (const layer of parts.layers) {
      const base = snakeCase(layer.className);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      if (without(layer.name)) continue;
      const own = layers.create_group(count === 0 ? base : `${base}_${count}`) as Group;
      const holder = /^(LSTM|GRU|SimpleRNN)$/.test(layer.className)
        ? (own.create_group("cell") as Group)
        : own;
      const vars = holder.create_group("vars") as Group;
      vars.create_attribute("name", layer.name);
      layer.weights.forEach(({ shape, values }, i) =>
        vars.create_dataset({ name: `${i}`, data: values, shape: [...shape], dtype: "<f" }),
      );
    }
  });
}

export interface ArchiveOptions {
  /** Members to leave out: `config.json`, `model.weights.h5`. */
  readonly without?: readonly string[];
  /** Text of config.json in place of the parts' own. */
  readonly config?: string;
  /** Folder inside the archive. */
  readonly inside?: string;
  readonly lacks?: (layer: string) => boolean;
  /** More members. */
  readonly more?: Readonly<Record<string, Uint8Array | string>>;
}

/** A `.keras` archive. */
export async function writeArchive(
  target: string,
  parts: Parts,
  options: ArchiveOptions = {},
): Promise<string> {
  const weights = await weightsTree(`${target}.weights.h5`, parts, options.lacks);
  const members: Record<string, Uint8Array | string> = {
    "metadata.json": JSON.stringify({ keras_version: parts.version, date_saved: "2026-01-01@00:00:00" }),
    "config.json":
      options.config ??
      JSON.stringify({
        ...parts.config,
        ...(parts.training === null ? {} : { compile_config: parts.training }),
      }),
    "model.weights.h5": fs.readFileSync(weights),
    ...options.more,
  };
  fs.rmSync(weights);
  for (const name of options.without ?? []) Reflect.deleteProperty(members, name);
  const inside = options.inside ?? "";
  fs.writeFileSync(
    target,
    zip(Object.fromEntries(Object.entries(members).map(([name, value]) => [`${inside}${name}`, value]))),
  );
  return target;
}

/** A zip of stored members, as Keras writes it. */
export function zip(members: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, value] of Object.entries(members)) {
    const data = Buffer.from(value as Uint8Array);
    const title = Buffer.from(name);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt32LE(zlib.crc32(data), 10);
    about.writeUInt32LE(data.length, 14);
    about.writeUInt32LE(data.length, 18);
    about.writeUInt16LE(title.length, 22);
    const entry = Buffer.concat([Buffer.from("PK\x03\x04"), about, title, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), about, rest, title]));
    local.push(entry);
    offset += entry.length;
  }
  const table = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, table, end]);
}

export function writeJson(target: string, value: JsonValue): string {
  fs.writeFileSync(target, JSON.stringify(value));
  return target;
}
