import assert from "node:assert/strict";
import type * as theirs from "tslab";
import { createCellEngine } from "../../../kernel/cells/create-cell-engine.js";
import { currentDisplay } from "../../../kernel/cells/values/current-display.js";
import { formatValue } from "../../../kernel/cells/values/format-value.js";
import * as ours from "../../../kernel/cells/modules/tslab.js";

/** Checked by the compiler: what tslab's own declarations promise is there. */
const replacement: Omit<typeof theirs, "default"> = ours;

describe("tslab's interface", () => {
  it("shows by this kernel's display", async () => {
    const shown: unknown[] = [];
    const keep = async (value: unknown, id?: string) => {
      shown.push([id, (await formatValue(value)).data]);
    };
    currentDisplay.show = (value, options) => keep(value, options?.displayId && "id");
    currentDisplay.update = (_, value) => keep(value, "update");
    const engine = createCellEngine({ folder: process.cwd() });
    const run = (code: string) => engine.run({ code, executionCount: 1 });
    await run("import * as tslab from 'tslab'; tslab.display.html('<b>x</b>')");
    await run("import { display, newDisplay } from 'tslab'; display.png(new Uint8Array([1, 2]))");
    await run("const d = newDisplay(); d.text('one'); d.markdown('*two*')");
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(shown, [
      [undefined, { "text/plain": "<b>x</b>", "text/html": "<b>x</b>" }],
      [undefined, { "text/plain": "<image/png, 2 bytes>", "image/png": "AQI=" }],
      ["id", { "text/plain": "one" }],
      ["update", { "text/plain": "*two*", "text/markdown": "*two*" }],
    ]);
    assert.equal((await run("tslab.versions.node")).value, process.version);
    assert.equal(replacement.versions.tslab, "1.0.22");
  });
});
