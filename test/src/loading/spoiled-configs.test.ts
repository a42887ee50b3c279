import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import { openModel } from "../../../src/index.js";
import { writeZip } from "../formats/archive/write-zip.js";
import { random } from "../formats/fuzz/mutate.js";
import { changeJson } from "../formats/fuzz/structure.js";
import { readMembers } from "../formats/fuzz/zip-members.js";

const SEEDS = [
  "archives/nested.keras",
  "archives/parts.keras",
  "quantized/attention_float8.keras",
  "quantized/dense_ternary.keras",
  "training/keras2-lion.keras.gz",
  "training/keras3-adam.keras.gz",
];
const INPUTS = 240;

describe("loading: configs with values that nobody writes", function () {
  this.timeout(180_000);

  it(`end every load of ${INPUTS} in a report`, async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-spoiled-"));
    const file = path.join(folder, "model.keras");
    const seeds = SEEDS.map((name) => {
      const bytes = fs.readFileSync(path.join("test/fixtures", name));
      return readMembers(name.endsWith(".gz") ? zlib.gunzipSync(bytes) : bytes);
    });
    const states = new Map<string, number>();
    for (let i = 0; i < INPUTS; i++) {
      const next = random(40_009 + i);
      const pick = (below: number) => Math.floor(next() * below);
      const members = seeds[pick(seeds.length)]!.map((member) => {
        if (member.name !== "config.json") return member;
        const once = changeJson(Buffer.from(member.data), pick)!;
        return { ...member, data: pick(2) === 0 ? once : (changeJson(once, pick) ?? once) };
      });
      fs.writeFileSync(file, writeZip(members));
      try {
        const session = await openModel(file);
        const { state } = session.report();
        states.set(state, (states.get(state) ?? 0) + 1);
        session.abort();
      } catch (error) {
        throw new Error(`input ${i}`, { cause: error });
      }
    }
    fs.rmSync(folder, { recursive: true });
    assert.ok(states.get("loaded")! > INPUTS / 10 && states.get("waiting")! > INPUTS / 10);
  });
});
