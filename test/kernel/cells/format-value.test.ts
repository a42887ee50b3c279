import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { html, imageFrom, md, svg } from "../../../kernel/cells/values/displayables.js";
import { formatValue } from "../../../kernel/cells/values/format-value.js";

const DISPLAY = Symbol.for("Jupyter.display");
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

async function data(value: unknown) {
  return (await formatValue(value)).data;
}

async function text(value: unknown) {
  return (await data(value))["text/plain"];
}

describe("formatValue", () => {
  for (const [value, expected] of [
    [1, "1"],
    ["text", "'text'"],
    [null, "null"],
    [true, "true"],
    [10n, "10n"],
    [Symbol("s"), "Symbol(s)"],
    [{ a: [1, { b: 2 }] }, "{ a: [ 1, { b: 2 } ] }"],
    [new Map([["k", new Set([1])]]), "Map(1) { 'k' => Set(1) { 1 } }"],
    [new Float32Array([1, 2.5]), "Float32Array(2) [ 1, 2.5 ]"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [/a+/g, "/a+/g"],
    [Object.create(null), "[Object: null prototype] {}"],
    [function named() {}, "[Function: named]"],
    [Map, "[Function: Map]"],
    [new Array(5), "[ <5 empty items> ]"],
    // eslint-disable-next-line no-sparse-arrays
    [[{ a: 1 }, , { a: 2 }], "[ { a: 1 }, <1 empty item>, { a: 2 } ]"],
  ] as const)
    it(`text of ${String(expected)}`, async () =>
      assert.deepEqual(await data(value), { "text/plain": expected }));

  describe("elements of JSX", () => {
    const element = (type: unknown, props: object, key: string | null = null) => ({
      $$typeof: Symbol.for("react.transitional.element"),
      ...{ type, key, props, _owner: null, _store: {} },
    });
    const item = (name: string) =>
      element("li", { className: "item of a list", children: [name, " ", 1] }, name);
    function Card() {}
    const list = element("ul", { hidden: true, children: [[item("one"), item("two")], null, false] });
    for (const [name, value, expected] of [
      ["short", element("p", { children: ["a", element("br", {})] }), "<p>a<br /></p>"],
      ["component", element(Card, { n: 3, title: "T" }), '<Card n={3} title="T" />'],
      ["fragment", element(Symbol.for("react.fragment"), { children: "text" }), "<>text</>"],
      [
        "Preact",
        { type: "b", props: { children: "x" }, key: undefined, __k: null, __v: 1, constructor: undefined },
        "<b>x</b>",
      ],
      ["list", [element("i", {}), element("b", { children: "1" })], "[\n  <i />,\n  <b>1</b>\n]"],
      [
        "long",
        list,
        `<ul hidden>
  <li key="one" className="item of a list">one{" "}{1}</li>
  <li key="two" className="item of a list">two{" "}{1}</li>
</ul>`,
      ],
    ] as const)
      it(name, async () => assert.deepEqual(await data(value), { "text/plain": expected }));
  });

  it("shows nothing for undefined", async () => assert.deepEqual(await data(undefined), {}));

  it("cuts what is too long", async () => {
    const long = (await text(Array.from({ length: 100_000 }, () => "x".repeat(5000)))) as string;
    assert.ok(long.length < 120_000);
    assert.match(long, /more/);
    assert.ok(((await text("y".repeat(1_000_000))) as string).length < 20_000);
  });

  it("survives a value that cannot be shown", async () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("trap");
        },
        getPrototypeOf: () => {
          throw new Error("trap");
        },
      },
    );
    assert.equal(typeof (await text(hostile)), "string");
  });

  it("shows a circle", async () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    assert.equal(await text(circle), "<ref *1> { self: [Circular *1] }");
  });

  it("asks Jupyter.display", async () => {
    assert.deepEqual(await data({ [DISPLAY]: () => ({ "text/html": "<b>x</b>", "text/plain": "x" }) }), {
      "text/html": "<b>x</b>",
      "text/plain": "x",
    });
  });

  it("waits for Jupyter.display and adds text", async () => {
    const shown = await data({ a: 1, [DISPLAY]: async () => ({ "application/json": { a: 1 } }) });
    assert.deepEqual(shown["application/json"], { a: 1 });
    assert.match(String(shown["text/plain"]), /a: 1/);
  });

  it("shows nothing for an empty bundle", async () =>
    assert.deepEqual(await data({ [DISPLAY]: () => ({}) }), {}));

  it("falls back to text when a display throws", async () => {
    const shown = await data({
      a: 1,
      [DISPLAY]: () => {
        throw new Error("broken");
      },
    });
    assert.match(String(shown["text/plain"]), /a: 1[\s\S]*its own display failed: broken/);
  });

  it("asks toHTML", async () => {
    const shown = await data({ toHTML: () => "<i>y</i>" });
    assert.equal(shown["text/html"], "<i>y</i>");
  });

  it("shows an image from its bytes", async () => {
    assert.equal((await data(PNG))["image/png"], Buffer.from(PNG).toString("base64"));
    assert.deepEqual(Object.keys(await data(new Uint8Array([1, 2, 3]))), ["text/plain"]);
  });

  it("shows an error with its stack", async () => {
    assert.match(String(await text(new TypeError("as a value"))), /^TypeError: as a value/);
  });

  it("shows a tensor", async () => {
    await tf.setBackend("cpu");
    const shown = String(
      await text(
        tf.tensor2d([
          [1, 2.5],
          [3, 4],
        ]),
      ),
    );
    assert.match(shown, /float32/);
    assert.match(shown, /2, 2/);
    assert.match(shown, /2\.5/);
    const disposed = tf.scalar(1);
    disposed.dispose();
    assert.match(String(await text(disposed)), /disposed/);
  });

  it("prints a tensor as NumPy does, with statistics", async () => {
    assert.equal(
      await text(
        tf.tensor2d([
          [1, 2.5],
          [3, -4],
        ]),
      ),
      "Tensor float32 [2, 2]  min -4  max 3  mean 0.625  std 2.77\n[[ 1.   2.5]\n [ 3.  -4. ]]",
    );
    assert.equal(await text(tf.scalar(3, "int32")), "Tensor int32 []\n3");
    assert.equal(
      await text(tf.tensor1d([1, NaN])),
      "Tensor float32 [2]  min 1  max 1  mean 1  std 0  1 not finite\n[ 1. nan]",
    );
    assert.equal(
      await text(tf.tensor1d([true, false], "bool")),
      "Tensor bool [2]  1 of 2 true\n[ True False]",
    );
    assert.match(String(await text(tf.zeros([100, 100]))), /\n \.\.\.\n/);
  });

  it("shows a tensor that is a picture", async () => {
    const shown = await data(tf.randomUniform([28, 28, 1]));
    assert.match(
      String(shown["text/html"]),
      /<img\s+src="data:image\/png;base64,iVBOR[^"]+"\s+width="84"\s+height="84"/,
    );
    assert.doesNotMatch(String((await data(tf.randomNormal([28, 28, 1])))["text/html"]), /image\/png/);
  });

  it("shows records as a table, with a cap", async () => {
    const shown = String(
      (
        await data([
          { a: 1, b: "<x>" },
          { a: 20, b: null },
        ])
      )["text/html"],
    );
    assert.match(shown, /<th[^>]*>a<\/th>.*<th[^>]*>b<\/th>/);
    assert.match(shown, /<td[^>]*>&lt;x&gt;<\/td>.*<td[^>]*>null<\/td>/);
    const many = Array.from({ length: 1234 }, (_, n) =>
      Object.fromEntries(Array.from({ length: 30 }, (_, k) => [`c${k}`, n])),
    );
    const cut = String((await data(many))["text/html"]);
    assert.equal(cut.match(/<tr>/g)!.length, 51);
    assert.match(cut, /the first 50 of 1,234 rows, 20 of 30 columns/);
  });

  for (const [name, value] of [
    ["one record", [{ a: 1 }]],
    ["numbers", [1, 2]],
    ["objects of a class", [new Date(), new Date()]],
    ["records with nothing in common", [{ a: 1 }, { b: 1 }, { c: 1 }]],
    [
      "records with getters",
      [
        {
          get a() {
            return 1;
          },
        },
        {
          get a() {
            return 1;
          },
        },
      ],
    ],
    ["nothing", []],
  ] as const)
    it(`is no table: ${name}`, async () => assert.deepEqual(Object.keys(await data(value)), ["text/plain"]));

  it("folds what is long", async () => {
    const shown = String(
      (await data(Array.from({ length: 90 }, (_, n) => `${n} ${"x".repeat(90)}`)))["text/html"],
    );
    assert.match(shown, /<details><summary[^>]*>62 more lines<\/summary>/);
  });

  it("shows charts", async () => {
    const spec = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar" };
    assert.deepEqual((await data(spec))["application/vnd.vegalite.v5+json"], spec);
    const newer = { $schema: "https://vega.github.io/schema/vega-lite/v6.1.0.json", mark: "bar" };
    assert.deepEqual(Object.keys(await data({ toSpec: () => newer })), [
      "text/plain",
      "application/vnd.vegalite.v6+json",
      "application/vnd.vegalite.v5+json",
    ]);
    const told = await data({
      ...spec,
      mark: { type: "point" },
      data: { values: [{ a: 1 }, { a: 2 }] },
      encoding: { x: { field: "a" }, y: { aggregate: "count" }, color: { value: "red" }, size: {} },
    });
    assert.equal(told["text/plain"], "<Vega-Lite, point, x: a, y: count, color: red, size, 2 rows>");
    const vega = await data({ $schema: "https://vega.github.io/schema/vega/v5.json" });
    assert.ok("application/vnd.vega.v5+json" in vega);
    assert.deepEqual(Object.keys(await data({ $schema: "https://json-schema.org/schema" })), ["text/plain"]);
  });

  it("asks the methods of other kernels", async () => {
    const value = { _repr_html_: () => "<b>1</b>", _repr_png_: async () => PNG, _repr_latex_: () => null };
    const shown = await data(value);
    assert.equal(shown["text/html"], "<b>1</b>");
    assert.equal(shown["image/png"], Buffer.from(PNG).toString("base64"));
    assert.equal("text/latex" in shown, false);
    assert.deepEqual(await data({ _repr_mimebundle_: () => ({ "text/plain": "x" }) }), { "text/plain": "x" });
  });

  it("shows an element of a document by its HTML", async () => {
    const element = { nodeType: 1, nodeName: "FIGURE", outerHTML: "<figure><svg></svg></figure>" };
    assert.deepEqual(await data(element), { "text/html": element.outerHTML, "text/plain": "<figure>" });
    assert.deepEqual(Object.keys(await data({ outerHTML: "<b>1</b>" })), ["text/plain"]);
  });

  it("knows images by their bytes", async () => {
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
    for (const [type, value] of [
      ["image/jpeg", bytes("\u00ff\u00d8\u00ff")],
      ["image/gif", bytes("GIF89a")],
      ["image/webp", bytes("RIFF....WEBP")],
      ["image/svg+xml", bytes("<?xml version='1.0'?>\n<!-- x -->\n<svg xmlns='a'/>")],
      ["image/png", { toDataURL: () => "data:image/png;base64,AAAA" }],
      ["image/png", { width: 1, height: 1, data: new Uint8ClampedArray(4) }],
    ] as const)
      assert.ok(type in (await data(value)), type);
    assert.deepEqual(Object.keys(await data(bytes("a text about <svg> drawings"))), ["text/plain"]);
  });

  it("sends only what JSON can hold", async () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    for (const broken of [circle, { n: 10n }])
      assert.match(
        String(await text({ [DISPLAY]: () => ({ "application/json": broken }) })),
        /own display failed/,
      );
    const shown = await data({
      [DISPLAY]: async () => ({ "application/json": { f() {}, a: 1 }, "image/png": PNG }),
    });
    assert.deepEqual(shown["application/json"], { a: 1 });
    assert.equal(typeof shown["image/png"], "string");
  });

  it("html, md, svg and image", async () => {
    const x = 5;
    assert.equal((await data(html`<b>${x}</b>`))["text/html"], "<b>5</b>");
    assert.equal((await data(html("<i>t</i>")))["text/html"], "<i>t</i>");
    const formula = String.raw`lpha`;
    assert.equal((await data(md(formula)))["text/markdown"], formula);
    assert.equal((await data(svg`<svg/>`))["image/svg+xml"], "<svg/>");
    assert.ok("image/png" in (await data(imageFrom(PNG, "."))));
    assert.match(
      String(await text(imageFrom(new Uint8Array([1, 2]), "."))),
      /its own display failed: .*no PNG/,
    );
  });
});
