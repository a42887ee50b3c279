import { types } from "node:util";
import {
  describe,
  isLayer,
  isModel,
  isTensor,
  type LayerLike,
  type TensorLike,
} from "../../cells/values/describe.js";

/** Something that the variables view lists below a value. */
export type Child = (
  | { readonly name: string; readonly value: unknown }
  /** Run only when the user opens it. */
  | { readonly name: string; readonly getter: () => unknown }
  /** Part of a long list. */
  | { readonly name: string; readonly group: () => readonly Child[]; readonly text: string }
) & {
  /** Absent where the value does not stand anywhere. */
  readonly set?: (value: unknown) => void;
};

/** Lists longer than this are shown in groups of so many. */
const GROUP = 100;

/** What a value consists of, in the order in which it is shown. */
export function children(value: object): readonly Child[] {
  if (types.isProxy(value)) return [];
  if (isTensor(value)) return tensorChildren(value);
  if (isModel(value)) return [...modelChildren(value), ...properties(value)];
  if (isLayer(value)) return [...layerChildren(value), ...properties(value)];
  if (types.isMap(value)) return mapChildren(value);
  if (types.isSet(value)) return indexed(Object.freeze([...value]));
  if (types.isTypedArray(value)) return indexed(value as unknown as readonly unknown[]);
  if (Array.isArray(value)) return [...indexed(value), ...properties(value, /^(?:\d+|length)$/)];
  if (types.isNativeError(value)) return errorChildren(value);
  return [...properties(value), ...inheritedGetters(value)];
}

/** Whether there is anything to open; cheap. */
export function hasChildren(value: unknown): value is object {
  if (value === null || (typeof value !== "object" && typeof value !== "function") || types.isProxy(value))
    return false;
  if (typeof value === "function") return Object.keys(value).length > 0;
  if (types.isTypedArray(value) || Array.isArray(value)) return value.length > 0;
  if (types.isMap(value) || types.isSet(value)) return value.size > 0;
  return (
    isTensor(value) ||
    types.isPromise(value) ||
    types.isNativeError(value) ||
    Reflect.ownKeys(value).length > 0 ||
    inheritedGetters(value).length > 0
  );
}

function indexed(list: ArrayLike<unknown>, from = 0, to = list.length): Child[] {
  const each = (start: number, end: number) =>
    Array.from({ length: end - start }, (_, at): Child => item(list, start + at));
  if (to - from <= GROUP) return each(from, to);
  let size = GROUP;
  while ((to - from) / size > GROUP) size *= GROUP;
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, at): Child => {
    const start = from + at * size;
    const end = Math.min(start + size, to);
    return { name: `[${start} … ${end - 1}]`, text: "", group: () => indexed(list, start, end) };
  });
}

function item(list: ArrayLike<unknown>, index: number): Child {
  const property = Object.getOwnPropertyDescriptor(list, index);
  const set = setter(list, index);
  if (property?.get) return { name: String(index), getter: () => list[index], set };
  return { name: String(index), value: property ? property.value : undefined, set };
}

/** Of an object's own property. */
export function setter(object: object, key: PropertyKey): (value: unknown) => void {
  return (value) => {
    if (!Reflect.set(object, key, value)) throw new TypeError(`'${String(key)}' cannot be set.`);
  };
}

function mapChildren(map: Map<unknown, unknown>): Child[] {
  const entries = [...map].map(([key, value]): Child => {
    const set = (next: unknown) => void map.set(key, next);
    return typeof key === "object" && key !== null
      ? { name: describe(key).value, value: { key, value }, set }
      : { name: describe(key).value, value, set };
  });
  return grouped(entries);
}

function grouped(entries: readonly Child[]): Child[] {
  if (entries.length <= GROUP) return [...entries];
  return Array.from({ length: Math.ceil(entries.length / GROUP) }, (_, at): Child => {
    const part = entries.slice(at * GROUP, (at + 1) * GROUP);
    return { name: `[${at * GROUP} … ${at * GROUP + part.length - 1}]`, text: "", group: () => part };
  });
}

/** What Node writes on promises while the kernel tells cells apart. */
const BOOKKEEPING = /^Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)$/;

/** Own properties, data first by their order; accessors are not run. */
function properties(object: object, without = /^$/): Child[] {
  const children: Child[] = [];
  for (const key of Reflect.ownKeys(object)) {
    const name = String(key);
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (!property || without.test(name) || BOOKKEEPING.test(name)) continue;
    const set = setter(object, key);
    if ("value" in property) children.push({ name, value: property.value, set });
    else if (property.get) children.push({ name, getter: () => property.get!.call(object) as unknown, set });
  }
  return grouped(children);
}

/** Getters of the user's classes. */
function inheritedGetters(object: object): Child[] {
  const children: Child[] = [];
  for (
    let at = Object.getPrototypeOf(object) as object | null;
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  )
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (
        get &&
        !Object.hasOwn(object, name) &&
        !/\[native code\]/.test(Function.prototype.toString.call(get))
      )
        children.push({ name, getter: () => get.call(object) as unknown, set: setter(object, name) });
  return children;
}

function errorChildren(error: Error): Child[] {
  const own = properties(error, /^(?:message|stack)$/);
  return [{ name: "message", value: error.message }, ...own, { name: "stack", getter: () => error.stack }];
}

function tensorChildren(tensor: TensorLike): Child[] {
  const facts: Child[] = [
    { name: "shape", value: tensor.shape },
    { name: "dtype", value: tensor.dtype },
    { name: "size", value: tensor.size },
  ];
  if (tensor.isDisposed) return [...facts, { name: "isDisposed", value: true }];
  try {
    const values = tensor.dataSync();
    return [...facts, ...statistics(values), { name: "values", value: values }];
  } catch (error) {
    return [
      ...facts,
      {
        name: "values",
        value: `cannot be read here: ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
}

function statistics(values: ArrayLike<number | string>): Child[] {
  if (values.length === 0 || typeof values[0] !== "number") return [];
  let [min, max, sum, odd] = [Infinity, -Infinity, 0, 0];
  for (const value of Array.from(values as ArrayLike<number>)) {
    if (!Number.isFinite(value)) odd++;
    else {
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
    }
  }
  const mean = sum / (values.length - odd);
  return [
    { name: "min", value: min },
    { name: "max", value: max },
    { name: "mean", value: mean },
    ...(odd > 0 ? [{ name: "not finite", value: odd }] : []),
  ];
}

function modelChildren(model: { readonly layers: readonly object[] } & LayerLike): Child[] {
  return [
    {
      name: "layers",
      value: Object.fromEntries(model.layers.map((layer) => [(layer as LayerLike).name, layer])),
    },
  ];
}

function layerChildren(layer: LayerLike): Child[] {
  return [
    { name: "config", getter: () => layer.getConfig() },
    {
      name: "weights",
      getter: () => Object.fromEntries(layer.weights.map((weight) => [weight.name, weight.read()])),
    },
  ];
}
