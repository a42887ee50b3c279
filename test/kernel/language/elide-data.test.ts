import assert from "node:assert/strict";
import { elideData } from "../../../kernel/language/elide-data.js";

const many = (element: (i: number) => string, separator = ", ") =>
  Array.from({ length: 2000 }, (_, i) => element(i)).join(separator);

/** What is left, without blanks. */
const left = (text: string) => elideData(text).replace(/\s/g, "");

describe("data that the compiler need not see", () => {
  it("is blanks, in a text as long and with the same lines", () => {
    const text = `const a = [\n${many(String, ",\n")}\n];\na.length`;
    const elided = elideData(text);
    assert.equal(elided.length, text.length);
    assert.deepEqual([...elided.matchAll(/\n/g)].length, [...text.matchAll(/\n/g)].length);
    assert.match(elided, /\n\];\na\.length$/);
    assert.ok(elided.trim().split(/\s+/).length < 100);
  });

  it("leaves no element missing, with a comma at the end or without", () => {
    for (const end of ["", ",", ", // end\n"]) {
      const value: unknown = new Function(`return ${elideData(`[${many(String)}${end}]`)}`)();
      assert.deepEqual(value, [...Array(50).keys()]);
    }
  });

  it("keeps what differs in shape, and what is no data", () => {
    const rows = many((i) => (i === 1500 ? `{ id: ${i}, late: [1, "x"] }` : `{ id: ${i}, at: -1 }`));
    assert.match(left(`const rows = [${rows}];`), /at:-1\},\{id:1500,late:\[1,"x"\]\},?\];$/);
    assert.match(left(`[${many((i) => (i === 1500 ? "Math." : `${i}`))}]`), /49,Math\.,?\]$/);
    assert.match(left(`const a: number[] = [${many((i) => (i === 1500 ? '"no"' : `${i}`))}]`), /"no",?\]$/);
  });

  it("looks into what it keeps", () => {
    assert.ok(left(`f({ x: [[${many(String)}], [${many(String)}]] })`).length < 400);
  });

  it("keeps all that is const, for its type, and all of a small text", () => {
    for (const text of [`const words = [${many((i) => `"w${i}"`)}] as const;`, `[${"1,".repeat(1000)}]`])
      assert.equal(elideData(text), text);
  });
});
