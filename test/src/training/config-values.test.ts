import assert from "node:assert/strict";
import { readOptimizer } from "../../../src/training/optimizers/table.js";

describe("numbers of a saved optimizer", () => {
  it("may be texts; what is no number is not taken for one", () => {
    const settings = (config: Record<string, string | number>) =>
      readOptimizer({ class_name: "Adam", config }, 3)!.settings;
    const read = settings({ learning_rate: "0.05", clipnorm: "2", weight_decay: "1e-2" });
    assert.deepEqual([read.learningRate, read.clipnorm, read.weightDecay], [0.05, 2, 0.01]);
    const unread = settings({ learning_rate: 0.05, clipnorm: "", weight_decay: "none" });
    assert.deepEqual([unread.clipnorm, unread.weightDecay], [null, 0]);
  });
});
