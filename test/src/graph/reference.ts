import fs from "node:fs";
import path from "node:path";

/** One tensor as `test/fixtures/reference.py` writes it. */
export interface ReferenceTensor {
  readonly dtype: "float32" | "int32" | "bool" | "string";
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

/** What TensorFlow itself gave for a fixture. */
export interface Reference {
  readonly signature: string;
  readonly inputs: Readonly<Record<string, ReferenceTensor>>;
  readonly outputs: Readonly<Record<string, ReferenceTensor>>;
}

export const FIXTURES = path.resolve("test/fixtures/graph");

export function readReference(name: string): Reference {
  return JSON.parse(fs.readFileSync(path.join(FIXTURES, name, "reference.json"), "utf8")) as Reference;
}
