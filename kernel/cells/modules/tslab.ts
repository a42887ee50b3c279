/** What `import * as tslab from "tslab"` finds in a cell: tslab's interface over this kernel's display. */
import { randomUUID } from "node:crypto";
import ts = require("typescript");
import { currentDisplay } from "../values/current-display.js";

const DISPLAY = Symbol.for("Jupyter.display");

/** As tslab declares it (tslab 1.0.22, dist/public.d.ts). */
export interface Display {
  javascript(s: string): void;
  html(s: string): void;
  markdown(s: string): void;
  latex(s: string): void;
  svg(s: string): void;
  png(b: Uint8Array): void;
  jpeg(b: Uint8Array): void;
  gif(b: Uint8Array): void;
  pdf(b: Uint8Array): void;
  text(s: string): void;
  raw(contentType: string, b: string | Uint8Array): void;
}

export const versions = { tslab: "1.0.22", typescript: ts.version, node: process.version };

/** Shows each thing below the one before it. */
export const display: Display = displayBy((bundle) => void currentDisplay.show(bundle));

/** A display whose each call takes the place of what it showed before. */
export function newDisplay(): Display {
  const displayId = randomUUID();
  let shown = false;
  return displayBy((bundle) => {
    if (shown) currentDisplay.update(displayId, bundle);
    else currentDisplay.show(bundle, { displayId });
    shown = true;
  });
}

function displayBy(show: (bundle: object) => void): Display {
  const raw = (type: string, content: string | Uint8Array) => {
    const data = typeof content === "string" ? content : Buffer.from(content).toString("base64");
    const text = typeof content === "string" ? content : `<${type}, ${content.length} bytes>`;
    show({ [DISPLAY]: () => ({ "text/plain": text, [type]: data }) });
  };
  const as = (type: string) => (content: string | Uint8Array) => raw(type, content);
  return {
    javascript: as("text/javascript"),
    html: as("text/html"),
    markdown: as("text/markdown"),
    latex: as("text/latex"),
    svg: as("image/svg+xml"),
    png: as("image/png"),
    jpeg: as("image/jpeg"),
    gif: as("image/gif"),
    pdf: as("application/pdf"),
    text: as("text/plain"),
    raw,
  };
}
