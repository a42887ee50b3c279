import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel, saveModel } from "../../../src/index.js";
import { functional, layer } from "../loading/cases/parts.js";
import { writeHdf5 } from "../loading/cases/write.js";

/** `lambda x: x / 127.5 - 1.0` and `lambda x: (x - 0.5) * 2`, by Python 3.9. */
const [SCALED, SHIFTED] = (
  JSON.parse(fs.readFileSync("test/fixtures/lambdas.json", "utf8")) as {
    cases: { code: Record<string, string> }[];
  }
).cases.map(({ code }) => ({ function: [code["3.9"]!, null, null], function_type: "lambda", arguments: {} }));

describe("the Python module beside a saved model", () => {
  it("says what each Lambda's bytecode computes, in comments of one line whatever the layer is called", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "skeletons-"));
    try {
      const odd = "b\nraise SystemExit";
      const layers: Parameters<typeof functional>[2] = [
        [layer("Lambda", "a", SCALED!), "x"],
        [layer("Lambda", odd, SHIFTED!), "a"],
      ];
      const file = await writeHdf5(path.join(folder, "m.h5"), functional(2, { x: [null, 4] }, layers, [odd]));
      const session = await openModel(file);
      await session.fixAll();
      await saveModel(session.finished(), path.join(folder, "saved.keras"));
      const module = fs.readFileSync(path.join(folder, "saved_layers.py"), "utf8").split("\n");
      assert.ok(module.includes("        # a: lambda x: x / 127.5 - 1"), module.join("\n"));
      assert.ok(module.includes("        # b?raise SystemExit: lambda x: (x - 0.5) * 2"));
      assert.ok(!module.some((line) => line.trimStart().startsWith("raise SystemExit")));
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
