// npm run docs:magics: docs/magics-reference.md from the definitions of the magics.
import { writeFileSync } from "node:fs";
import { inRoot } from "./setup/repository.mjs";

const { MAGICS } = await import("../dist/kernel/magics/registry.js");
const { referencePage } = await import("../dist/kernel/magics/reference-page.js");

writeFileSync(inRoot("docs", "magics-reference.md"), referencePage(MAGICS.values()));
console.log(`${MAGICS.size} magics`);
