import assert from "node:assert/strict";
import fs from "node:fs";
import { tf } from "../../../../src/index.js";
import type { LoadSession } from "../../../../src/index.js";
import { assertClose } from "./case.js";

export const GRAPHS = "test/fixtures/graph";

interface Stored {
  readonly dtype: "float32" | "int32" | "string";
  readonly shape: number[];
  readonly values: number[];
}

interface Reference {
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly outputs: Readonly<Record<string, Stored>>;
}

export function reference(name: string): Reference {
  return JSON.parse(fs.readFileSync(`${GRAPHS}/${name}/reference.json`, "utf8")) as Reference;
}

/** What the session loaded, layers or graph, gives TensorFlow's own numbers. */
export async function assertAsTensorFlow(session: LoadSession, name: string): Promise<void> {
  const { inputs, outputs } = reference(name);
  const given = Object.fromEntries(Object.entries(inputs).map(([key, one]) => [key, tensor(one)]));
  const [input] = Object.values(given);
  const result = session.graph ? session.graph.predict(given) : session.finished().predict(input!);
  const found =
    result instanceof tf.Tensor
      ? [result]
      : Object.entries(result as tf.NamedTensorMap)
          .sort()
          .map(([, one]) => one);
  const wanted = Object.entries(outputs)
    .sort()
    .map(([, one]) => tensor(one));
  assert.equal(found.length, wanted.length);
  for (const [i, one] of wanted.entries())
    await assertClose(tf.cast(found[i]!, "float32"), tf.cast(one, "float32"));
}

function tensor({ values, shape, dtype }: Stored): tf.Tensor {
  return tf.tensor(values, shape, dtype);
}
