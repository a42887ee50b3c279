import { stripVTControlCharacters, types } from "node:util";
import { pngOf } from "../../../src/display/tensor/png.js";
import { tensorBundle, type ShownTensor } from "../../../src/display/tensor/tensor-bundle.js";
import { vegaBundle, vegaText } from "../../../src/display/training/vega-spec.js";
import { imageType } from "./image-type.js";
import { jsxText } from "./jsx-element.js";
import { traceback } from "../errors/traceback.js";

const DISPLAY = Symbol.for("Jupyter.display");

/** Representations by MIME type. Null for a value that knows none of its own; an empty one shows nothing. */
export type OwnBundle = Readonly<Record<string, unknown>> | null;

/** Methods by which objects of other Jupyter kernels show themselves, and what each returns. */
const REPRESENTATIONS = {
  _repr_html_: "text/html",
  _repr_markdown_: "text/markdown",
  _repr_svg_: "image/svg+xml",
  _repr_png_: "image/png",
  _repr_jpeg_: "image/jpeg",
  _repr_latex_: "text/latex",
  _repr_json_: "application/json",
  toHTML: "text/html",
} as const;

type Members = Readonly<Record<PropertyKey, unknown>>;

/**
 * How an object shows itself by the conventions of the field, the most specific first.
 * @throws whatever its methods throw; TypeError for what JSON cannot hold.
 */
export function ownBundle(value: object): OwnBundle | Promise<OwnBundle> {
  const own = askedBundle(value);
  return own instanceof Promise ? own.then(readyToSend) : readyToSend(own);
}

function askedBundle(value: object): OwnBundle | Promise<OwnBundle> {
  const members = value as Members;
  const display = method(members, DISPLAY) ?? method(members, "_repr_mimebundle_");
  if (display) return display() as OwnBundle | Promise<OwnBundle>;
  const represented = representations(members);
  if (represented) return represented;
  if (isTensor(members)) return tensorBundle(members);
  const jsx = jsxText(value);
  if (jsx !== null) return { "text/plain": jsx };
  return pictureBundle(members) ?? elementBundle(members) ?? chartBundle(members) ?? errorBundle(value);
}

function method(members: Members, name: PropertyKey): (() => unknown) | null {
  const found = members[name];
  return typeof found === "function" ? () => found.call(members) as unknown : null;
}

function representations(members: Members): Promise<OwnBundle> | OwnBundle {
  const made = Object.entries(REPRESENTATIONS).flatMap(([name, type]) => {
    const represent = method(members, name);
    return represent ? [[type, represent()] as const] : [];
  });
  if (made.length === 0) return null;
  if (!made.some(([, shown]) => shown instanceof Promise)) return Object.fromEntries(made);
  return Promise.all(made.map(async ([type, shown]) => [type, await shown] as const)).then(
    Object.fromEntries,
  );
}

/** Text as it is, bytes in Base64, anything else as JSON says it; nothing for what is absent. */
function readyToSend(own: OwnBundle): OwnBundle {
  if (own === null || typeof own !== "object") return null;
  const entries = Object.entries(own).filter(([, shown]) => shown != null);
  return Object.fromEntries(entries.map(([type, shown]) => [type, content(shown)]));
}

function content(shown: unknown): unknown {
  if (typeof shown === "string") return shown;
  if (shown instanceof Uint8Array) return Buffer.from(shown).toString("base64");
  return JSON.parse(JSON.stringify(shown)) as unknown;
}

/** Told by its members: a tensor may come from another copy of the library. */
function isTensor(value: Members): value is Members & ShownTensor {
  return (
    Array.isArray(value["shape"]) &&
    typeof value["dtype"] === "string" &&
    typeof value["data"] === "function" &&
    typeof value["isDisposed"] === "boolean"
  );
}

/** An element of a document, such as jsdom's: what D3 and Observable Plot draw outside a browser. */
function elementBundle({ nodeType, nodeName, outerHTML }: Members): OwnBundle {
  if (nodeType !== 1 || typeof outerHTML !== "string") return null;
  return { "text/html": outerHTML, "text/plain": `<${String(nodeName).toLowerCase()}>` };
}

/** Bytes of an image file, a canvas, ImageData. */
function pictureBundle(value: Members): OwnBundle {
  if (value instanceof Uint8Array) return imageFile(value);
  const toDataURL = method(value, "toDataURL");
  if (toDataURL) {
    const [, type, data] = /^data:(image\/[\w+.-]+);base64,(.*)$/s.exec(String(toDataURL())) ?? [];
    if (type !== undefined && data !== undefined) return { [type]: data };
  }
  const { width, height, data } = value;
  const pixels = data instanceof Uint8ClampedArray && typeof width === "number" && typeof height === "number";
  if (!pixels || width < 1 || data.length !== width * height * 4) return null;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { "image/png": pngOf({ width, height, channels: 4, pixels: bytes }).toString("base64") };
}

function imageFile(bytes: Uint8Array): OwnBundle {
  const type = imageType(bytes);
  if (type === null) return null;
  const text = `<${type}, ${bytes.length} bytes>`;
  return type === "image/svg+xml"
    ? { [type]: Buffer.from(bytes).toString(), "text/plain": text }
    : { [type]: Buffer.from(bytes).toString("base64"), "text/plain": text };
}

/** Vega and Vega-Lite: a specification, or an object of vega-lite-api that makes one. */
function chartBundle(value: Members): OwnBundle {
  const spec = vegaBundle(value) ? value : method(value, "toSpec")?.();
  const made = typeof spec === "object" && spec !== null ? vegaBundle(spec) : null;
  return made && { "text/plain": vegaText(spec as object), ...made };
}

function errorBundle(value: object): OwnBundle {
  if (!types.isNativeError(value)) return null;
  return { "text/plain": stripVTControlCharacters(traceback(value).traceback.join("\n")) };
}
