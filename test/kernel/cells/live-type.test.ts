import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { liveValue } from "../../../kernel/cells/values/live-type.js";

const type = (value: unknown) => liveValue(value)?.type ?? null;
const METHOD = "((...args: any[]) => any)";

class Point {
  x = 1;
  get y(): number {
    throw new Error("a getter ran");
  }
  move() {}
}

describe("liveValue", () => {
  for (const [name, value, expected] of [
    ["a number", 1, "number"],
    ["a string", "s", "string"],
    ["nothing", null, null],
    ["an object", { a: 1, b: { c: "s" } }, '{ "a": number; "b": { "c": string } }'],
    ["a list", [1, 2], "Array<number>"],
    ["a mixed list", [1, "s"], "Array<any>"],
    ["records", [{ a: 1 }, { a: 2 }], 'Array<{ "a": number }>'],
    ["a map", new Map([["k", [true]]]), "Map<string, Array<boolean>>"],
    ["a set", new Set([1]), "Set<number>"],
    ["a date", new Date(), "Date"],
    ["bytes", new Float32Array(2), "Float32Array"],
    ["a promise", Promise.resolve(1), "Promise<any>"],
    ["an instance", new Point(), `{ "x": number; "y": any; "move": ${METHOD} }`],
    ["a null prototype", Object.assign(Object.create(null) as object, { a: 1 }), '{ "a": number }'],
    ["a proxy", new Proxy({}, {}), null],
    ["a tensor", tf.zeros([1]), 'import("@tensorflow/tfjs").Tensor'],
  ] as const)
    it(name, () => assert.equal(type(value), expected));

  it("sees circles and depth", () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle["self"] = circle;
    assert.equal(type(circle), '{ "a": number; "self": any }');
    assert.match(type({ a: { b: { c: { d: { e: 1 } } } } })!, /"d": any/);
  });

  it("is bounded", () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, { n }]));
    assert.ok(type(wide)!.length < 10_000);
    const huge = new Set(Array.from({ length: 1_000_000 }, (_, n) => n));
    const began = performance.now();
    assert.equal(type(huge), "Set<number>");
    assert.ok(performance.now() - began < 10_000);
  });

  it("names the layers of a model", () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: "first" })] });
    assert.deepEqual(liveValue(model), { type: 'import("@tensorflow/tfjs").LayersModel', layers: ["first"] });
  });
});
