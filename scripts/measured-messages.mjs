// node scripts/measured-messages.mjs: src/loading/taxonomy/measured.ts from test/fixtures/keras-messages.json, which
// test/fixtures/keras_messages.py measured. Kept is what says something of the code: the shorter of the error that is
// raised and the innermost one, no Keras before .keras archives for a .keras, none of Keras 1's refusals of newer models.
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";

const SOURCE = new URL("../test/fixtures/keras-messages.json", import.meta.url);
const TARGET = new URL("../src/loading/taxonomy/measured.ts", import.meta.url);
const VERSIONS = ["Keras 3.15.1", "Keras 2.21.0", "Keras 2.3.1", "Keras 2.2.4", "Keras 1.2.2"];
const LONGEST = 300;
/** What an older Keras says of any newer file. */
const OF_THE_FORMAT =
  /^KeyError: 0$|Invalid layer: (Model|Functional)$|unexpected keyword argument 'dtype'|file signature not found|errno = 21|config=\\[|InputLayer.*batch_shape|^ValueError: Unrecognized keyword arguments: \\['batch_shape'\\]/;

const all = JSON.parse(readFileSync(SOURCE, "utf8"));
const table = {};
for (const [code, said] of Object.entries(all)) {
  for (const version of VERSIONS) {
    const text = said[version] && essence(said[version]);
    if (text && !(version !== "Keras 3.15.1" && OF_THE_FORMAT.test(text)))
      (table[code] ??= {})[version] = text;
  }
}
const code = `/** What each Keras said of the files that the tests make, by code: from test/fixtures/keras-messages.json. */
export const MEASURED: Readonly<Record<string, Readonly<Record<string, string>>>> = ${JSON.stringify(table)};`;
writeFileSync(TARGET, await format(code, { ...(await resolveConfig(TARGET)), parser: "typescript" }));

function essence([first, last = first]) {
  if (first === "loads") return "loads";
  if (first.startsWith("TooLong")) return "does not return";
  const shorter = last.length < first.length ? last : first;
  const text = shorter.replaceAll("FOLDER/", "").replaceAll("FOLDER", "model");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
