import assert from "node:assert/strict";
import { readCompileConfig } from "../../../src/training/compile-config.js";
import { flag } from "../../../src/training/config-values.js";
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

  it("and truths as well, also in what stands in quotes of a loss's weight", () => {
    const truths = { yes: "True", one: 1, no: "false", none: "none" };
    const read = Object.keys(truths).map((key) => flag(truths, key, true));
    assert.deepEqual(read, [true, true, false, true]);
    const outputs = [["a"], ["b"]];
    const saved = { loss: ["mse", "mse"], loss_weights: [1, "2"] };
    const { losses } = readCompileConfig(saved, outputs, new Map(), { major: 3, version: "3.15.0" });
    assert.deepEqual(
      losses.map((one) => one?.weight),
      [1, 2],
    );
  });
});
