import * as tf from "@tensorflow/tfjs";
import { divideNoNan } from "../divide-no-nan.js";
import { graphOp, graphTensor } from "../graph-op.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { OPERATIONS } from "../table.js";
import { axis, float, int, number, tensor, tensors } from "../values.js";

/** tensorflow/python/ops/array_ops.py and math_ops.py: what moves elements, and sums them by the place they go to. */
export const TENSORFLOW_PLACES: TensorFlowFunctions = {
  tensor_scatter_nd_add: ["tensor indices updates", scattered("TensorScatterAdd")],
  tensor_scatter_nd_sub: ["tensor indices updates", scattered("TensorScatterSub")],
  tensor_scatter_nd_max: ["tensor indices updates", scattered("TensorScatterMax")],
  tensor_scatter_nd_min: ["tensor indices updates", scattered("TensorScatterMin")],
  "math.unsorted_segment_max": ["data segment_ids num_segments", segments("UnsortedSegmentMax")],
  "math.unsorted_segment_min": ["data segment_ids num_segments", segments("UnsortedSegmentMin")],
  "math.unsorted_segment_prod": ["data segment_ids num_segments", segments("UnsortedSegmentProd")],
  "math.unsorted_segment_mean": [
    "data segment_ids num_segments",
    (values) => divideNoNan(segments("UnsortedSegmentSum")(values), perSegment(values)),
  ],
  "math.unsorted_segment_sqrt_n": [
    "data segment_ids num_segments",
    (values) => divideNoNan(segments("UnsortedSegmentSum")(values), tf.sqrt(perSegment(values))),
  ],
  space_to_batch_nd: [
    "input block_shape paddings",
    ({ input, block_shape: block, paddings }) =>
      graphTensor("SpaceToBatchND", [tensor(input), int(block), int(paddings)]),
  ],
  batch_to_space: ["input block_shape crops", batchToSpace],
  batch_to_space_nd: ["input block_shape crops", batchToSpace],
  "bitwise.invert": ["x", ({ x }) => graphTensor("Invert", [int(x)])],
  identity_n: ["input", ({ input }) => tensors(input).map((x) => tf.clone(x))],
  shape_n: ["input out_type", ({ input }) => tensors(input).map((x) => tf.tensor1d(x.shape, "int32"))],
  realdiv: ["x y", ({ x, y }) => tf.div(float(x), float(y))],
  "math.scalar_mul": ["scalar x", ({ scalar, x }) => product(scalar, x)],
  scalar_mul: ["scalar x", ({ scalar, x }) => product(scalar, x)],
  "debugging.assert_all_finite": ["x message", ({ x }) => tf.clone(tensor(x))],
  linspace: ["start stop num name axis", spaced],
  linspace_nd: ["start stop num name axis", spaced],
  meshgrid: ["0 1 2 3 4 5 6 7 indexing", grid],
  approx_top_k: [
    "input k reduction_dimension recall_target is_max_k reduction_input_size_override aggregate_to_topk",
    nearlyTop,
  ],
};

function product(scalar: Values[string], x: Values[string]): tf.Tensor {
  return tf.mul(tensor(x), tensor(scalar, tensor(x).dtype));
}

function scattered(op: string): (values: Values) => tf.Tensor {
  return ({ tensor: given, indices, updates }) => {
    const x = tensor(given);
    return graphTensor(op, [x, int(indices), tensor(updates, x.dtype)]);
  };
}

function segments(op: string): (values: Values) => tf.Tensor {
  return ({ data, segment_ids: ids, num_segments: count }) =>
    graphTensor(op, [tensor(data), int(ids), int(count)]);
}

/** How many elements fall into each segment, with an axis for each of what a segment holds. */
function perSegment({ data, segment_ids: ids, num_segments: count }: Values): tf.Tensor {
  const places = int(ids);
  const counts = graphTensor("UnsortedSegmentSum", [tf.ones(places.shape), places, int(count)]);
  return tf.reshape(counts, [
    -1,
    ...tensor(data)
      .shape.slice(places.rank)
      .map(() => 1),
  ]);
}

function batchToSpace({ input, block_shape: block, crops }: Values): tf.Tensor {
  const x = tensor(input);
  const sizes = typeof block === "number" ? [block, block] : block!;
  return graphTensor("BatchToSpaceND", [x, int(sizes), int(crops)]);
}

/** Between tensors along a new axis (math_ops.py, `linspace_nd`). */
function spaced({ start, stop, num, axis: along }: Values): tf.Tensor {
  const [from, to] = [float(start), float(stop)];
  const count = number(num, 1);
  const rank = Math.max(from.rank, to.rank);
  const at = axis(along, rank + 1, 0);
  const share = tf.reshape(
    tf.tensor1d(Array.from({ length: count }, (_, i) => (count === 1 ? 0 : i / (count - 1)))),
    Array.from({ length: rank + 1 }, (_, i) => (i === at ? count : 1)),
  );
  const [first, last] = [tf.expandDims(from, at), tf.expandDims(to, at)];
  return tf.add(first, tf.mul(tf.sub(last, first), share));
}

/** Of lists of coordinates; "xy" turns the first two axes. */
function grid({ indexing, ...given }: Values): tf.Tensor[] {
  const lists = Object.values(given).map((x) => tf.reshape(tensor(x), [-1]));
  return OPERATIONS.get("Meshgrid")!.compute({
    ...Object.fromEntries(lists.map((list, i) => [i, list])),
    indexing: indexing ?? "xy",
  }) as tf.Tensor[];
}

/** What an accelerator takes nearly, everything else takes exactly. */
function nearlyTop({ input, k, reduction_dimension: along, is_max_k: most }: Values): tf.Tensor[] {
  const x = float(input);
  const at = axis(along, x.rank, -1);
  const order = [...x.shape.map((_, i) => i).filter((i) => i !== at), at];
  const back = order.map((_, i) => order.indexOf(i));
  const moved = tf.transpose(most === false ? tf.neg(x) : x, order);
  const [values, places] = graphOp("TopKV2", [moved, int(k)]) as [tf.Tensor, tf.Tensor];
  return [tf.transpose(most === false ? tf.neg(values) : values, back), tf.transpose(places, back)];
}
