import { inspect, stripVTControlCharacters, types } from "node:util";
import type { Bundle } from "../runner/messages.js";
import { imageType } from "./image-type.js";
import { traceback } from "./traceback.js";

const TEXT_OPTIONS = {
  depth: 4,
  maxArrayLength: 100,
  maxStringLength: 10_000,
  breakLength: 100,
  sorted: false,
  getters: false,
} as const;

const EMPTY: Bundle = { data: {}, metadata: {} };

/** Longest text/plain of one value, in characters. */
const MAX_TEXT = 100_000;

const DISPLAY = Symbol.for("Jupyter.display");

/**
 * A value as front ends show it. Objects that know how to show themselves are asked: the method
 * `Symbol.for("Jupyter.display")`, `toHTML`, a tensor's values; else `util.inspect`.
 * A representation that throws is replaced by the text, which always exists.
 * Only an object that takes its time to show itself makes this a promise.
 */
export function formatValue(value: unknown): Bundle | Promise<Bundle> {
  if (value === undefined) return EMPTY;
  const text = formatText(value);
  const bundle = (own: OwnBundle) => {
    if (own !== null && Object.keys(own).length === 0) return EMPTY;
    return { data: { "text/plain": text, ...own }, metadata: {} };
  };
  const failed = (error: unknown) => {
    const note = `(its own display failed: ${error instanceof Error ? error.message : String(error)})`;
    return bundle({ "text/plain": `${text}\n${note}` });
  };
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return bundle(null);
  try {
    const own = ownBundle(value as Record<PropertyKey, unknown>);
    return own instanceof Promise ? own.then(bundle).catch(failed) : bundle(own);
  } catch (error) {
    return failed(error);
  }
}

/** Null for a value that knows no representation of its own; an empty one shows nothing. */
type OwnBundle = Record<string, unknown> | null;

function ownBundle(value: Record<PropertyKey, unknown>): OwnBundle | Promise<OwnBundle> {
  const display = value[DISPLAY];
  if (typeof display === "function") return display.call(value) as OwnBundle | Promise<OwnBundle>;
  const toHTML = value["toHTML"];
  if (typeof toHTML === "function") return htmlBundle(toHTML.call(value));
  if (isTensor(value)) return formatTensor(value).then((text) => ({ "text/plain": text }));
  if (value instanceof Uint8Array) return imageBundle(value);
  if (types.isNativeError(value))
    return { "text/plain": stripVTControlCharacters(traceback(value).traceback.join("\n")) };
  return null;
}

function htmlBundle(html: unknown): OwnBundle | Promise<OwnBundle> {
  return html instanceof Promise ? html.then(htmlBundle) : { "text/html": String(html) };
}

/** `util.inspect` with caps; a string result is shown quoted, as in a console. */
export function formatText(value: unknown): string {
  try {
    const text = inspect(value, TEXT_OPTIONS);
    return text.length > MAX_TEXT
      ? `${text.slice(0, MAX_TEXT)}... ${text.length - MAX_TEXT} more characters`
      : text;
  } catch (error) {
    return `[cannot be shown: ${error instanceof Error ? error.message : String(error)}]`;
  }
}

interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  readonly isDisposed: boolean;
  data(): Promise<ArrayLike<unknown>>;
}

/** Told by its members: a tensor may come from another copy of the library. */
function isTensor(value: object): value is TensorLike {
  const tensor = value as Partial<TensorLike> & { dataId?: unknown };
  return (
    Array.isArray(tensor.shape) &&
    typeof tensor.dtype === "string" &&
    typeof tensor.data === "function" &&
    typeof tensor.isDisposed === "boolean"
  );
}

async function formatTensor(tensor: TensorLike): Promise<string> {
  const heading = `Tensor ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return `${heading} (disposed)`;
  // data(), not dataSync(): the WebGPU back end has no synchronous reads in Node.
  const values = await tensor.data();
  const first = Array.from({ length: Math.min(values.length, 20) }, (_, index) =>
    formatNumber(values[index]),
  );
  const more = values.length > first.length ? `, ... ${values.length - first.length} more` : "";
  return `${heading}\n[${first.join(", ")}${more}]`;
}

function formatNumber(value: unknown): string {
  return typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(7)))
    : String(value);
}

function imageBundle(bytes: Uint8Array): Record<string, unknown> | null {
  const type = imageType(bytes);
  return type ? { [type]: Buffer.from(bytes).toString("base64") } : null;
}
