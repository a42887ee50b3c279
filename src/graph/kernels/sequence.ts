import * as tf from "@tensorflow/tfjs";
import type { KernelTable, OpCall } from "../kernel.js";
import { beamSearch } from "../../ops/ctc/beam-search.js";
import { intVector } from "./shape.js";
import { elementTexts } from "./lookup.js";

/** Labels along time: decoding what a recognizer gives, and distances between sequences. */
export const sequence: KernelTable = {
  CTCGreedyDecoder: {
    host: [0, 1],
    run: greedyDecoder,
    outputs: ["decoded_indices", "decoded_values", "decoded_shape", "log_probability"],
  },
  CTCBeamSearchDecoder: { host: [0, 1], run: beamSearchDecoder },
  EditDistance: { host: "all", run: editDistance },
};

/** Inputs: logits of shape [time, batch, classes], lengths. The last class is the blank, unless said otherwise. */
function greedyDecoder(call: OpCall): tf.Tensor[] {
  const [, batch, classes] = call.shapeOf(0) as [number, number, number];
  const logits = call.numbers(0);
  const { attributes } = call;
  const asked = attributes.int("blank_index", -1);
  const blank = asked < 0 ? classes + asked : asked;
  const merge = attributes.bool("merge_repeated");
  const scores: number[] = [];
  const rows = call.numbers(1).map((length, b) => {
    let before = -1;
    let score = 0;
    const labels: number[] = [];
    for (let t = 0; t < length; t++) {
      const own = logits.slice((t * batch + b) * classes, (t * batch + b + 1) * classes);
      const best = own.reduce((at, value, c) => (value > own[at]! ? c : at), 0);
      score -= own[best]!;
      if (best !== blank && !(merge && best === before)) labels.push(best);
      before = best;
    }
    scores.push(score);
    return labels;
  });
  return [...sparseLabels(rows), tf.tensor2d(scores, [batch, 1])];
}

/** Inputs: logits of shape [time, batch, classes], lengths. Outputs: indices, values and shapes of each path. */
function beamSearchDecoder(call: OpCall): tf.Tensor[] {
  const { attributes } = call;
  const paths = attributes.int("top_paths", 1);
  const rows = call.numbers(1).map((length, b) => {
    const beams = beamSearch(logitsOf(call, b, length), attributes.int("beam_width", 100));
    if (beams.length < paths)
      throw call.error("G11", `it asks for ${paths} paths of the ${beams.length} there are`);
    return beams.slice(0, paths);
  });
  const outputs = Array.from({ length: paths }, (_, path) =>
    sparseLabels(
      rows.map((beams) =>
        attributes.bool("merge_repeated", true)
          ? beams[path]!.labels.filter((label, i, all) => i === 0 || label !== all[i - 1])
          : beams[path]!.labels,
      ),
    ),
  );
  const scores = rows.flatMap((beams) => beams.map(({ score }) => score));
  return [
    ...[0, 1, 2].flatMap((part) => outputs.map((output) => output[part]!)),
    tf.tensor2d(scores, [rows.length, paths]),
  ];
}

function logitsOf(call: OpCall, b: number, length: number): number[][] {
  const [, batch, classes] = call.shapeOf(0) as [number, number, number];
  const logits = call.numbers(0);
  return Array.from({ length }, (_, t) =>
    logits.slice((t * batch + b) * classes, (t * batch + b + 1) * classes),
  );
}

/** Indices, values and shape of sequences as a sparse tensor. */
function sparseLabels(rows: readonly (readonly number[])[]): tf.Tensor[] {
  const indices = rows.flatMap((row, r) => row.flatMap((_, c) => [r, c]));
  const widest = rows.reduce((most, row) => Math.max(most, row.length), 0);
  return [
    tf.tensor2d(Int32Array.from(indices), [indices.length / 2, 2], "int32"),
    intVector(rows.flat()),
    intVector([rows.length, widest]),
  ];
}

/** Levenshtein's distance between sparse sequences: hypothesis, then truth. */
function editDistance(call: OpCall): tf.Tensor {
  const shape = call.numbers(5);
  const outer = shape.slice(0, -1);
  const [made, truth] = [sequencesOf(call, 0, outer), sequencesOf(call, 3, outer)];
  const normalize = call.attributes.bool("normalize", true);
  const distances = truth.map((wanted, i) => {
    const distance = levenshtein(made[i]!, wanted);
    if (!normalize) return distance;
    return wanted.length > 0 ? distance / wanted.length : made[i]!.length > 0 ? Infinity : 0;
  });
  return tf.tensor(distances, outer, "float32");
}

function sequencesOf(call: OpCall, from: number, outer: readonly number[]): string[][] {
  const rank = outer.length + 1;
  const places = call.numbers(from);
  const rows = Array.from({ length: outer.reduce((n, dim) => n * dim, 1) }, (): string[] => []);
  elementTexts(call, from + 1).forEach((text, i) => {
    const row = outer.reduce((at, dim, d) => at * dim + places[i * rank + d]!, 0);
    rows[row]?.push(text);
  });
  return rows;
}

function levenshtein(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((item, i) => {
    const next = [i + 1];
    b.forEach((other, j) =>
      next.push(Math.min(row[j]! + (item === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1)),
    );
    row = next;
  });
  return row.at(-1)!;
}
