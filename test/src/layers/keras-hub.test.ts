import assert from "node:assert/strict";
import { knownLayerFor, openModel } from "../../../src/index.js";
import { startOn } from "../keras/start-on.js";
import { predictionError, readReference } from "../keras/reference.js";

const FOLDER = "test/fixtures/keras-hub";

/** Opens a model, and takes each class that is offered as that of the public package. */
async function opened(file: string) {
  const session = await openModel(`${FOLDER}/${file}`);
  for (;;) {
    const problem = session.waiting[0];
    if (!problem) return session;
    assert.equal(problem.remedies[0]?.id, "known", `${problem.code} ${problem.found}`);
    assert.match(problem.remedies[0].title, /keras-hub/);
    await session.fix(problem.subject!, "known");
  }
}

describe("layers of keras-hub", () => {
  before(() => startOn("cpu"));

  for (const name of ["translator", "encoder", "scores", "positions", "masked"]) {
    for (const ending of ["keras", "h5"]) {
      it(`give its numbers from ${name}.${ending}`, async () => {
        const { model } = await opened(`${name}.${ending}`);
        const error = await predictionError(model!, readReference(`${FOLDER}/${name}.json`));
        assert.ok(error < 1e-5, `${error}`);
        model!.dispose();
      });
    }
  }

  it("are those that the package registered; a class of that name alone is the tutorials'", () => {
    const of = (className: string, registeredName: string | null = null) =>
      knownLayerFor({ className, registeredName })?.source ?? null;
    assert.match(of("keras_nlp>TransformerEncoder")!, /keras-hub/);
    assert.match(of("TransformerEncoder", "keras_hub>TransformerEncoder")!, /keras-hub/);
    assert.match(of("TransformerEncoder", "Custom>TransformerEncoder")!, /keras-io/);
    assert.equal(of("keras_hub>InstanceNormalization"), null);
  });
});
