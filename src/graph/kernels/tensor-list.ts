import * as tf from "@tensorflow/tfjs";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { TensorStore } from "../resources.js";
import { tensorType } from "../tensors.js";
import {
  release,
  retain,
  StringTensor,
  TensorList,
  tensorsOf,
  Variant,
  Variants,
  WideIntegers,
  type GraphValue,
  type ListItem,
} from "../value.js";
import { integersOf } from "./integers.js";
import { moveElements } from "./text-shapes.js";

/** tensorflow/core/ops/list_ops.cc (TF2) and the TensorArray and stack ops of data_flow_ops.cc (TF1). */
export const tensorLists: KernelTable = {
  EmptyTensorList: { host: [0, 1], run: (call) => newList(call, [], 0) },
  TensorListReserve: {
    host: [0, 1],
    run: (call) => newList(call, new Array<null>(call.checkedShape([call.number(1)])[0]!).fill(null), 0),
  },
  TensorListFromTensor: { host: [1], run: fromTensor },
  TensorListPushBack: { run: pushBack },
  TensorListPopBack: { run: popBack, outputs: ["output_handle", "tensor"] },
  TensorListGetItem: { host: [1, 2], run: (call) => itemOf(call, call.list(0), call.number(1)) },
  TensorListSetItem: { host: [1], run: setItem },
  TensorListLength: { run: (call) => tf.scalar(call.list(0).items.length, "int32") },
  TensorListConcatLists: {
    run: (call) => {
      const [a, b] = [call.list(0).copy(), call.list(1).copy()];
      [...a.items, ...b.items].forEach(keepItem);
      return new TensorList([...a.items, ...b.items], a.elementShape, a.elementType);
    },
  },
  TensorListResize: { host: [1], run: resize },
  TensorListElementShape: {
    run: (call) => tf.tensor1d([...(call.list(0).elementShape ?? [])], "int32"),
  },
  TensorListStack: { host: [1], run: (call) => stackItems(call, call.list(0)) },
  TensorListGather: { host: [1, 2], run: gatherItems },
  TensorListScatter: { host: [1, 2], run: (call) => scatter(call, newList(call, [], 2), call.numbers(1)) },
  TensorListScatterV2: { host: [1, 2, 3], run: scatterV2 },
  TensorListScatterIntoExistingList: {
    host: [2],
    run: (call) => scatterItems(call, owned(call, 0), call.value(1) as tf.Tensor, call.numbers(2)),
  },
  TensorListConcat: { run: concatItems, outputs: ["tensor", "lengths"] },
  TensorListConcatV2: { host: [1, 2], run: concatItems, outputs: ["tensor", "lengths"] },
  TensorListSplit: { host: [1, 2], run: splitItems },
  TensorArrayV3: { host: [0], run: newArray, volatile: true, effect: false, outputs: ["handle", "flow"] },
  TensorArrayWriteV3: { host: [1], run: writeArray, effect: true },
  TensorArrayReadV3: { host: [1], run: (call) => readArray(call, call.number(1)), volatile: true },
  TensorArrayGatherV3: { host: [1], run: gatherArray, volatile: true },
  TensorArrayScatterV3: { host: [1], run: scatterArray, effect: true },
  TensorArraySizeV3: { run: (call) => tf.scalar(call.store(0).items.length, "int32"), volatile: true },
  TensorArrayConcatV3: { run: concatArray, volatile: true, outputs: ["value", "lengths"] },
  TensorArraySplitV3: { host: [2], run: splitArray, effect: true },
  TensorArrayGradV3: {
    run: gradientArray,
    volatile: true,
    effect: false,
    outputs: ["grad_handle", "flow_out"],
  },
  TensorArrayGradWithShape: {
    run: gradientArray,
    volatile: true,
    effect: false,
    outputs: ["grad_handle", "flow_out"],
  },
  TensorArrayCloseV3: { run: () => [], effect: true },
  StackV2: { run: (call) => new TensorStore(call.step.name, 0, true), volatile: true },
  StackPushV2: { run: stackPush, effect: true },
  StackPopV2: { run: stackPop, effect: true },
  StackCloseV2: { run: () => [], effect: true },
};

