import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { referencePage } from "../../kernel/magics/reference-page.js";
import { MAGICS } from "../../kernel/magics/registry.js";

const pages = [
  "README.md",
  "CHANGELOG.md",
  ...fs
    .readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join("docs", file)),
];

/** Links and pictures of a page, without those in code. */
function linksOf(page: string): string[] {
  const text = fs.readFileSync(page, "utf8").replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
  const markdown = [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link]) => link!);
  const html = [...text.matchAll(/(?:src|srcset|href)="([^"]+)"/g)].map(([, link]) => link!);
  return [...markdown, ...html].filter((link) => !/^(https?|data|mailto):/.test(link));
}

/** GitHub's name for a heading. */
function anchors(page: string): string[] {
  return [...fs.readFileSync(page, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("documentation", () => {
  it("has no link that leads nowhere", () => {
    const broken: string[] = [];
    for (const page of pages)
      for (const link of linksOf(page)) {
        const [file, anchor] = link.split("#") as [string, string?];
        const target = file === "" ? page : path.join(path.dirname(page), decodeURI(file));
        if (!fs.existsSync(target)) broken.push(`${page}: ${link}`);
        else if (anchor !== undefined && target.endsWith(".md") && !anchors(target).includes(anchor))
          broken.push(`${page}: ${link} (no such heading)`);
      }
    assert.deepEqual(broken, []);
  });

  it("is listed whole in docs/README.md and docs/problems/README.md", () => {
    const listed = ["docs/README.md", "docs/problems/README.md"].flatMap((list) =>
      linksOf(list).map((link) => path.join(path.dirname(list), link)),
    );
    const unlisted = pages.filter((page) => page.startsWith("docs/") && !listed.includes(page));
    assert.deepEqual(unlisted, ["docs/README.md"]);
  });

  it("describes the magics as npm run docs:magics writes them", () => {
    assert.equal(fs.readFileSync("docs/magics-reference.md", "utf8"), referencePage(MAGICS.values()));
  });
});
