// npm run language:names: writes kernel/language/first-names.ts, what completion offers before TypeScript is loaded.
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { firstNames } from "../dist/kernel/language/list-first-names.js";
import { MAGICS } from "../dist/kernel/magics/registry.js";
import { inRoot } from "./setup/repository.mjs";

const text = `// Written by npm run language:names.
import type { FirstNames } from "./first-answers.js";

/** What completion offers before TypeScript is loaded: names of the platform, members of some, magics. */
export const FIRST_NAMES: FirstNames = ${JSON.stringify(firstNames(MAGICS))};
`;
const file = inRoot("kernel", "language", "first-names.ts");
writeFileSync(file, await format(text, { parser: "typescript", printWidth: 110 }));
