import { readdir, readFile } from "node:fs/promises";
import { nearestNames } from "../../src/names/nearest-names.js";
import type { Magic } from "./magic.js";
import { UsageError } from "./usage-error.js";

/** The pages come with the package, beside `dist`. */
const PAGES = new URL("../../../docs/problems/", import.meta.url);

export const explain: Magic = {
  name: "explain",
  kinds: ["line"],
  summary: "Shows the page of a problem code: what Keras says, why, and what to do.",
  arguments: [{ name: "CODE", summary: "as the card has it: C01; all codes if left out", type: "word" }],
  examples: ["%explain C01", "%explain"],
  async run({ arguments: given }, { output }) {
    const code = given["CODE"] === undefined ? "README" : String(given["CODE"]).toUpperCase();
    const codes = (await readdir(PAGES)).map((name) => name.replace(/\.md$/, ""));
    if (!codes.includes(code)) {
      const near = nearestNames(code, codes).filter((name) => name !== "README");
      const meant = near.length > 0 ? ` Near: ${near.join(", ")}.` : "";
      throw new UsageError(`%explain: there is no page for ${code}.${meant} %explain alone lists all.`);
    }
    const page = await readFile(new URL(`${code}.md`, PAGES), "utf8");
    output.display({ data: { "text/plain": page, "text/markdown": insideNotebook(page) }, metadata: {} });
    return undefined;
  },
};

/**
 * A page below a cell: its headings are no headings of the notebook, whose table of contents they would fill, and the
 * other pages do not lie beside the notebook.
 */
function insideNotebook(page: string): string {
  return page.replaceAll(/^#+ (.*)$/gm, "**$1**").replaceAll(/\[([^\]]*)\]\([^)]*\.md\)/g, "`$1`");
}
