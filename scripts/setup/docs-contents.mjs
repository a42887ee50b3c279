// The table of contents of the documentation: the lists of docs/README.md and docs/problems/README.md.
import { readFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./repository.mjs";

/** @returns {{title: string, pages: {file: string}[]}[]} chapters in their order */
export function contents() {
  const chapters = listedIn("README.md");
  const problems = listedIn("problems/README.md").flatMap(({ pages }) => pages);
  return [...chapters, { title: "Problem codes", pages: problems }];
}

function listedIn(list) {
  const file = inRoot("docs", ...list.split("/"));
  const sections = readFileSync(file, "utf8").split(/^## /m).slice(1);
  return sections.map((section) => ({
    title: section.slice(0, section.indexOf("\n")),
    pages: [...section.matchAll(/^- \[.*?\]\(([^)#]+\.md)\)/gm)].map(([, link]) => ({
      file: path.resolve(path.dirname(file), link),
    })),
  }));
}
