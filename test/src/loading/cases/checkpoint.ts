import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loadModel, openModel } from "../../../../src/index.js";
import type { SettledBy } from "../../../../src/loading/taxonomy/entry.js";
import { assertSame, assertTold, described } from "./case.js";
import { dense, sequential } from "./parts.js";
import { writeHdf5, writeJson } from "./write.js";

const CHECKPOINT = "test/fixtures/graph/keras2_checkpoint";

/** A checkpoint of two layers, for a model of the first of them alone. */
export async function keras2Checkpoint(folder: string): Promise<SettledBy> {
  fs.cpSync(CHECKPOINT, folder, { recursive: true });
  const parts = sequential(2, [null, 4], [dense("only", 4, 3, { activation: "linear" })]);
  writeJson(path.join(folder, "weights.json"), parts.config);
  const session = await openModel(path.join(folder, "weights"));
  assert.equal(session.state, "waiting", described(session));
  assertTold(session.waiting, "W10");
  assert.equal(session.waiting.length, 1, described(session));
  await session.fix(1, "align");
  assert.equal(session.state, "loaded", described(session));
  const { outputs } = JSON.parse(fs.readFileSync(`${CHECKPOINT}/reference.json`, "utf8")) as {
    outputs: Record<string, { values: number[] }>;
  };
  parts.layers[0]!.weights.forEach((weight, i) => {
    weight.values = Float32Array.from(outputs[i === 0 ? "dense/kernel:0" : "dense/bias:0"]!.values);
  });
  await assertSame(
    session.finished(),
    await loadModel(await writeHdf5(path.join(folder, "whole.h5"), parts)),
  );
  return "choice";
}