/** A value that a list keeps: out of reach of the scopes in which it was made. */
function owned(call: OpCall, index: number): TensorList {
  const list = call.take(index) as TensorList;
  if (!list.shared) return list;
  const copy = list.copy();
  list.release();
  copy.items.forEach(keepItem);
  return copy;
}

export function keepItem(item: ListItem | null): void {
  if (item !== null) tensorsOf(item).forEach((tensor) => tf.keep(tensor));
}

function itemToKeep(value: GraphValue): ListItem {
  const item = retain(value) as ListItem;
  keepItem(item);
  return item;
}

function newList(call: OpCall, items: null[], shapeInput: number): TensorList {
  const shape = call.numbers(shapeInput);
  // A scalar -1 is an unknown rank.
  const known = call.shapeOf(shapeInput).length === 0 ? null : shape;
  return new TensorList(items, known, tensorType(call.attributes.type("element_dtype")));
}

function fromTensor(call: OpCall): TensorList {
  const given = call.value(0);
  const items =
    given instanceof Variants
      ? given.rows().map((row) => retain(row))
      : (moveElements(call, (input) => tf.unstack(input(0))) as ListItem[]);
  const list = new TensorList(
    items,
    call.shapeOf(0).slice(1),
    tensorType(call.attributes.type("element_dtype")),
  );
  list.items.forEach(keepItem);
  return list;
}

function pushBack(call: OpCall): TensorList {
  const list = owned(call, 0);
  list.items.push(itemToKeep(call.value(1)));
  return list;
}

function popBack(call: OpCall): GraphValue[] {
  const list = owned(call, 0);
  const item = list.items.pop();
  if (item === undefined) throw call.error("G11", "it takes from an empty list");
  return [list, item ?? emptyItem(call, list)];
}

function setItem(call: OpCall): TensorList {
  const index = call.number(1);
  const list = owned(call, 0);
  if (index >= list.items.length && call.attributes.bool("resize_if_index_out_of_bounds")) {
    call.checkedShape([index + 1]);
    while (list.items.length <= index) list.items.push(null);
  }
  if (index < 0 || index >= list.items.length) {
    throw call.error("G11", `item ${index} is outside a list of ${list.items.length}`);
  }
  const before = list.items[index];
  list.items[index] = itemToKeep(call.value(2));
  if (before) release(before);
  return list;
}

function itemOf(call: OpCall, list: TensorList, index: number): GraphValue {
  if (index < 0 || index >= list.items.length) {
    throw call.error("G11", `item ${index} is outside a list of ${list.items.length}`);
  }
  const item = list.items[index];
  return item ? retain(item) : emptyItem(call, list);
}

/** An item that was never written is zeros of the list's element shape, or of the other items'. */
function emptyItem(call: OpCall, list: TensorList): GraphValue {
  const written = list.items.find((item) => item !== null);
  const shape = (written instanceof tf.Tensor ? written.shape : list.elementShape) ?? [];
  if (shape.some((dim) => dim < 0)) throw call.error("G11", "it reads an item that was never written");
  if (list.elementType === "string") {
    return new StringTensor(
      shape,
      new Array<Uint8Array>(shape.reduce((n, d) => n * d, 1)).fill(new Uint8Array(0)),
    );
  }
  return tf.zeros([...shape], list.elementType);
}

function resize(call: OpCall): TensorList {
  const size = call.checkedShape([call.number(1)])[0]!;
  const list = owned(call, 0);
  while (list.items.length > size) {
    const item = list.items.pop();
    if (item) release(item);
  }
  while (list.items.length < size) list.items.push(null);
  return list;
}

function stackItems(call: OpCall, list: TensorList): KernelResult {
  if (list.items.length > 0)
    return stackValues(list.items.map((item) => item ?? (emptyItem(call, list) as ListItem)));
  const asked = call.numbers(1).length > 0 ? call.numbers(1) : (list.elementShape ?? []);
  const shape = asked.map((dim) => Math.max(0, dim));
  return list.elementType === "string"
    ? new StringTensor([0, ...shape], [])
    : tf.zeros([0, ...shape], list.elementType);
}

