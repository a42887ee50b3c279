import assert from "node:assert/strict";
import { parseConfig } from "../../../src/formats/cut-config.js";
import { JsonError } from "../../../src/formats/json.js";

const CONFIG = JSON.stringify({
  class_name: "Functional",
  config: {
    name: "m",
    layers: [
      { class_name: "InputLayer", config: { name: "x:, y", layers: [4, 2] } },
      {
        class_name: "Model",
        config: { name: 'in"ner]', layers: [{ class_name: "Dense", config: { units: 3 } }] },
      },
    ],
    input_layers: [["x:, y", 0, 0]],
    output_layers: [["inner", 0, 0]],
  },
  build_config: { input_shape: [null, 3] },
});
const BEHIND_LAYERS = CONFIG.indexOf(',"input_layers"');
const WHOLE = JSON.parse(CONFIG) as { config: Record<string, unknown> };

describe("formats/cut-config", () => {
  it("reads a config that is cut anywhere behind its layers, with what is whole of the rest, and notes it", () => {
    for (let length = BEHIND_LAYERS; length < CONFIG.length; length++) {
      const notes: string[] = [];
      const value = parseConfig(CONFIG.slice(0, length), (note) => notes.push(note)) as typeof WHOLE;
      assert.equal(notes.length, 1, String(length));
      assert.match(notes[0]!, /^the text ends before the value does, behind the list of layers/);
      for (const [key, part] of Object.entries(value.config))
        assert.deepEqual(JSON.parse(JSON.stringify(part)), WHOLE.config[key], `${length} ${key}`);
      assert.ok("layers" in value.config);
    }
  });

  it("takes no list of layers that is cut for a whole one", () => {
    for (let length = 1; length < BEHIND_LAYERS; length++)
      assert.throws(() => parseConfig(CONFIG.slice(0, length)), JsonError, String(length));
  });

  it("reads a whole config as it is, and refuses what is wrong in the middle", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(parseConfig(CONFIG))), WHOLE);
    assert.throws(() => parseConfig(CONFIG.replace('"input_layers":', '"input_layers"')), JsonError);
    assert.throws(() => parseConfig(`${CONFIG}{}`), /more text follows/);
  });

  it("looks once at a long text that ends in the middle of a string", () => {
    const from = process.cpuUsage();
    assert.throws(() => parseConfig(`{"a":"${'\\\\"'.repeat(400_000)}`), JsonError);
    assert.throws(() => parseConfig(`{"a":"${"b".repeat(8_000_000)}`), JsonError);
    assert.throws(() => parseConfig(`{"layers":[],${'"a":{"b":1,'.repeat(200_000)}`), JsonError);
    const { user, system } = process.cpuUsage(from);
    assert.ok(user + system < 20_000_000, `${user + system} microseconds`);
  });
});
