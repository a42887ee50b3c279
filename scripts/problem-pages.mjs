// npm run docs:problems: docs/problems from the table in src/loading/taxonomy.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { inRoot } from "./setup/repository.mjs";

const { TAXONOMY } = await import("../dist/src/loading/taxonomy/taxonomy.js");
const { problemIndex, problemPage } = await import("../dist/src/loading/taxonomy/page.js");

const folder = inRoot("docs", "problems");
for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`);
for (const entry of TAXONOMY.values()) writeFileSync(`${folder}/${entry.code}.md`, problemPage(entry));
writeFileSync(`${folder}/README.md`, problemIndex(TAXONOMY.values()));
console.log(`${TAXONOMY.size} pages`);
