import assert from "node:assert/strict";
import { liveValue } from "../../../kernel/cells/values/live-type.js";
import { firstCompletions } from "../../../kernel/language/first-answers.js";
import { FIRST_NAMES } from "../../../kernel/language/first-names.js";
import { Language } from "../../../kernel/language/language.js";
import { firstNames } from "../../../kernel/language/list-first-names.js";
import { MAGICS } from "../../../kernel/magics/registry.js";

const LIVE = Object.fromEntries(
  Object.entries({
    point: { left: 1, move: () => 1, inside: { deep: 1 } },
    list: [1, 2],
    label: "text",
    table: new Map([["a", 1]]),
    broken: null,
  }).map(([name, value]) => [name, liveValue(value)]),
);

function offered(marked: string): readonly string[] | null {
  const cursor = marked.indexOf("|");
  const code = marked.replace("|", "");
  return firstCompletions(code, cursor, import.meta.dirname, LIVE)?.items.map(({ text }) => text) ?? null;
}

describe("Language: completion before TypeScript is loaded", () => {
  for (const [marked, names] of [
    ["consol|", ["console"]],
    ["const a = Mat|", ["Math"]],
    ["Math.sqr|", ["sqrt"]],
    ["console.|", ["log", "table"]],
    ["process.hrt|", ["hrtime"]],
    ["'abc'.toUpp|", ["toUpperCase"]],
    ["[1, 2].fil|", ["fill", "filter"]],
    ["awai|", ["await"]],
    ["poin|", ["point"]],
    ["point.|", ["inside", "left", "move"]],
    ["f(point.le|)", ["left"]],
    ["list.ma|", ["map"]],
    ["label.trimS|", ["trimStart"]],
    ["table.ge|", ["get"]],
    ["const here = 1; her|", ["here"]],
    ["%load|", ["%load_model"]],
    ["%typecheck st|", ["strict"]],
    ["import fs from 'node:fs/pro|'", ["node:fs/promises"]],
    ["// it's\nconsol|", ["console"]],
    ["`${consol|}`", null],
    ["'consol|'", null],
    ["// consol|", null],
    ["let x: Pro|", null],
    ["point.inside.|", null],
    ["f().|", null],
    ["broken.|", null],
    ["const point = other; point.|", null],
    ["(Math: { other: 1 }) => Math.|", null],
    ["type A = Arra|", null],
    ["o.then(x).ca|", null],
    ["list[0].|", null],
  ] as const)
    it(marked, () => {
      const found = offered(marked);
      if (names === null) assert.equal(found, null);
      else
        assert.deepEqual(
          found?.filter((name) => names.includes(name as never)),
          names,
        );
    });

  it("offers what the latest cells declare, before anyone has told what it holds", () => {
    const ran = ["const zebra = () => {\n  const zeal = 1;\n};\nasync function zest() {}"];
    const found = firstCompletions("ze", 2, import.meta.dirname, LIVE, ran);
    assert.deepEqual(
      found?.items.map(({ text }) => text),
      ["zebra", "zest"],
    );
  });

  it("offers what TypeScript offers", function () {
    this.timeout(60_000); // a program of its own
    const { magics } = FIRST_NAMES;
    const expected = { ...firstNames(MAGICS), magics };
    assert.deepEqual(FIRST_NAMES, expected, "npm run language:names writes the file anew");
    for (const { name } of magics) assert(MAGICS.has(name), name);
  });

  it("is answered at once", async () => {
    const language = new Language(import.meta.dirname, "off", assert.fail);
    try {
      const order: string[] = [];
      const slow = language.complete("f().", 4).then(() => order.push("worker"));
      const quick = language.complete("consol", 6).then(({ items }) => {
        order.push("first");
        assert.deepEqual(items, [{ text: "console", type: "variable" }]);
      });
      await Promise.all([slow, quick]);
      assert.deepEqual(order, ["first", "worker"]);
      assert.deepEqual((await language.complete("consol", 6)).items, [{ text: "console", type: "variable" }]);
    } finally {
      await language.close();
    }
  });

  it("is answered between the checks of many cells", async function () {
    this.timeout(60_000);
    const language = new Language(import.meta.dirname, "warn", assert.fail);
    try {
      await language.ask({ type: "complete", code: "consol", cursor: 6 });
      const order: string[] = [];
      const checks = Array.from({ length: 20 }, async (_, i) => {
        language.add(`const value${i}: string = ${i};`, i + 1);
        const [finding] = await language.diagnose(i + 1);
        assert.equal(finding?.code, "TS2322");
        order.push("check");
      });
      await null; // the checks begin
      const asked = language.complete("value0.", 7).then(({ items }) => {
        order.push("completion");
        assert.ok(items.some(({ text }) => text === "charAt"));
      });
      await Promise.all([...checks, asked]);
      assert.ok(order.indexOf("completion") < 10, order.join(" "));
    } finally {
      await language.close();
    }
  });
});
