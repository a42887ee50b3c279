import * as tf from "@tensorflow/tfjs";
import { beamSearch } from "./beam-search.js";
import { operation, type Operation, type Values } from "../operation.js";
import { float, int, number } from "../values.js";

/** What stands where a path has no label left. */
const NONE = -1;

interface Path {
  readonly labels: readonly number[];
  readonly score: number;
}

/**
 * keras/ops/nn.py `ctc_decode`: scores [batch, steps, classes] and lengths [batch] to labels [paths, batch, steps],
 * -1 after their end, and the score of each path [batch, paths].
 */
export const CTC_DECODE: Operation = operation("CTCDecode", "inputs sequence_lengths", (values) => {
  const scores = float(values["inputs"]);
  const [batch, steps, classes] = scores.shape as [number, number, number];
  const lengths = int(values["sequence_lengths"]).dataSync();
  const rows = scores.arraySync() as number[][][];
  const beam = (values["strategy"] ?? "greedy") === "beam_search";
  const count = beam ? number(values["top_paths"], 1) : 1;
  const found = rows.map((row, b) => {
    const own = row.slice(0, Math.min(steps, lengths[b]!));
    return beam ? likeliest(own, classes, count, values) : [greedy(own, classes, values)];
  });
  const labels = Array.from({ length: count }, (_, k) =>
    found.map((paths) => Array.from({ length: steps }, (_, t) => paths[k]?.labels[t] ?? NONE)),
  );
  const said = found.map((paths) => Array.from({ length: count }, (_, k) => paths[k]?.score ?? -Infinity));
  return [
    tf.tensor(labels.flat(2), [count, batch, steps], "int32"),
    tf.tensor(said.flat(), [batch, count], "float32"),
  ];
});

function blankOf(values: Values, classes: number): number {
  const blank = number(values["mask_index"], classes - 1);
  return blank < 0 ? blank + classes : blank;
}

function greedy(steps: readonly (readonly number[])[], classes: number, values: Values): Path {
  const blank = blankOf(values, classes);
  const merge = values["merge_repeated"] !== false;
  const best = steps.map((step) => step.reduce((at, value, c) => (value > step[at]! ? c : at), 0));
  const labels = best.filter((label, t) => label !== blank && !(merge && label === best[t - 1]));
  return { labels, score: -steps.reduce((sum, step, t) => sum + step[best[t]!]!, 0) };
}

function likeliest(
  steps: readonly (readonly number[])[],
  classes: number,
  count: number,
  values: Values,
): Path[] {
  const blank = blankOf(values, classes);
  const last = steps.map((step) => [...step.filter((_, c) => c !== blank), step[blank]!]);
  const paths = beamSearch(last, number(values["beam_width"], 100)).slice(0, count);
  return paths.map(({ labels, score }) => ({
    labels: labels.map((label) => (label >= blank ? label + 1 : label)),
    score,
  }));
}
