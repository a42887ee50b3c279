import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path, { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { EVERYTHING } from "../../../src/display/summary/arrange-layers.js";
import { cardBundle } from "../../../src/display/card/problem-card.js";
import { summaryGrid } from "../../../src/display/summary/summary-grid.js";
import { waitingReport } from "./sample-report.js";
import { MODEL_GRAPH } from "../../../src/display/bundle.js";
import { firstFold, foldDiagram } from "../../../src/display/graph/graph-fold.js";
import { layoutGraph } from "../../../src/display/graph/layout-graph.js";
import type { ModelDiagram } from "../../../src/loading/report/diagram.js";
import { modelGraphBundle } from "../../../src/display/graph/model-graph.js";
import type { ShownDiagram } from "../../../src/display/graph/graph-layout.js";
import { graphDiagram, layerDiagram } from "../../../src/loading/report/model-diagram.js";
import { openModel } from "../../../src/loading/open.js";
import { summarize } from "../../../src/loading/report/summarize.js";
import { FIXTURES } from "../graph/reference.js";
import { dense, sequential } from "../loading/cases/parts.js";
import { writeHdf5 } from "../loading/cases/write.js";

/** The SVG of the picture in the HTML. */
function pictureIn(html: unknown): string {
  const [, coded] = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(String(html))!;
  return Buffer.from(coded!, "base64").toString();
}

describe("display: a model as boxes and arrows", function () {
  this.timeout(60_000);
  before(() => tf.setBackend("cpu"));

  it("is as wide as a card and a table of layers", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
    const graph = await modelGraphBundle(layerDiagram(summarize(model)));
    const table = summaryGrid(
      { ...summarize(model), details: {}, model: null, variable: null },
      {
        arrangement: EVERYTHING,
        ...{ shown: 1, total: 1, hasNested: false, activeRow: null },
      },
    );
    const widths = [graph, cardBundle(waitingReport())].map(({ data }) => String(data["text/html"]));
    for (const html of [...widths, table.text]) {
      const [card] = /style="[^"]*border-left-width:4px[^"]*"/.exec(html)!;
      assert.deepEqual(card.match(/max-width:[^;]*/g), ["max-width:1100px"]);
    }
  });

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

  it("keeps the text of each box inside it, whatever font a reader has", async () => {
    const net = tf.sequential({
      name: "net",
      layers: [tf.layers.conv2d({ filters: 16, kernelSize: 3, inputShape: [13, 13, 8], name: "conv" })],
    });
    const diagram = layerDiagram(summarize(net));
    const { data } = await modelGraphBundle(diagram);
    const { boxes } = await layoutGraph(diagram, firstFold(diagram));
    for (const { x, width, texts } of boxes)
      for (const text of texts) {
        assert.ok(text.x >= x && text.x + text.width <= x + width, `${text.text} in its box`);
        assert.ok(pictureIn(data["text/html"]).includes(`textLength="${text.width}"`));
      }
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

describe("display: a model's picture folds", function () {
  this.timeout(60_000);
  const row = (id: string, parent: string | null, kind: "layer" | "model" = "layer") => ({
    ...{ id, label: id, className: "Dense", kind, parent, shapes: [], parameters: 0, mark: null },
  });

  it("draws a closed model as one box with its arrows, an opened run as its layers", async () => {
    const inside = Array.from({ length: 60 }, (_, i) => row(`in${i}`, "model"));
    const diagram: ModelDiagram = {
      ...{ name: "m", className: "Functional", parameters: 0 },
      nodes: [row("first", null), row("model", null, "model"), ...inside, row("last", null)],
      edges: ["first", ...inside.map(({ id }) => id)].map((from, i) => ({
        from,
        to: inside[i]?.id ?? "last",
      })),
    };
    assert.deepEqual(firstFold(diagram).closed, ["model"]);
    const closed = foldDiagram(diagram, firstFold(diagram));
    assert.deepEqual(
      closed.boxes.map(({ id, kind }) => [id, kind]),
      [
        ["first", "node"],
        ["model", "model"],
        ["last", "node"],
      ],
    );
    assert.deepEqual(closed.arrows, [
      [0, 1],
      [1, 2],
    ]);
    const open = foldDiagram(diagram, { closed: [], opened: [] });
    assert.deepEqual(
      open.boxes.map(({ nodes }) => nodes.length),
      [1, 60, 1],
    );
    assert.equal(foldDiagram(diagram, { closed: [], opened: ["in0"] }).boxes.length, 62);
    const layout = await layoutGraph(diagram, { closed: [], opened: [] });
    const [frame] = layout.frames;
    const run = layout.boxes[1]!;
    assert.ok(
      run.x >= frame!.x && run.x + run.width <= frame!.x + frame!.width,
      "the run stands in its model's frame",
    );
    assert.ok(layout.arrows.every(({ line }) => /^M[\d. ]+C[\d. -]+$/.test(line)));
  });

  it("bounds the boxes of a thousand layers without rows, and keeps the failing one apart", () => {
    const nodes = Array.from({ length: 1000 }, (_, i) => ({
      ...row(`n${i}`, null),
      ...(i === 700 ? { fails: "The class X is unknown" } : {}),
    }));
    // Each is called on the two before it: no two of them are a row.
    const edges = nodes.flatMap((_, i) =>
      [i - 1, i - 2].filter((from) => from >= 0).map((from) => ({ from: `n${from}`, to: `n${i}` })),
    );
    const { boxes } = foldDiagram(
      { name: "m", className: "", parameters: 0, nodes, edges },
      { closed: [], opened: [] },
    );
    assert.ok(boxes.length <= 150, String(boxes.length));
    assert.equal(
      boxes.reduce((sum, box) => sum + box.nodes.length, 0),
      1000,
    );
    assert.deepEqual(boxes.find(({ id }) => id === "n700")!.nodes.length, 1);
  });

  it("marks the layer at which a load waits", async () => {
    const session = await openModel("notebooks/models/custom_attention.h5");
    const diagram = session.diagram()!;
    assert.match(diagram.nodes.find(({ id }) => id === "attention")!.fails!, /MyAttention is unknown/);
    const { data } = await modelGraphBundle(diagram);
    assert.match(pictureIn(data["text/html"]), />✗ The class MyAttention is unknown</);
    session.abort();
  });

  it("marks every layer of a class that is unknown, and names a few", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const parts = sequential(2, [null, 4], [...names.map((name) => dense(name, 4, 4)), dense("out", 4, 2)]);
    const { layers } = parts.config["config"] as {
      layers: { class_name: string; config: { name: string } }[];
    };
    for (const layer of layers) if (names.includes(layer.config.name)) layer.class_name = "Odd";
    const folder = mkdtempSync(join(tmpdir(), "loadlab-marks-"));
    try {
      await writeHdf5(join(folder, "odd.h5"), parts);
      const session = await openModel(join(folder, "odd.h5"));
      assert.equal(session.waiting[0]!.where.layer, "a and 5 more");
      const diagram = session.diagram()!;
      assert.deepEqual(
        diagram.nodes.filter(({ fails }) => fails !== undefined).map(({ id }) => id),
        names,
      );
      const { data } = await modelGraphBundle(diagram);
      assert.match(String(data["text/html"]), /✗ d<[^]*and 2 other layers marked below/);
      assert.doesNotMatch(String(data["text/html"]).split("marked below")[0]!, /✗ e</);
      session.abort();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
