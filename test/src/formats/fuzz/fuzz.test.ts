import assert from "node:assert/strict";
import { mutate, random } from "./mutate.js";
import { readSeeds } from "./seeds.js";
import { tryInput } from "./try-input.js";

/** The short form of `npm run fuzz`. */
const INPUTS = 3_000;

describe("formats: spoiled files of every format", function () {
  this.timeout(300_000);

  it("opens the files as they are", async () => {
    for (const seed of readSeeds()) await tryInput(seed);
  });

  it(`opens or refuses ${INPUTS} spoiled ones, each with a finding`, async () => {
    const seeds = readSeeds();
    const counts = { opened: 0, refused: 0 };
    for (let i = 0; i < INPUTS; i++) {
      try {
        counts[await tryInput(mutate(seeds, random(7_000_003 + i)))]++;
      } catch (error) {
        throw new Error(`input ${i}`, { cause: error });
      }
    }
    assert.equal(counts.opened + counts.refused, INPUTS);
    assert.ok(counts.opened > INPUTS / 10 && counts.refused > INPUTS / 10, JSON.stringify(counts));
  });
});
