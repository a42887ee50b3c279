// npm run wasm: compiles src/layers/recurrent/row-arithmetic.wat into row-arithmetic-code.ts beside it, which is
// committed.
import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";
import { inRoot } from "./setup/repository.mjs";

const source = inRoot("src", "layers", "recurrent", "row-arithmetic.wat");
const tools = await wabt();
const module = tools.parseWat("row-arithmetic.wat", readFileSync(source, "utf8"), { simd: true });
const { buffer } = module.toBinary({});
const lines = Buffer.from(buffer)
  .toString("base64")
  .match(/.{1,100}/g);
writeFileSync(
  inRoot("src", "layers", "recurrent", "row-arithmetic-code.ts"),
  `/** Made from row-arithmetic.wat by \`npm run wasm\`: the module's bytes, in base64. */\nexport const ROW_ARITHMETIC_CODE =\n${lines
    .map((line) => `  "${line}"`)
    .join(" +\n")};\n`,
);