function stackValues(items: readonly ListItem[]): GraphValue {
  const first = items[0]!;
  if (first instanceof Variant || first instanceof Variants)
    return retain(Variants.stack(items as (Variant | Variants)[]));
  if (first instanceof StringTensor) {
    return new StringTensor(
      [items.length, ...first.shape],
      items.flatMap((item) => (item as StringTensor).values),
    );
  }
  if (items.some((item) => item instanceof WideIntegers))
    return stackWide(items as (tf.Tensor | WideIntegers)[]);
  return tf.stack(items as tf.Tensor[]);
}

function stackWide(items: readonly (tf.Tensor | WideIntegers)[]): GraphValue {
  const values = items.flatMap((item) =>
    item instanceof WideIntegers ? [...item.values] : Array.from(item.dataSync(), (value) => BigInt(value)),
  );
  return integersOf(values, [items.length, ...items[0]!.shape]);
}

function gatherItems(call: OpCall): KernelResult {
  const list = call.list(0);
  const chosen = call.numbers(1).map((index) => list.items[index] ?? (emptyItem(call, list) as ListItem));
  if (chosen.length > 0) return stackValues(chosen);
  return tf.zeros([0, ...(list.elementShape ?? []).map((dim) => Math.max(0, dim))], list.elementType);
}

function scatter(call: OpCall, list: TensorList, indices: readonly number[]): TensorList {
  return scatterItems(call, list, call.value(0) as tf.Tensor, indices);
}

function scatterV2(call: OpCall): TensorList {
  const list = newList(call, [], 2);
  const size = call.number(3);
  while (list.items.length < size) list.items.push(null);
  return scatter(call, list, call.numbers(1));
}

function scatterItems(
  call: OpCall,
  list: TensorList,
  values: tf.Tensor | StringTensor,
  indices: readonly number[],
): TensorList {
  call.checkedShape([Math.max(0, ...indices) + 1]);
  const rows = unstack(values);
  indices.forEach((index, row) => {
    while (list.items.length <= index) list.items.push(null);
    list.items[index] = itemToKeep(rows[row]!);
  });
  return list;
}

function unstack(values: tf.Tensor | StringTensor): ListItem[] {
  if (!(values instanceof StringTensor)) return tf.unstack(values);
  const [rows = 0, ...shape] = values.shape;
  const size = shape.reduce((n, dim) => n * dim, 1);
  return Array.from(
    { length: rows },
    (_, i) => new StringTensor(shape, values.values.slice(i * size, (i + 1) * size)),
  );
}

function concatItems(call: OpCall): GraphValue[] {
  const items = call.list(0).items.filter((item) => item instanceof tf.Tensor);
  if (items.length === 0) return [tf.zeros([0], call.list(0).elementType), tf.tensor1d([], "int32")];
  const lengths = items.map((item) => item.shape[0]!);
  return [items.length === 1 ? tf.clone(items[0]!) : tf.concat(items, 0), tf.tensor1d(lengths, "int32")];
}

function splitItems(call: OpCall): TensorList {
  const lengths = call.numbers(2);
  const items = tf.split(call.tensor(0), lengths, 0);
  items.forEach(keepItem);
  const shape = call.shapeOf(0).slice(1);
  return new TensorList(items, [-1, ...shape], tensorType(call.attributes.type("element_dtype")));
}

function newArray(call: OpCall): GraphValue[] {
  const size = call.checkedShape([call.number(0)])[0]!;
  const store = new TensorStore(call.step.name, size, call.attributes.bool("clear_after_read", true));
  return [store, tf.scalar(0)];
}

/** An array of the same length, one for each source that asks: what is written to one place twice is summed. */
function gradientArray(call: OpCall): GraphValue[] {
  return [call.store(0).gradient(call.attributes.text("source")), tf.scalar(0)];
}

function writeArray(call: OpCall): GraphValue {
  const store = call.store(0);
  const index = call.checkedShape([call.number(1)])[0]!;
  writeAt(store, index, call.value(2) as ListItem);
  return tf.scalar(0);
}

