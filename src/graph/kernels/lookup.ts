import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { LookupTable } from "../resources.js";
import { StringTensor, WideIntegers, type GraphValue } from "../value.js";

/** Lines of a vocabulary. Real ones stay below a few million. */
const LINES = 50_000_000;

/** tensorflow/core/ops/lookup_ops.cc. Keys and values are kept as text. */
export const lookup: KernelTable = {
  HashTableV2: { run: table },
  HashTable: { run: table },
  MutableHashTableV2: { run: table },
  MutableHashTable: { run: table },
  AnonymousHashTable: { run: table, volatile: true },
  AnonymousMutableHashTable: { run: table, volatile: true },
  MutableDenseHashTableV2: { run: denseTable },
  MutableDenseHashTable: { run: denseTable },
  MutableHashTableOfTensorsV2: { run: table },
  MutableHashTableOfTensors: { run: table },
  AnonymousMutableHashTableOfTensors: { run: table, volatile: true },
  AnonymousMutableDenseHashTable: { run: denseTable, volatile: true },
  InitializeTableV2: { host: [1, 2], run: initialize, effect: true },
  InitializeTable: { host: [1, 2], run: initialize, effect: true },
  InitializeTableFromTextFileV2: { run: initializeFromFile, effect: true },
  InitializeTableFromTextFile: { run: initializeFromFile, effect: true },
  LookupTableFindV2: { host: [1, 2], run: find, volatile: true },
  LookupTableFind: { host: [1, 2], run: find, volatile: true },
  LookupTableSizeV2: { run: (call) => tf.scalar(filled(call).entries.size, "int32"), volatile: true },
  LookupTableSize: { run: (call) => tf.scalar(filled(call).entries.size, "int32"), volatile: true },
  LookupTableInsert: { host: [1, 2], run: insert, effect: true },
  LookupTableImport: { host: [1, 2], run: importAll, effect: true },
  LookupTableExport: { run: exportAll, volatile: true, outputs: ["keys", "values"] },
  LookupTableInsertV2: { host: [1, 2], run: insert, effect: true },
  LookupTableImportV2: { host: [1, 2], run: importAll, effect: true },
  LookupTableRemoveV2: { host: [1], run: remove, effect: true },
  LookupTableExportV2: { run: exportAll, volatile: true, outputs: ["keys", "values"] },
};

function table(call: OpCall): LookupTable {
  const { attributes } = call;
  const name = attributes.text("shared_name") || call.step.name;
  const make = (): LookupTable =>
    new LookupTable(
      name,
      attributes.type("key_dtype") === DataType.DT_STRING,
      attributes.type("value_dtype") === DataType.DT_STRING,
      attributes.shape("value_shape") ?? [],
      /^(Anonymous)?HashTable(V2)?$/.test(call.step.op),
    );
  return call.surroundings.resource(`table ${name}`, make) as LookupTable;
}

/** A checkpoint holds all places of such a table: the free ones under one key, those given up under another. */
function denseTable(call: OpCall): LookupTable {
  const made = table(call);
  for (const input of call.inputs.keys()) made.entries.delete(elementTexts(call, input).join());
  return made;
}

/** Elements as map keys; bytes that are no text stay distinct. */
export function elementTexts(call: OpCall, index: number): string[] {
  const value = call.value(index);
  if (value instanceof StringTensor)
    return value.values.map((bytes) => Buffer.from(bytes).toString("latin1"));
  if (value instanceof WideIntegers) return value.values.map(String);
  return call.numbers(index).map(String);
}

export function textsToTensor(
  texts: readonly string[],
  shape: readonly number[],
  isText: boolean,
  call: OpCall,
): GraphValue {
  if (isText)
    return new StringTensor(
      shape,
      texts.map((text) => Buffer.from(text, "latin1")),
    );
  const numbers = texts.map(Number);
  const type = call.attributes.type("Tout") ?? call.attributes.type("Tvalues");
  if (type !== DataType.DT_FLOAT && numbers.some((number) => Math.abs(number) > 2 ** 31 - 1)) {
    return new WideIntegers(shape, texts.map(BigInt));
  }
  return tf.tensor(
    numbers,
    [...shape],
    numbers.every(Number.isInteger) && type !== DataType.DT_FLOAT ? "int32" : "float32",
  );
}

function initialize(call: OpCall): KernelResult {
  const target = call.table(0);
  if (target.initialized) return [];
  target.put(elementTexts(call, 1), elementTexts(call, 2));
  target.initialized = true;
  return [];
}

/** Lines of a file of the model's own assets; no other file is opened. */
function initializeFromFile(call: OpCall): KernelResult {
  const target = call.table(0);
  if (target.initialized) return [];
  const named = call.strings(1).text()[0] ?? "";
  const bytes = call.surroundings.readAsset(named);
  if (bytes === null) {
    throw call.error(
      "O03",
      `its vocabulary ${JSON.stringify(named.slice(0, 200))} is not among the model's assets`,
      "Copy the file into the model's assets folder.",
    );
  }
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length > LINES)
    throw call.error("F18", `its vocabulary has ${lines.length} lines`, "It is refused.");
  const { attributes } = call;
  const delimiter = attributes.text("delimiter", "\t");
  const column = (line: string, number: number, which: number): string => {
    if (which === -1) return String(number + attributes.int("offset"));
    return which === -2 ? line.replace(/\r$/, "") : (line.split(delimiter)[which] ?? "");
  };
  const [keyIndex, valueIndex] = [attributes.int("key_index"), attributes.int("value_index")];
  lines.forEach((line, number) =>
    target.entries.set(column(line, number, keyIndex), [column(line, number, valueIndex)]),
  );
  target.initialized = true;
  return [];
}

/** A table that has been filled. A frozen graph can have lost the op that did it. */
function filled(call: OpCall): LookupTable {
  const target = call.table(0);
  if (!target.filledOnce || target.initialized) return target;
  throw call.error(
    "O03",
    `its table ${target.name} is empty, and nothing in the graph fills it`,
    "Freeze the graph together with the op that fills the table, or open the SavedModel it was made from.",
  );
}

function find(call: OpCall): GraphValue {
  const target = filled(call);
  const defaults = elementTexts(call, 2);
  const keys = elementTexts(call, 1);
  const width = target.valueShape.reduce((n, dim) => n * dim, 1);
  // The default is one value, or a value for each key.
  const each = defaults.length > width && defaults.length === keys.length * width;
  const otherwise = (i: number): string[] => (each ? defaults.slice(i * width, (i + 1) * width) : defaults);
  const found = keys.flatMap((key, i) => target.entries.get(key) ?? otherwise(i));
  return textsToTensor(found, [...call.shapeOf(1), ...target.valueShape], target.valuesAreText, call);
}

function insert(call: OpCall): KernelResult {
  const target = call.table(0);
  target.put(elementTexts(call, 1), elementTexts(call, 2));
  target.initialized = true;
  return [];
}

function importAll(call: OpCall): KernelResult {
  call.table(0).entries.clear();
  return insert(call);
}

function remove(call: OpCall): KernelResult {
  for (const key of elementTexts(call, 1)) call.table(0).entries.delete(key);
  return [];
}

function exportAll(call: OpCall): GraphValue[] {
  const target = call.table(0);
  const { size } = target.entries;
  return [
    textsToTensor([...target.entries.keys()], [size], target.keysAreText, call),
    textsToTensor(
      [...target.entries.values()].flat(),
      [size, ...target.valueShape],
      target.valuesAreText,
      call,
    ),
  ];
}
