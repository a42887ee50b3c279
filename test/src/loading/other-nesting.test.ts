import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { predictionError, readReference } from "../keras/reference.js";
import { described } from "./cases/case.js";

const FOLDER = path.resolve("test/fixtures/other-nesting");

describe("weights that nest otherwise than the model", () => {
  for (const name of fs.readdirSync(FOLDER))
    it(`${name} go to their layers without a question, with Keras's numbers`, async () => {
      const folder = path.join(FOLDER, name);
      const session = await openModel(path.join(folder, "model.json"));
      const h5 = path.join(folder, "weights.h5");
      await session.fix("F07", "weights", fs.existsSync(h5) ? h5 : path.join(folder, "weights"));
      assert.equal(session.state, "loaded", described(session));
      const error = await predictionError(
        session.finished(),
        readReference(path.join(folder, "reference.json")),
      );
      assert.ok(error < 1e-5, `differs by ${error}`);
    });
});
