import assert from "node:assert/strict";
import fs from "node:fs";
import { problemPage } from "../../../src/loading/taxonomy/page.js";
import { TAXONOMY } from "../../../src/loading/taxonomy/taxonomy.js";

const PAGES = "docs/problems";

/** Codes that the sources give to problems, findings and errors. */
function codesInSources(): Set<string> {
  const codes = new Set<string>();
  for (const file of fs.readdirSync("src", { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = fs.readFileSync(`src/${file}`, "utf8");
    for (const [, code] of text.matchAll(
      /(?:code[:=] ?|(?:Layer|Graph)Error\(\s*|CODE = )"([FCAGWO]\d\d)"/g,
    )) {
      codes.add(code!);
    }
  }
  return codes;
}

describe("docs/problems", () => {
  const pages = fs.readdirSync(PAGES).filter((name) => name !== "README.md");

  it("has a page for every code that the sources give", () => {
    const codes = [...codesInSources()];
    assert.ok(codes.length > 30, "the search finds the codes");
    const missing = codes.filter((code) => !pages.includes(`${code}.md`));
    assert.deepEqual(missing, []);
  });

  it("is what npm run docs:problems makes of the table of 99 codes", () => {
    assert.equal(TAXONOMY.size, 99);
    assert.deepEqual(pages.toSorted(), [...TAXONOMY.keys()].map((code) => `${code}.md`).toSorted());
    for (const entry of TAXONOMY.values())
      assert.equal(fs.readFileSync(`${PAGES}/${entry.code}.md`, "utf8"), problemPage(entry));
  });

  it("has pages of one form, and lists them all", () => {
    const list = fs.readFileSync(`${PAGES}/README.md`, "utf8");
    for (const page of pages) {
      const text = fs.readFileSync(`${PAGES}/${page}`, "utf8");
      const code = page.replace(".md", "");
      assert.ok(text.startsWith(`# ${code}: `), page);
      for (const part of ["## What Keras says", "## Why", "## What loadlab does", "## What you can do"]) {
        assert.ok(text.includes(`\n${part}\n`), `${page} has no "${part}"`);
      }
      assert.ok(list.includes(`[${code}](${page})`), `${page} is not in README.md`);
    }
  });
});
