import assert from "node:assert/strict";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { MODEL_GRAPH } from "../../../src/display/bundle.js";
import { modelGraphBundle } from "../../../src/display/model-graph.js";
import type { ShownDiagram } from "../../../src/display/graph-layout.js";
import { graphDiagram, layerDiagram } from "../../../src/loading/model-diagram.js";
import { openModel } from "../../../src/loading/open.js";
import { summarize } from "../../../src/loading/summarize.js";
import { FIXTURES } from "../graph/reference.js";

/** The SVG of the picture in the HTML. */
function pictureIn(html: unknown): string {
  const [, coded] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(String(html))!;
  return Buffer.from(coded!, "base64").toString();
}

describe("display: a model as boxes and arrows", function () {
  this.timeout(60_000);
  before(() => tf.setBackend("cpu"));

  it("draws branches, and arrows into and out of nested models", () => {
    const inner = tf.sequential({
      name: "inner",
      layers: [tf.layers.dense({ units: 3, inputShape: [4], name: "a" }), tf.layers.reLU({ name: "b" })],
    });
    const x = tf.input({ shape: [4], name: "x" });
    const h = inner.apply(x) as tf.SymbolicTensor;
    const left = tf.layers.dense({ units: 2, name: "left" }).apply(h) as tf.SymbolicTensor;
    const right = tf.layers.dense({ units: 2, name: "right" }).apply(h) as tf.SymbolicTensor;
    const sum = tf.layers.add({ name: "sum" }).apply([left, right]) as tf.SymbolicTensor;
    const diagram = layerDiagram(summarize(tf.model({ inputs: x, outputs: sum })));
    const arrows = diagram.edges.map(({ from, to }) => `${from} > ${to}`);
    for (const arrow of [
      "inner/a > inner/b",
      "inner/b > left",
      "inner/b > right",
      "left > sum",
      "right > sum",
    ])
      assert.ok(arrows.includes(arrow), `${arrow} in ${arrows.join("; ")}`);
    assert.ok(arrows.some((arrow) => /^x > inner\//.test(arrow)));
    assert.equal(diagram.nodes.find(({ id }) => id === "inner")!.kind, "model");
    assert.equal(diagram.nodes.find(({ id }) => id === "inner/a")!.parent, "inner");
  });

  it("gives SVG, text and JSON", async () => {
    const session = await openModel(path.join(FIXTURES, "keras2_functional"));
    const { data } = await modelGraphBundle(layerDiagram(summarize(session.model!)));
    const svg = pictureIn(data["text/html"]);
    assert.match(svg, /^<svg[^]*<\/svg>\s*$/);
    for (const name of ["concatenate", "re_lu", "global_average_pooling2d", "block"])
      assert.match(svg, new RegExp(`>${name}<`));
    assert.match(
      String(data["text/plain"]),
      /concatenate {2}Concatenate {2}\(None, 6, 6, 8\) {2}<- re_lu, elu/,
    );
    assert.equal((data[MODEL_GRAPH] as ShownDiagram).edges.length, 9);
  });

  it("draws a graph's scopes from its inputs to its outputs", async () => {
    const session = await openModel(path.join(FIXTURES, "export_transformer"));
    const { nodes, edges } = graphDiagram(session.graph!);
    const reached = new Set(["input tokens"]);
    for (const id of reached) for (const { from, to } of edges) if (from === id) reached.add(to);
    assert.ok(reached.has("output output_0"));
    assert.equal(
      nodes.filter(({ className, id }) => /AddV2/.test(className) && /\/Add(_\d+)?$/.test(id)).length,
      9,
    );
    assert.ok(nodes.some(({ label }) => label === "functional_1/multi_head_attention_1"));
  });

  it("shares boxes between layers in a row when there are many", async () => {
    const layers = Array.from({ length: 80 }, (_, i) =>
      tf.layers.reLU({ name: `r${i}`, ...(i === 0 ? { inputShape: [2] } : {}) }),
    );
    const { data } = await modelGraphBundle(layerDiagram(summarize(tf.sequential({ layers }))));
    const svg = pictureIn(data["text/html"]);
    assert.match(svg, />72 more layers</);
    assert.ok((svg.match(/class="loadlab-box /g) ?? []).length < 4);
  });

  it("shows what a file names as text, whatever it holds", async () => {
    const name = '<script>alert("&")</script>\\N}';
    const node = {
      label: name,
      className: name,
      kind: "layer" as const,
      parent: null,
      shapes: [],
      parameters: 0,
      mark: null,
    };
    const { data } = await modelGraphBundle({
      name,
      className: name,
      parameters: 0,
      nodes: [
        { ...node, id: name },
        { ...node, id: 'b"; evil [label=x]' },
      ],
      edges: [{ from: name, to: 'b"; evil [label=x]' }],
    });
    const svg = pictureIn(data["text/html"]);
    assert.ok(!svg.includes("<script") && !String(data["text/html"]).includes("<script"));
    assert.ok(svg.includes("&lt;script&gt;alert"));
    assert.equal((svg.match(/class="loadlab-box /g) ?? []).length, 2);
  });
});
