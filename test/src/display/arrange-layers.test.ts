import assert from "node:assert/strict";
import { arrange, EVERYTHING } from "../../../src/display/summary/arrange-layers.js";
import { layerRows } from "../../../src/display/summary/layer-rows.js";
import type { LayerReport, ModelSummary } from "../../../src/loading/report/report.js";
import { summary as sample } from "./sample-report.js";

function layer(
  path: string,
  depth: number,
  connectedTo: string[],
  rest: Partial<LayerReport> = {},
): LayerReport {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const shape = { outputShapes: [[null, 4]], parameters: 10, trainable: true, mark: null };
  return { path, name, depth, className: "Dense", connectedTo, ...shape, ...rest };
}

const summary: ModelSummary = {
  ...sample,
  layers: [
    layer("x", 0, [], { className: "InputLayer", parameters: 0 }),
    layer("a", 0, ["x"], { className: "Functional", parameters: 30 }),
    layer("a/x", 1, [], { parameters: 0 }),
    layer("a/inner", 1, ["x"], { className: "Sequential", parameters: 20 }),
    layer("a/inner/d10", 2, [], { trainable: false }),
    layer("a/inner/d9", 2, ["d10"]),
    layer("out", 0, ["a"], { mark: { kind: "custom", fidelity: "equivalent", detail: "" } }),
  ],
};
const rows = layerRows(summary);
const paths = (change: object) => arrange(rows, { ...EVERYTHING, ...change }).map((i) => rows[i]!.layer.path);

describe("display: layers in rows", () => {
  it("connects layers of the same model, in both directions", () => {
    assert.deepEqual(
      rows.map(({ inbound }) => inbound),
      [[], ["x"], [], ["a/x"], [], ["a/inner/d10"], ["a"]],
    );
    assert.deepEqual(
      rows.map(({ outbound }) => outbound),
      [["a"], ["out"], ["a/inner"], [], ["a/inner/d9"], [], []],
    );
    assert.deepEqual(
      rows.map(({ inside }) => inside),
      [0, 4, 0, 2, 0, 0, 0],
    );
  });

  it("hides what is inside a closed model, at any depth", () => {
    assert.deepEqual(paths({ closed: new Set(["a"]) }), ["x", "a", "out"]);
    assert.deepEqual(paths({ closed: new Set(["a/inner"]) }), ["x", "a", "a/x", "a/inner", "out"]);
  });

  it("filters over all depths, whatever is closed", () => {
    const closed = new Set(["a"]);
    assert.deepEqual(paths({ closed, text: " SEQUENTIAL " }), ["a/inner"]);
    assert.deepEqual(paths({ closed, onlyTrainable: true }), ["a/inner/d9", "out"]);
    assert.deepEqual(paths({ closed, onlyAdjusted: true }), ["out"]);
  });

  it("sorts names with numbers as people count, and keeps the order of what is equal", () => {
    const sorted = (column: string, isDescending = false) => paths({ sort: { column, isDescending } });
    assert.deepEqual(sorted("name").slice(2, 4), ["a/inner/d9", "a/inner/d10"]);
    assert.deepEqual(sorted("parameters", true), [
      "a",
      "a/inner",
      "a/inner/d10",
      "a/inner/d9",
      "out",
      "x",
      "a/x",
    ]);
  });
});
