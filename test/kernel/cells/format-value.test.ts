import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { html, imageFrom, md, svg } from "../../../kernel/cells/displayables.js";
import { formatValue } from "../../../kernel/cells/format-value.js";

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
  ] as const)
    it(`text of ${String(expected)}`, async () =>
      assert.deepEqual(await data(value), { "text/plain": expected }));

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
