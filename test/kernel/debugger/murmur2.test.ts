import assert from "node:assert/strict";
import { murmur2 } from "../../../kernel/debugger/murmur2.js";

/** As ipykernel 7 (ipykernel/compiler.py, murmur2_x86) computes them with the seed that it tells JupyterLab. */
const HASHES: readonly [string, number][] = [
  ["", 3990065800],
  ["a", 2167009006],
  ["ab", 2805137849],
  ["abc", 3350977461],
  ["abcd", 804720481],
  ["x = 1", 3427300630],
  ["const größe = '😀'\n", 234351917],
  ["for (let i = 0; i < 10; i++) {\n  console.log(i)\n}", 1448249790],
];

describe("murmur2", () => {
  for (const [text, hash] of HASHES)
    it(`of ${JSON.stringify(text)}`, () => assert.equal(murmur2(text, 0xc70f6907), hash));
});
