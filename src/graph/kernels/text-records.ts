import zlib from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import * as tf from "@tensorflow/tfjs";
import type { WeightArray } from "../../formats/model-file.js";
import { decode } from "../../formats/proto/decode.js";
import { DataType, TensorProtoSchema } from "../../formats/proto/tensorflow_pb.js";
import { fingerprint64 } from "../../ops/text/farmhash.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { LIMITS } from "../limits.js";
import { constantFrom, tensorType } from "../tensors.js";
import { StringTensor, type GraphValue } from "../value.js";
import { bigints } from "./integers.js";

/** Strings that hold records: lines of CSV, compressed bytes, serialized tensors (parsing_ops.cc). */
export const textRecords: KernelTable = {
  DecodeCSV: { run: decodeCsv, host: "all" },
  DecodeCompressed: { run: decompress },
  ParseTensor: { run: parseTensor },
  SerializeTensor: { run: serializeTensor, host: "all" },
  Fingerprint: { run: fingerprints },
};

function decodeCsv(call: OpCall): GraphValue[] {
  const { attributes } = call;
  const lines = call.strings(0).text();
  const types = attributes.types("OUT_TYPE");
  const delimiter = attributes.text("field_delim", ",");
  const selected = attributes.ints("select_cols");
  const rows = lines.map((line) => {
    const fields = fieldsOf(line, delimiter, attributes.bool("use_quote_delim", true));
    return selected.length > 0 ? selected.map((column) => fields[column] ?? "") : fields;
  });
  const missing = attributes.text("na_value");
  return types.map((type, column) => {
    const texts = rows.map((fields, row) => {
      const field = fields[column];
      if (field === undefined || fields.length !== types.length)
        throw call.error("G11", `line ${row} has ${fields.length} fields, the model takes ${types.length}`);
      return field === "" || field === missing ? fallbackText(call, 1 + column, row) : field;
    });
    return columnOf(call, texts, type, call.shapeOf(0));
  });
}

/** The default of a column; a column without one has an empty tensor. */
function fallbackText(call: OpCall, input: number, row: number): string {
  const value = call.value(input);
  const text = value instanceof StringTensor ? value.text()[0] : call.numbers(input).map(String)[0];
  if (text === undefined)
    throw call.error("G11", `line ${row} has an empty field ${input - 1}, and the model gives it no default`);
  return text;
}

function columnOf(
  call: OpCall,
  texts: readonly string[],
  type: DataType,
  shape: readonly number[],
): GraphValue {
  if (type === DataType.DT_STRING) return StringTensor.fromText(shape, texts);
  const numbers = texts.map((text) => {
    const number = Number(text.trim());
    if (Number.isNaN(number) && !/^[+-]?nan$/i.test(text.trim()))
      throw call.error("G11", `${JSON.stringify(text.slice(0, 40))} is not a number`);
    return number;
  });
  return tf.tensor(numbers, [...shape], tensorType(type));
}

function fieldsOf(line: string, delimiter: string, quotes: boolean): string[] {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (quoted) {
      if (character === '"' && line[i + 1] === '"') {
        field += '"';
        i++;
      } else if (character === '"') quoted = false;
      else field += character;
    } else if (quotes && character === '"' && field === "") quoted = true;
    else if (character === delimiter) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  return [...fields, field];
}

function decompress(call: OpCall): StringTensor {
  const kind = call.attributes.text("compression_type");
  const value = call.strings(0);
  const options = { maxOutputLength: LIMITS.elements };
  const one = (bytes: Uint8Array): Uint8Array => {
    if (kind === "") return bytes;
    try {
      return kind === "GZIP" ? zlib.gunzipSync(bytes, options) : zlib.inflateSync(bytes, options);
    } catch (error) {
      throw call.error("G11", `a string is no ${kind} data: ${String((error as Error).message)}`);
    }
  };
  return new StringTensor(value.shape, value.values.map(one));
}

function parseTensor(call: OpCall): GraphValue {
  const bytes = call.strings(0).values[0] ?? new Uint8Array(0);
  return constantFrom(decode(TensorProtoSchema, bytes, call.step.name));
}

/** A TensorProto as TensorFlow writes one: numbers as their bytes, strings listed. */
function serializeTensor(call: OpCall): StringTensor {
  const value = call.value(0);
  const dtype = call.attributes.type("T") ?? DataType.DT_FLOAT;
  const dim = call.shapeOf(0).map((size) => ({ size: BigInt(size) }));
  const content =
    value instanceof StringTensor
      ? { stringVal: [...value.values] }
      : { tensorContent: new Uint8Array(elementsOf(call, dtype).buffer) };
  const proto = create(TensorProtoSchema, { dtype, tensorShape: { dim }, ...content });
  return new StringTensor([], [toBinary(TensorProtoSchema, proto)]);
}

function elementsOf(call: OpCall, dtype: DataType): Elements {
  if (dtype === DataType.DT_INT64 || dtype === DataType.DT_UINT64)
    return BigInt64Array.from(bigints(call, 0), (value) => BigInt.asIntN(64, value));
  const made = TYPED_ARRAYS.get(dtype);
  if (made === undefined)
    throw call.error("O07", "a tensor of its type is not written here", "Register a function for the op.");
  return made.from(call.numbers(0));
}

type Elements = Exclude<WeightArray, string[]>;

const TYPED_ARRAYS: ReadonlyMap<DataType, { from(numbers: number[]): Elements }> = new Map<
  DataType,
  { from(numbers: number[]): Elements }
>([
  [DataType.DT_FLOAT, Float32Array],
  [DataType.DT_DOUBLE, Float64Array],
  [DataType.DT_INT32, Int32Array],
  [DataType.DT_UINT32, Uint32Array],
  [DataType.DT_INT16, Int16Array],
  [DataType.DT_UINT16, Uint16Array],
  [DataType.DT_INT8, Int8Array],
  [DataType.DT_UINT8, Uint8Array],
  [DataType.DT_BOOL, Uint8Array],
]);

/** One fingerprint of 8 bytes, low byte first, for each row. */
function fingerprints(call: OpCall): tf.Tensor {
  const value = call.value(0);
  if (!(value instanceof StringTensor))
    throw call.error("O07", "it hashes strings only here", "Register a function for the op.");
  const rows = value.values.map((bytes) => fingerprint64(bytes));
  const bytes = rows.flatMap((hash) =>
    Array.from({ length: 8 }, (_, i) => Number((hash >> BigInt(8 * i)) & 255n)),
  );
  return tf.tensor2d(bytes, [rows.length, 8], "int32");
}
