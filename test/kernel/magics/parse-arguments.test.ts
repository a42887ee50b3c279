import assert from "node:assert/strict";
import type { Magic } from "../../../kernel/magics/magic.js";
import { parseArguments, usage } from "../../../kernel/magics/parse-arguments.js";

const magic: Magic = {
  name: "demo",
  kinds: ["line"],
  summary: "For the test.",
  arguments: [
    { name: "PATH", summary: "a file", type: "path", required: true },
    { name: "MODE", summary: "how", type: "word", choices: ["fast", "slow"] },
    { name: "TEXT", summary: "the rest", type: "rest" },
    { name: "--as", summary: "a variable", type: "identifier" },
    { name: "--times", summary: "a count", type: "number" },
    { name: "--step", summary: "pause", type: "flag" },
  ],
  instead: { custom_objects: "%register_custom NAME does that." },
  examples: [],
  run: async () => undefined,
};

describe("parseArguments", () => {
  it("reads positions, options, flags and the rest as it stands", () => {
    assert.deepEqual(parseArguments(magic, `--as net "a b.h5" fast --step --times=3 (x) =>  "y"`), {
      "--as": "net",
      PATH: "a b.h5",
      MODE: "fast",
      "--step": true,
      "--times": 3,
      TEXT: `(x) =>  "y"`,
    });
  });

  it("keeps the backslashes of a Windows path", () => {
    assert.equal(parseArguments(magic, "C:\\models\\a.h5")["PATH"], "C:\\models\\a.h5");
  });

  for (const [text, message] of [
    ["", /PATH is missing: a file.*\nUsage: %demo PATH \[MODE\] \[TEXT\] \[--as NAME\]/],
    ["a.h5 --stepp", /There is no option --stepp. Did you mean --step\? It knows --as, --times, --step, -h/],
    ["a.h5 fats", /MODE is one of fast, slow; "fats" is not. Did you mean fast\?/],
    ["a.h5 --as 1x", /--as is the name of a variable, and "1x" cannot be one/],
    ["a.h5 --times many", /--times is a number, not "many"/],
    ["a.h5 --as", /--as needs a value: a variable/],
    ["a.h5 --custom_objects {}", /%demo: %register_custom NAME does that/],
    ["a.h5 --custom-objects=A", /%demo: %register_custom NAME does that/],
    ["--custom_objects={} a.h5", /%demo: %register_custom NAME does that/],
    ["--Custom_objects a.h5", /There is no option --Custom_objects/],
    ["a.h5 fast (x) => x --as net", /--as stands before PATH/],
  ] as const) {
    it(`says what to type instead of "${text}"`, () => {
      assert.throws(() => parseArguments(magic, text), { name: "UsageError", message });
    });
  }

  it("knows names of Python's arguments", () => {
    const two: Magic = { ...magic, arguments: magic.arguments.slice(0, 1) };
    for (const text of ['a.h5 custom_objects={"A": A}', "a.h5 custom_objects = {}"])
      assert.throws(() => parseArguments(two, text), /%register_custom NAME does that/);
    assert.throws(() => parseArguments(two, "a.h5 constructor=1"), /one argument too many/);
  });

  it("says the usage in one line", () => {
    assert.equal(usage(magic), "%demo PATH [MODE] [TEXT] [--as NAME] [--times NUMBER] [--step]");
  });
});
