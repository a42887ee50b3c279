import assert from "node:assert/strict";
import { splitCell } from "../../../kernel/magics/split-cell.js";

describe("splitCell", () => {
  it("leaves a cell without magics whole", () => {
    const code = "const a = 7 % 3;\nawait f(a\n  % 2);";
    assert.deepEqual(splitCell(code), [{ kind: "code", code, line: 0 }]);
  });

  it("divides code and line magics, in order, and counts lines as the user does", () => {
    const parts = splitCell('%load_model "my model.h5"\nconst x = 1;\n\nx + 1;\n%summary\n');
    assert.deepEqual(parts, [
      { kind: "line", name: "load_model", text: '"my model.h5"', line: 0 },
      { kind: "code", code: "const x = 1;\n\nx + 1;", line: 1 },
      { kind: "line", name: "summary", text: "", line: 4 },
    ]);
  });

  it("takes a cell whose first line is %%name as one magic", () => {
    assert.deepEqual(splitCell("\n%%register_custom My>Attention \nclass A {}\n%not_a_magic"), [
      {
        kind: "cell",
        name: "register_custom",
        text: "My>Attention",
        body: "class A {}\n%not_a_magic",
        line: 1,
      },
    ]);
  });

  for (const [what, code] of [
    ["a template string", "const s = `\n%step\n`;"],
    ["a template string behind a nested one", "const s = `a ${`b ${1}`}\n%step\n`;"],
    ["a block comment", "/* talk about\n%step\n*/ 1"],
    ["an open bracket", "f(a\n%b\n)"],
  ] as const) {
    it(`does not look for magics inside ${what}`, () => {
      assert.deepEqual(splitCell(code), [{ kind: "code", code, line: 0 }]);
    });
  }

  it("reads %name? as a question for help", () => {
    assert.deepEqual(splitCell("%step?"), [{ kind: "line", name: "step", text: "-h", line: 0 }]);
  });
});
