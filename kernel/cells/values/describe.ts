import { inspect, types } from "node:util";

/** A value in a few words. */
export interface Description {
  readonly value: string;
  /** Left out for primitives: JupyterLab shows the type in place of the value where it knows it not as Python's. */
  readonly type?: string;
}

const MAX_STRING = 1000;

/** Runs no getter and no code of the value; a tensor's data are not read. */
export function describe(value: unknown): Description {
  switch (typeof value) {
    case "string":
      return { value: quote(value) };
    case "bigint":
      return { value: `${value}n` };
    case "function":
      return describeFunction(value);
    case "object":
      return value === null ? { value: "null" } : describeObject(value);
    default:
      return { value: Object.is(value, -0) ? "-0" : String(value) };
  }
}

function describeObject(object: object): Description {
  const type = objectType(object);
  return { type, value: preview(object) ?? type };
}

function objectType(object: object): string {
  if (types.isProxy(object)) return "Proxy";
  if (types.isModuleNamespaceObject(object) || tagOf(object) === "Module") return "Module";
  if (isTensor(object)) return `Tensor ${object.dtype} [${object.shape.join(", ")}]${disposed(object)}`;
  if (isModel(object))
    return `${className(object)} "${object.name}" (${count(object.layers.length, "layer")})`;
  if (isLayer(object)) return `${className(object)} "${object.name}"`;
  if (Array.isArray(object)) return `Array(${object.length})`;
  if (types.isTypedArray(object)) return `${className(object)}(${object.length})`;
  if (types.isMap(object) || types.isSet(object)) return `${className(object)}(${object.size})`;
  if (types.isAnyArrayBuffer(object)) return `${className(object)}(${object.byteLength})`;
  return className(object);
}

function tagOf(object: object): unknown {
  return Object.getOwnPropertyDescriptor(object, Symbol.toStringTag)?.value as unknown;
}

function preview(object: object): string | null {
  if (types.isProxy(object) || isTensor(object) || isModel(object) || isLayer(object)) return null;
  if (types.isDate(object)) return Number.isNaN(object.getTime()) ? "Invalid Date" : object.toISOString();
  if (types.isRegExp(object)) return String(object);
  if (types.isNativeError(object))
    return `${ownText(object, "name") ?? className(object)}: ${ownText(object, "message") ?? ""}`;
  if (types.isPromise(object)) return `Promise <${promiseState(object)}>`;
  if (Array.isArray(object)) return `[${items(object)}]`;
  if (types.isTypedArray(object)) return `[${items(object as unknown as readonly unknown[])}]`;
  if (types.isMap(object) || types.isSet(object)) return objectType(object);
  return fields(object);
}

/** Node tells it nowhere else without waiting. */
function promiseState(promise: object): string {
  const text = inspect(promise, { depth: 0, customInspect: false });
  return /^[^{]*\{\s*<(pending|rejected)>/.exec(text)?.[1] ?? "fulfilled";
}

const SHOWN = 5;

function items(list: readonly unknown[]): string {
  const shown = Array.from({ length: Math.min(list.length, SHOWN) }, (_, index) =>
    dataProperty(list, String(index)),
  );
  return [...shown, ...(list.length > SHOWN ? ["…"] : [])].join(", ");
}

function fields(object: object): string {
  const names = Object.keys(object);
  const shown = names.slice(0, SHOWN).map((name) => `${name}: ${dataProperty(object, name)}`);
  const body = [...shown, ...(names.length > SHOWN ? ["…"] : [])].join(", ");
  const name = className(object);
  return `${name === "Object" ? "" : `${name} `}{${body}}`;
}

/** One level down only types are told. */
function dataProperty(object: object, name: string): string {
  const property = Object.getOwnPropertyDescriptor(object, name);
  if (!property) return "";
  if (!("value" in property)) return "(…)";
  const value = property.value as unknown;
  if (typeof value === "string") return quote(value, 40);
  return typeof value === "object" && value !== null ? objectType(value) : describe(value).value;
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- any function at all
function describeFunction(value: Function): Description {
  const text = Function.prototype.toString.call(value);
  const name = ownText(value, "name") ?? "";
  if (text.startsWith("class")) return { type: "class", value: `class ${name}` };
  const head = /^(async )?(?:function\s*)?(\*?)/.exec(text);
  const kind = `${head?.[1] ?? ""}ƒ${head?.[2] ?? ""}`;
  return { type: "function", value: `${kind} ${name || "(anonymous)"}` };
}

function quote(text: string, limit = MAX_STRING): string {
  return text.length > limit
    ? `${JSON.stringify(text.slice(0, limit))}… ${text.length} characters`
    : JSON.stringify(text);
}

/** Of the constructor, without running a getter of the object. */
export function className(object: object): string {
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at) as object | null) {
    const property = Object.getOwnPropertyDescriptor(at, "constructor");
    if (typeof property?.value === "function") return ownText(property.value as object, "name") || "Object";
  }
  return "Object";
}

function ownText(object: object, name: string): string | null {
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at) as object | null) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property) return typeof property.value === "string" ? property.value : null;
  }
  return null;
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number | string>;
}

/** Told by its members: a tensor may come from another copy of the library. */
export function isTensor(value: object): value is TensorLike {
  const tensor = value as Partial<TensorLike>;
  return (
    Object.hasOwn(value, "shape") &&
    Array.isArray(tensor.shape) &&
    typeof tensor.dtype === "string" &&
    typeof tensor.dataSync === "function"
  );
}

function disposed(tensor: TensorLike): string {
  return tensor.isDisposed ? " (disposed)" : "";
}

export interface LayerLike {
  readonly name: string;
  getConfig(): Record<string, unknown>;
  readonly weights: readonly { readonly name: string; read(): TensorLike }[];
}

export function isLayer(value: object): value is LayerLike {
  const layer = value as Partial<LayerLike>;
  return (
    Object.hasOwn(value, "name") &&
    typeof layer.name === "string" &&
    typeof layer.getConfig === "function" &&
    "countParams" in value
  );
}

export function isModel(value: object): value is LayerLike & { readonly layers: readonly object[] } {
  return isLayer(value) && Array.isArray((value as { layers?: unknown }).layers);
}
