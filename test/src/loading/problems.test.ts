import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { SettledBy } from "../../../src/loading/taxonomy/entry.js";
import { openModel, type Remedy } from "../../../src/index.js";
import { TAXONOMY } from "../../../src/loading/taxonomy/taxonomy.js";
import { ARGUMENT_CASES } from "./cases/argument-cases.js";
import { CLASS_CASES } from "./cases/class-cases.js";
import { FILE_CASES } from "./cases/file-cases.js";
import { GRAPH_CASES } from "./cases/graph-cases.js";
import { TRAINING_CASES } from "./cases/training-cases.js";
import { assertReplayed } from "./cases/case.js";
import { WEIGHT_CASES } from "./cases/weight-cases.js";

const CASES = [
  ...FILE_CASES,
  ...CLASS_CASES,
  ...ARGUMENT_CASES,
  ...GRAPH_CASES,
  ...WEIGHT_CASES,
  ...TRAINING_CASES,
];

/** The model files in a case's folder. */
function opened(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((name) => /^model\.(h5|keras)$/.test(name))
    .map((name) => path.join(folder, name));
}

function isComplete({ id, needs, suggestion }: Remedy): boolean {
  return !/^(register|skeleton)$/.test(id) && (needs === undefined || suggestion !== undefined);
}

describe("every problem of the taxonomy, made as a file and settled", () => {
  /** Set to keep the files, to see what Keras says of them. */
  const kept = process.env["LOADLAB_CASES"];
  let root: string;
  const outcomes = new Map<string, SettledBy>();

  before(() => {
    root = kept ?? fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-cases-"));
  });

  after(() => {
    if (kept === undefined) fs.rmSync(root, { recursive: true });
  });

  for (const { code, what, run } of CASES) {
    it(`${code}: ${what}`, async () => {
      const folder = path.join(root, code);
      fs.mkdirSync(folder, { recursive: true });
      const outcome = await run(folder);
      outcomes.set(code, outcome);
      assert.equal(outcome, TAXONOMY.get(code)!.settledBy, "as docs/problems says");
    });
  }

  it("replays every remedy that any of them offers from its recipe", async function () {
    this.timeout(180_000);
    const replayed = new Map<string, number>();
    for (const file of CASES.flatMap(({ code }) => opened(path.join(root, code)))) {
      const first = await openModel(file);
      const offers = first.waiting.flatMap(({ subject, remedies }) =>
        remedies.filter(isComplete).map(({ id }) => [subject, id] as const),
      );
      first.abort();
      for (const [subject, remedy] of offers) {
        const session = await openModel(file);
        await session.fix(subject, remedy);
        await assertReplayed(session, file);
        session.abort();
        replayed.set(remedy, (replayed.get(remedy) ?? 0) + 1);
      }
    }
    console.log(`    ${[...replayed].map(([id, count]) => `${id} ${count}`).join(", ")}`);
    assert.deepEqual(
      [
        "align",
        "adopt",
        "builtin",
        "cut",
        "draft",
        "identity-stub",
        "input-shape",
        "keep",
        "output",
        "replace",
      ]
        .concat([
          "translate",
          "zeros",
          "zeros-stub",
          "zeros-like-stub",
          "salvage",
          "keep-initial",
          "input",
          "connect",
        ])
        .filter((id) => !replayed.has(id)),
      [],
    );
  });

  it("has a case for each of the 99 codes, settled as the taxonomy counts them", () => {
    assert.deepEqual(
      [...TAXONOMY.keys()].filter((code) => !outcomes.has(code)),
      [],
    );
    const tally = { itself: 0, choice: 0, code: 0, file: 0, refused: 0 };
    for (const outcome of outcomes.values()) tally[outcome]++;
    console.log(
      `    ${outcomes.size} codes: ${tally.itself} settled by themselves, ${tally.choice} by one choice, ` +
        `${tally.code} by a class or function, ${tally.file} by another file, ${tally.refused} refused`,
    );
    assert.deepEqual(tally, { itself: 57, choice: 23, code: 8, file: 8, refused: 3 });
  });
});
