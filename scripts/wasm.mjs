// npm run wasm: compiles src/layers/add-product.wat into src/layers/add-product-code.ts, which is committed.
import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";
import { inRoot } from "./setup/repository.mjs";

const source = inRoot("src", "layers", "add-product.wat");
const tools = await wabt();
const module = tools.parseWat("add-product.wat", readFileSync(source, "utf8"), { simd: true });
const { buffer } = module.toBinary({});
const lines = Buffer.from(buffer)
  .toString("base64")
  .match(/.{1,100}/g);
writeFileSync(
  inRoot("src", "layers", "add-product-code.ts"),
  `/** Made from add-product.wat by \`npm run wasm\`: the module's bytes, in base64. */\nexport const ADD_PRODUCT_CODE =\n${lines
    .map((line) => `  "${line}"`)
    .join(" +\n")};\n`,
);
