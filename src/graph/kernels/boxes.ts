import * as tf from "@tensorflow/tfjs";
import { chooseBoxes } from "../../ops/images/box-suppression.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { intVector } from "./shape.js";

/** Boxes that are chosen by their scores (tensorflow/core/kernels/image/non_max_suppression_op.cc). */
export const boxes: KernelTable = {
  NonMaxSuppression: {
    work: pairsWork,
    host: [0, 1, 2],
    run: (call) => suppress(call, call.attributes.float("iou_threshold", 0.5), -Infinity)[0]!,
  },
  NonMaxSuppressionV2: {
    work: pairsWork,
    host: [0, 1, 2, 3],
    run: (call) => suppress(call, call.number(3), -Infinity)[0]!,
  },
  NonMaxSuppressionV3: {
    work: pairsWork,
    host: [0, 1, 2, 3, 4],
    run: (call) => suppress(call, call.number(3), call.number(4))[0]!,
  },
  NonMaxSuppressionV4: {
    work: pairsWork,
    host: [0, 1, 2, 3, 4],
    run: suppressPadded,
    outputs: ["selected_indices", "valid_outputs"],
  },
  NonMaxSuppressionV5: {
    work: pairsWork,
    host: [0, 1, 2, 3, 4, 5],
    run: suppressSoft,
    outputs: ["selected_indices", "selected_scores", "valid_outputs"],
  },
  NonMaxSuppressionWithOverlaps: {
    work: pairsWork,
    host: "all",
    run: (call) => {
      const [overlaps, scores] = [call.numbers(0), call.numbers(1)];
      const [most, limit, least] = [call.number(2), call.number(3), call.number(4)];
      const shared = (i: number, j: number): number => overlaps[i * scores.length + j]!;
      return intVector(chooseBoxes(shared, scores, most, limit, least).map(({ index }) => index));
    },
  },
  CombinedNonMaxSuppression: {
    host: [0, 1, 2, 3, 4, 5],
    run: suppressCombined,
    outputs: ["nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"],
  },
};

/** Each box may be held against each that is kept. */
function pairsWork(call: OpCall): number {
  const boxes = call.shapeOf(0)[0] ?? 0;
  return boxes * Math.min(boxes, Math.max(0, call.number(2)));
}

function suppress(call: OpCall, overlap: number, least: number): tf.Tensor[] {
  const chosen = chooseBoxes(call.numbers(0), call.numbers(1), call.number(2), overlap, least);
  return [
    tf.tensor1d(
      chosen.map(({ index }) => index),
      "int32",
    ),
  ];
}

function suppressPadded(call: OpCall): tf.Tensor[] {
  const most = call.number(2);
  const chosen = chooseBoxes(call.numbers(0), call.numbers(1), most, call.number(3), call.number(4));
  const indices = chosen.map(({ index }) => index);
  if (call.attributes.bool("pad_to_max_output_size")) while (indices.length < most) indices.push(0);
  return [tf.tensor1d(indices, "int32"), tf.scalar(chosen.length, "int32")];
}

function suppressSoft(call: OpCall): tf.Tensor[] {
  const most = call.number(2);
  const chosen = chooseBoxes(
    call.numbers(0),
    call.numbers(1),
    most,
    call.number(3),
    call.number(4),
    call.number(5),
  );
  const valid = chosen.length;
  if (call.attributes.bool("pad_to_max_output_size"))
    while (chosen.length < most) chosen.push({ index: 0, score: 0 });
  return [
    tf.tensor1d(
      chosen.map(({ index }) => index),
      "int32",
    ),
    tf.tensor1d(
      chosen.map(({ score }) => score),
      "float32",
    ),
    tf.scalar(valid, "int32"),
  ];
}

function suppressCombined(call: OpCall): tf.Tensor[] {
  const [batch, count, q] = call.shapeOf(0) as [number, number, number, number];
  const classes = call.shapeOf(1)[2]!;
  const [boxes, scores] = [call.numbers(0), call.numbers(1)];
  const [perClass, total, overlap, least] = [2, 3, 4, 5].map((i) => call.number(i)) as [
    number,
    number,
    number,
    number,
  ];
  const size = call.attributes.bool("pad_per_class") ? Math.min(total, perClass * classes) : total;
  const clip = call.attributes.bool("clip_boxes", true);
  const out = {
    boxes: [] as number[],
    scores: [] as number[],
    classes: [] as number[],
    valid: [] as number[],
  };
  for (let b = 0; b < batch; b++) {
    const found: { box: number[]; score: number; label: number }[] = [];
    for (let c = 0; c < classes; c++) {
      const own = Array.from({ length: count }, (_, i) =>
        boxes.slice(((b * count + i) * q + (q > 1 ? c : 0)) * 4).slice(0, 4),
      );
      const rated = Array.from({ length: count }, (_, i) => scores[(b * count + i) * classes + c]!);
      for (const { index, score } of chooseBoxes(own.flat(), rated, perClass, overlap, least)) {
        found.push({ box: own[index]!, score, label: c });
      }
    }
    found.sort((x, y) => y.score - x.score);
    const kept = found.slice(0, size);
    out.valid.push(kept.length);
    for (let i = 0; i < size; i++) {
      const { box, score, label } = kept[i] ?? { box: [0, 0, 0, 0], score: 0, label: 0 };
      out.boxes.push(...(clip ? box.map((v) => Math.min(1, Math.max(0, v))) : box));
      out.scores.push(score);
      out.classes.push(label);
    }
  }
  return [
    tf.tensor3d(out.boxes, [batch, size, 4]),
    tf.tensor2d(out.scores, [batch, size]),
    tf.tensor2d(out.classes, [batch, size]),
    tf.tensor1d(out.valid, "int32"),
  ];
}
