import assert from "node:assert/strict";
import fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { plain } from "../../../src/keras/json.js";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { readLoss } from "../../../src/training/losses/loss.js";
import { maskedWeights, meanOverAllSteps, reduceWeighted } from "../../../src/training/losses/reduction.js";
import { readMetric } from "../../../src/training/metrics/table.js";
import { readSchedule } from "../../../src/training/schedules.js";

interface Stored {
  readonly dtype: "float32" | "int32";
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly is: "loss" | "metric" | "schedule";
  readonly on: string;
  readonly saved: { [key: string]: JsonValue };
  readonly value: number;
  readonly weighted: number | null;
  readonly values: number[];
}

interface Fixture {
  readonly pairs: Record<string, { readonly y: Stored; readonly p: Stored }>;
  readonly keras2: Case[];
  readonly keras3: Case[];
}

const FILE = new URL("../../../../test/fixtures/losses.json", import.meta.url);

describe("losses, metrics and schedules", () => {
  const fixture = JSON.parse(fs.readFileSync(FILE, "utf8")) as Fixture;
  const pairOf = (name: string) => {
    const { y, p } = fixture.pairs[name]!;
    const tensor = (stored: Stored) => tf.tensor(stored.values, stored.shape, "float32");
    return [tensor(y), tensor(p), tf.linspace(0.5, 1.5, y.shape[0]!)] as const;
  };

  before(() => tf.setBackend("cpu"));

  for (const version of ["keras2", "keras3"] as const) {
    for (const each of fixture[version]) {
      const config = each.saved["config"] as Record<string, JsonValue>;
      const name = `${version} ${String(each.saved["class_name"])} ${JSON.stringify(config).slice(0, 60)}`;
      if (each.is === "loss") it(name, () => tf.tidy(() => checkLoss(each)));
      else if (each.is === "metric") it(name, () => tf.tidy(() => checkMetric(each)));
      else it(name, () => checkSchedule(each));
    }
  }

  function checkLoss({ saved, on, value, weighted }: Case): void {
    const loss = readLoss(plain(saved), new Map());
    assert.ok(loss);
    const [y, p, w] = pairOf(on);
    near(reduceWeighted(loss.values(y, p), null, loss.reduction).dataSync()[0]!, value);
    if (weighted !== null)
      near(reduceWeighted(loss.values(y, p), w, loss.reduction).dataSync()[0]!, weighted);
  }

  function checkMetric({ saved, on, value, weighted }: Case): void {
    const metric = readMetric(plain(saved), new Map());
    assert.ok(metric);
    const [y, p, w] = pairOf(on);
    const overBatches = (weights: tf.Tensor | null) => {
      const part = (x: tf.Tensor, at: number, size: number) => tf.slice(x, at, size);
      const sums = (
        [
          [0, 4],
          [4, 2],
        ] as const
      ).map(([at, size]) =>
        metric.increments(part(y, at, size), part(p, at, size), weights && part(weights, at, size)),
      );
      return metric.result(sums[0]!.map((sum, i) => tf.add(sum, sums[1]![i]!))).dataSync()[0]!;
    };
    near(overBatches(null), value);
    if (weighted !== null) near(overBatches(w), weighted);
  }
});

describe("the mean of a masked loss", () => {
  it("by the weights of samples counts those of an ignored class neither above nor below", () => {
    const config = { from_logits: true, ignore_class: 1, reduction: "mean_with_sample_weight" };
    const loss = readLoss({ class_name: "SparseCategoricalCrossentropy", config }, new Map())!;
    const logits = tf.tensor2d([1, 2, 0, 0, 1, 3, 2, 0, 1, -1, 1, 0], [4, 3]);
    const weights = tf.tensor1d([0.5, 2, 1, 0.25]);
    const found = reduceWeighted(loss.values(tf.tensor1d([0, 1, 2, 2]), logits), weights, loss.reduction);
    // Of keras.losses in Keras 3.15.
    assert.ok(Math.abs(found.dataSync()[0]! - 1.407606) < 1e-5);
  });

  const values = tf.tensor2d([[1, 2, 4, 9]]);
  const mask = tf.tensor2d([[1, 1, 1, 0]]);
  // Three of four steps are kept.
  for (const [version, expected] of [
    ["2.1.6-tf", 7 / 3],
    ["2.2.4", 7 / 3],
    ["2.2.4-tf", 7 / 4],
    ["2.3.1", 7 / 4],
    ["2.8.0", 7 / 4],
    ["2.10.0", 7 / 3],
    ["3.15.1", 7 / 3],
    [null, 7 / 3],
  ] as const) {
    it(`of Keras ${version ?? "without a version"}`, () => {
      const weights = maskedWeights(null, mask, "sum_over_batch_size", meanOverAllSteps(version));
      near(reduceWeighted(values, weights, "sum_over_batch_size").dataSync()[0]!, expected);
    });
  }
});

function checkSchedule({ saved, values }: Case): void {
  const schedule = readSchedule(plain(saved));
  assert.ok(schedule);
  values.forEach((value, step) => near(schedule(step), value));
}

function near(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= 2e-5 * Math.max(1, Math.abs(expected)),
    `${actual} instead of ${expected}`,
  );
}
