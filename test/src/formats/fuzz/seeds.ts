import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { writeZip } from "../archive/write-zip.js";

/** A model to be spoiled: one file, or the files of a folder. */
export type Seed = ReadonlyMap<string, Uint8Array>;

const LARGEST = 120_000;
const FILES = ["test/fixtures/hdf5", "test/fixtures/archives", "test/fixtures/arrays"];
const FOLDERS = [
  "test/fixtures/archives/sharded",
  "test/fixtures/graph/keras2_checkpoint",
  "test/fixtures/graph/tf1_saved_model/checkpoint",
];
const GRAPHS = ["graph.pb", "graph.pbtxt"];

/** Small sound files of every format, all of them committed. */
export function readSeeds(): Seed[] {
  const files = FILES.flatMap((folder) => filesIn(folder)).filter(
    (file) => fs.statSync(file).size <= LARGEST,
  );
  const folders = [...FOLDERS, ...savedModels()];
  return [
    ...files.map((file) => new Map([[path.basename(file), fs.readFileSync(file)]])),
    ...folders.map(readFolder),
    ...graphs(),
    ...packed(),
    tfjs(),
  ];
}

/** Frozen graphs, binary and as text. */
function graphs(): Seed[] {
  const all = fs.readdirSync("test/fixtures/graph", { recursive: true, encoding: "utf8" });
  return all
    .filter((name) => GRAPHS.includes(path.basename(name)))
    .map((name) => [path.basename(name), fs.readFileSync(path.join("test/fixtures/graph", name))] as const)
    .filter(([, { length }]) => length <= LARGEST)
    .map((file) => new Map([file]));
}

/** Models as downloads pack them. */
function packed(): Seed[] {
  const model = fs.readFileSync("test/fixtures/hdf5/keras_0.h5");
  const arrays = [
    { name: "arr_0.npy", data: npy("<f4", "(2, 3)", 24), deflate: true },
    { name: "arr_1.npy", data: npy("<i8", "(1,)", 8), deflate: true },
  ];
  return [
    new Map([["model.h5.gz", zlib.gzipSync(model)]]),
    new Map([["model.zip", writeZip([{ name: "download/model.h5", data: model, deflate: true }])]]),
    new Map([["arrays.npz", writeZip(arrays)]]),
  ];
}

function npy(descr: string, shape: string, length: number): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(118);
  const magic = Buffer.from("\u0093NUMPY\u0001\u0000", "latin1");
  return Buffer.concat([magic, size, Buffer.from(`${header}\n`), Buffer.alloc(length, 1)]);
}

function filesIn(folder: string): string[] {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => path.join(folder, name));
}

function savedModels(): string[] {
  const all = fs.readdirSync("test/fixtures", { recursive: true, encoding: "utf8" });
  const folders = all
    .filter((name) => path.basename(name) === "saved_model.pb")
    .map((name) => path.dirname(name));
  return folders
    .map((name) => path.join("test/fixtures", name))
    .filter((folder) => folderSize(folder) <= LARGEST);
}

function folderSize(folder: string): number {
  return [...readFolder(folder).values()].reduce((sum, bytes) => sum + bytes.length, 0);
}

function readFolder(folder: string): Seed {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [path.relative(folder, file), fs.readFileSync(file)]));
}

function tfjs(): Seed {
  const weights = [
    {
      name: "a/kernel",
      shape: [2, 2],
      dtype: "float32",
      quantization: { dtype: "uint8", scale: 0.5, min: -1 },
    },
    { name: "a/words", shape: [1], dtype: "string" },
  ];
  const config = {
    class_name: "Sequential",
    config: { layers: [{ class_name: "Dense", config: { name: "a" } }] },
  };
  const model = { modelTopology: { model_config: config }, weightsManifest: [{ paths: ["w.bin"], weights }] };
  return new Map([
    ["model.json", Buffer.from(JSON.stringify(model))],
    ["w.bin", Buffer.from([1, 2, 3, 4, 2, 0, 0, 0, 104, 105])],
  ]);
}
