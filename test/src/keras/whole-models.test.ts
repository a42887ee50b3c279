import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { openModel } from "./open-model.js";
import { startOn } from "./start-on.js";
import { predictionError, readReference } from "./reference.js";

const FOLDER = "test/fixtures/whole-models";

describe("whole models of both majors on the cpu back end", () => {
  before(() => startOn("cpu"));
  for (const file of readdirSync(FOLDER).filter((name) => /\.(h5|keras)$/.test(name))) {
    it(file, async () => {
      const { model, findings } = await openModel(`${FOLDER}/${file}`);
      assert.deepEqual(findings, []);
      const error = await predictionError(
        model!,
        readReference(`${FOLDER}/${file.replace(/(h5|keras)$/, "json")}`),
      );
      assert.ok(error < 1e-5, `largest error ${error}`);
    });
  }
});