function writeAt(store: TensorStore, index: number, value: ListItem): void {
  while (store.items.length <= index) store.items.push(null);
  const before = store.items[index];
  const summed = store.forward !== null && before instanceof tf.Tensor && value instanceof tf.Tensor;
  store.write(index, summed ? tf.add(before, value) : value);
}

function readArray(call: OpCall, index: number): GraphValue {
  const store = call.store(0);
  const item = store.items[index] ?? noGradient(store, index);
  if (!item) throw call.error("G11", `item ${index} was never written`);
  return retain(item);
}

/** Nothing came back to a place of the forward array: its gradient is 0. */
function noGradient(store: TensorStore, index: number): tf.Tensor | null {
  const item = store.forward?.items[index];
  return item instanceof tf.Tensor ? tf.zerosLike(item) : null;
}

function gatherArray(call: OpCall): KernelResult {
  const store = call.store(0);
  const items = call.numbers(1).map((index) => store.items[index] ?? noGradient(store, index));
  if (items.some((item) => !item)) throw call.error("G11", "it gathers items that were never written");
  if (items.length > 0) return stackValues(items as ListItem[]);
  const shape = (call.attributes.shape("element_shape") ?? []).map((dim) => Math.max(0, dim));
  return tf.zeros([0, ...shape], tensorType(call.attributes.type("dtype")));
}

function scatterArray(call: OpCall): GraphValue {
  const store = call.store(0);
  const rows = unstack(call.value(2) as tf.Tensor);
  call.numbers(1).forEach((index, row) => writeAt(store, index, rows[row]!));
  return tf.scalar(0);
}

function concatArray(call: OpCall): GraphValue[] {
  const store = call.store(0);
  const items = store.items
    .map((item, i) => item ?? noGradient(store, i))
    .filter((item) => item instanceof tf.Tensor);
  return [
    tf.concat(items, 0),
    tf.tensor1d(
      items.map((item) => item.shape[0]!),
      "int32",
    ),
  ];
}

function splitArray(call: OpCall): GraphValue {
  const store = call.store(0);
  const parts = tf.split(call.tensor(1), call.numbers(2), 0);
  parts.forEach((part, i) => writeAt(store, i, part));
  return tf.scalar(0);
}

function stackPush(call: OpCall): GraphValue {
  const store = call.store(0);
  store.items.push(null);
  store.write(store.items.length - 1, call.value(1) as ListItem);
  return call.take(1);
}

function stackPop(call: OpCall): GraphValue {
  const item = call.store(0).items.pop();
  if (!item) throw call.error("G11", "it takes from an empty stack");
  return item;
}

/** A list of zeros, as gradients of loops begin with; an element that was never set stays so. */
export function zeroList(list: TensorList): TensorList {
  return mapped(list, (item) => {
    if (item instanceof TensorList) return zeroList(item);
    return item instanceof tf.Tensor ? tf.zerosLike(item) : item && retain(item);
  });
}

/** Sums element by element, as gradients that meet in a loop are; what was never set counts as 0. */
export function addLists(call: OpCall, lists: readonly TensorList[]): TensorList {
  const [first] = lists as [TensorList];
  const uneven = lists.find(({ items }) => items.length !== first.items.length);
  if (uneven !== undefined)
    throw call.error("G11", `its lists have ${first.items.length} and ${uneven.items.length} elements`);
  return mapped(first, (_, i) => {
    const present = lists.map(({ items }) => items[i] ?? null).filter((item) => item !== null);
    const tensors = present.filter((item) => item instanceof tf.Tensor);
    const inner = present.filter((item) => item instanceof TensorList);
    if (tensors.length > 0) return tensors.length === 1 ? tf.clone(tensors[0]!) : tf.addN(tensors);
    return inner.length > 0 ? addLists(call, inner) : null;
  });
}

function mapped(list: TensorList, change: (item: ListItem | null, i: number) => ListItem | null): TensorList {
  const items = list.items.map(change);
  items.forEach(keepItem);
  return new TensorList(items, list.elementShape, list.elementType);
}
