/** Tables of cell sequences: each runs in a fresh engine, and each cell says what it gives. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createCellEngine, type CellEngineOptions } from "../../../kernel/cells/create-cell-engine.js";

/** A cell's code and what its last expression gives; without the second, the cell shows nothing. */
export type Step = readonly [code: string, expected?: unknown];

class Throws {
  constructor(
    readonly name: string,
    readonly message: RegExp,
  ) {}
}

/** The cell ends with this error: `throws("TypeError", /constant/)`. */
export function throws(name: string, message: RegExp = /./): Throws {
  return new Throws(name, message);
}

export interface SequenceOptions extends Partial<CellEngineOptions> {
  /** Files beside the notebook, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** One mocha test for each named sequence. */
export function sequences(
  title: string,
  table: Readonly<Record<string, readonly Step[]>>,
  { files = {}, ...options }: SequenceOptions = {},
): void {
  describe(title, () => {
    let folder = "";
    before(() => (folder = notebookFolder(files)));
    after(() => fs.rmSync(folder, { recursive: true, force: true }));

    for (const [name, steps] of Object.entries(table))
      it(name, async () => {
        const engine = createCellEngine({ folder, ...options });
        for (const [index, [code, expected]] of steps.entries())
          await check(engine.run({ code, executionCount: index + 1 }), expected, code);
      });
  });
}

async function check(
  running: Promise<{ readonly hasValue: boolean; readonly value: unknown }>,
  expected: unknown,
  code: string,
): Promise<void> {
  if (expected instanceof Throws) {
    await assert.rejects(running, (error: Error) => {
      assert.equal(error.name, expected.name, `${error.name}: ${error.message}\nin ${code}`);
      assert.match(error.message, expected.message, code);
      return true;
    });
    return;
  }
  const { hasValue, value } = await running;
  assert.deepEqual(value, expected, code);
  assert.equal(hasValue, expected !== undefined, code);
}

/** A folder with these files, for a notebook to stand in. */
export function notebookFolder(files: Readonly<Record<string, string>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "cells-")));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return folder;
}
