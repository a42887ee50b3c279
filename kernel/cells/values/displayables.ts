import { readFile } from "node:fs/promises";
import path from "node:path";
import { imageType } from "./image-type.js";

const DISPLAY = Symbol.for("Jupyter.display");

/** A value that shows itself, as the result of a cell or by `display`. */
export interface Displayable {
  [DISPLAY](): Record<string, unknown> | Promise<Record<string, unknown>>;
}

type Text = (text: string | TemplateStringsArray, ...values: unknown[]) => Displayable;

/** HTML, as html`<b>${value}</b>` or html(text). Nothing is escaped. */
export const html: Text = textOf("text/html");
/** Markdown, as md`**bold**` or md(text). */
export const md: Text = textOf("text/markdown");
/** An SVG drawing, as svg`<svg>...</svg>` or svg(text). */
export const svg: Text = textOf("image/svg+xml");

function textOf(type: string): Text {
  return (text, ...values) => {
    const joined = typeof text === "string" ? text : String.raw({ raw: text }, ...values);
    return { [DISPLAY]: () => ({ [type]: joined, "text/plain": joined }) };
  };
}

/**
 * A PNG, JPEG, GIF, WebP or SVG image.
 * @param source its bytes, or the path of a file, relative to `folder`.
 */
export function imageFrom(source: Uint8Array | string, folder: string): Displayable {
  return {
    async [DISPLAY]() {
      const bytes = typeof source === "string" ? await readFile(path.resolve(folder, source)) : source;
      const name = typeof source === "string" ? source : `${bytes.length} bytes`;
      const type = imageType(bytes);
      const text = `<${type} ${name}>`;
      if (type === "image/svg+xml") return { [type]: Buffer.from(bytes).toString(), "text/plain": text };
      if (type) return { [type]: Buffer.from(bytes).toString("base64"), "text/plain": text };
      throw new Error(`${name} is no PNG, JPEG, GIF, WebP or SVG image.`);
    },
  };
}
