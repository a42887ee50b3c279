import assert from "node:assert/strict";
import { streamText, type TestClient } from "../client.js";
import { type DebugClient, startDebugging } from "./debug-client.js";

const VALUES = `import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
let ran = 0;
class Point { #secret = [7]; x = 1; peek() { return this.#secret } constructor(readonly y: number) {} get length() { ran++; return Math.hypot(this.x, this.y); } }
const point = new Point(2);
const map = new Map<unknown, number>([["a", 1], [point, 2]]);
const set = new Set([1, "two"]);
const long = Array.from({ length: 1234 }, (_, i) => i * i);
const typed = new Float32Array([1.5, 2.5]);
const image = tf.ones([2, 2, 1]);
const text = "tab\\t";
const big = 12n;
const nothing = null;
const fn = async (a: number) => a;
const err = new RangeError("too far");
const when = new Date(0);
const model = tf.sequential({ name: "net", layers: [tf.layers.dense({ name: "out", units: 3, inputShape: [2] })] });`;

describe("debugger: variables", function () {
  this.timeout(60_000);
  let client: TestClient;
  let debug: DebugClient;
  let stop: () => Promise<void>;

  before(async () => {
    ({ client, debug, stop } = await startDebugging());
    await client.execute(VALUES);
  });
  after(() => stop());

  const shown = async () => {
    const { variables } = await debug.body("inspectVariables");
    return new Map<string, { value: string; type?: string; variablesReference: number }>(
      variables.map((variable: { name: string }) => [variable.name, variable]),
    );
  };

  it("are inspected with the debugger off, in words that say what they are", async () => {
    assert.equal((await debug.body("debugInfo")).isStarted, false);
    const values = await shown();
    const words = Object.fromEntries([...values].map(([name, { type, value }]) => [name, type ?? value]));
    assert.deepEqual(words, {
      tf: "Module",
      ran: "0",
      Point: "class",
      point: "Point",
      map: "Map(2)",
      set: "Set(2)",
      long: "Array(1234)",
      typed: "Float32Array(2)",
      image: "Tensor float32 [2, 2, 1]",
      text: '"tab\\t"',
      big: "12n",
      nothing: "null",
      fn: "function",
      err: "RangeError",
      when: "Date",
      model: 'Sequential "net" (1 layer)',
    });
    assert.equal(values.get("err")!.value, "RangeError: too far");
    assert.equal(values.get("when")!.value, "1970-01-01T00:00:00.000Z");
  });

  it("open to what they consist of; a getter runs when it is opened", async () => {
    const values = await shown();
    const open = (name: string) => debug.values(values.get(name)!.variablesReference);
    const point = await debug.body("variables", {
      variablesReference: values.get("point")!.variablesReference,
    });
    const getter = point.variables.find(({ name }: { name: string }) => name === "length");
    assert.equal(getter.value, "(…)");
    assert.deepEqual([point.variables[0].name, point.variables[0].value], ["#secret", "[7]"]);
    assert.equal((await shown()).get("ran")!.value, "0");
    assert.deepEqual(await open("map"), { '"a"': "1", "Point {y: 2, x: 1}": "Object" });
    assert.deepEqual(await open("set"), { 0: "1", 1: '"two"' });
    const tensor = await open("image");
    assert.equal(tensor["mean"], "1");
    assert.equal(tensor["values"], "Float32Array(4)");
    const again = (await shown()).get("point")!.variablesReference;
    const lazy = (await debug.body("variables", { variablesReference: again })).variables.at(
      -1,
    ).variablesReference;
    assert.deepEqual(await debug.values(lazy), { value: String(Math.hypot(1, 2)) });
    assert.equal((await shown()).get("ran")!.value, "1");
  });

  it("page long lists in groups, and by start and count", async () => {
    const values = await shown();
    const reference = values.get("long")!.variablesReference;
    const { variables } = await debug.body("variables", { variablesReference: reference });
    assert.equal(variables.length, 13);
    assert.equal(variables[12].name, "[1200 … 1233]");
    assert.deepEqual(Object.keys(await debug.values(variables[12].variablesReference)).length, 34);
    const page = await debug.body("variables", {
      variablesReference: variables[1].variablesReference,
      start: 5,
      count: 2,
    });
    assert.deepEqual(
      page.variables.map(({ name, value }: Record<string, string>) => [name, value]),
      [
        ["105", "11025"],
        ["106", "11236"],
      ],
    );
  });

  it("show layers with their configuration and weights", async () => {
    const model = (await shown()).get("model")!.variablesReference;
    const { variables } = await debug.body("variables", { variablesReference: model });
    const layers = (await debug.body("variables", { variablesReference: variables[0].variablesReference }))
      .variables;
    assert.equal(layers[0].type, 'Dense "out"');
    const parts = (await debug.body("variables", { variablesReference: layers[0].variablesReference }))
      .variables;
    const weights = parts.find(({ name }: { name: string }) => name === "weights").variablesReference;
    const [{ variablesReference }] = (await debug.body("variables", { variablesReference: weights }))
      .variables;
    assert.deepEqual(await debug.values(variablesReference), {
      "out/kernel": "Tensor float32 [2, 3]",
      "out/bias": "Tensor float32 [3]",
    });
  });

  it("are shown richly, as a cell would", async () => {
    const { data } = await debug.body("richInspectVariables", { variableName: "map" });
    assert.match(data["text/plain"], /Map\(2\)/);
    assert.match(
      (await debug.ask("richInspectVariables", { variableName: "missing" })).message,
      /missing is not defined/,
    );
  });

  it("can be set, in a function and in the notebook, and copied to the notebook", async () => {
    await debug.turnOn();
    const cell = await debug.run(
      "function f(n: number) {\n  let inner = n;\n  return inner * 10;\n}\nlet result = f(1);\nresult;",
      [{ line: 3 }],
    );
    await debug.stopped(cell);
    const { scopes } = await debug.body("scopes", { frameId: 1 });
    const set = { variablesReference: scopes[0].variablesReference, name: "inner", value: "n + 6" };
    assert.equal((await debug.body("setVariable", set)).value, "7");
    const globals = { variablesReference: scopes.at(-1).variablesReference, name: "ran", value: "100" };
    assert.equal((await debug.body("setVariable", globals)).value, "100");
    await debug.body("copyToGlobals", { srcVariableName: "n", dstVariableName: "copied", srcFrameId: 1 });
    await debug.go("continue");
    const { published } = await debug.ended(cell);
    const result = published.find(({ header }) => header.msg_type === "execute_result")!;
    assert.equal((result.content["data"] as Record<string, string>)["text/plain"], "70");
    const values = await shown();
    assert.deepEqual([values.get("ran")!.value, values.get("copied")!.value], ["100", "1"]);
    await debug.body("disconnect", { restart: false, terminateDebuggee: false });
  });

  it("can be set wherever they stand, and nowhere else", async () => {
    await debug.turnOn();
    const cell = await debug.run(
      `class P { #own = 1; get twice() { return 2 } }
const long = Array.from({ length: 150 }, (_, i) => i), set = new Set([1]), keyed = new Map([["a", 1]]), p = new P();
function g(q: number, { x }: { x: number }, ...more: number[]) {
  let y = 3;
  {
    const z = y;
    void z;
  }
  return [q, x, y, more.length];
}
const got = g(1, { x: 2 }, 4);
console.log(JSON.stringify([got, long[120], Object.keys(set), [...keyed], Object.keys(p)]));`,
      [{ line: 7 }],
    );
    await debug.stopped(cell);
    const { scopes } = await debug.body("scopes", { frameId: 1 });
    const scopeOf = async (name: string) => {
      for (const { variablesReference } of scopes)
        if (name in (await debug.values(variablesReference))) return variablesReference as number;
      throw new Error(`no ${name}`);
    };
    const set = (variablesReference: number, name: string, value: string) =>
      debug.ask("setVariable", { variablesReference, name, value });
    const open = async (reference: number, name: string): Promise<number> => {
      const { variables } = await debug.body("variables", { variablesReference: reference });
      return variables.find((one: { name: string }) => one.name === name).variablesReference;
    };
    const globals = scopes.at(-1).variablesReference;
    for (const [reference, name, value] of [
      [await scopeOf("q"), "q", "q + 10"],
      [await scopeOf("x"), "x", "20 as number"],
      [await scopeOf("y"), "y", "30"],
      [await open(await open(globals, "long"), "[100 … 149]"), "120", "-1"],
      [await open(globals, "keyed"), '"a"', "[q]"],
    ] as const)
      assert.equal((await set(reference, name, value)).success, true, name);
    for (const [reference, name, value, message] of [
      [await scopeOf("q"), "none", "1", /no 'none'/],
      [await scopeOf("q"), "q", " ", /no value for 'q'/],
      [await open(globals, "long"), "120", "1", /no '120'/],
      [await open(globals, "set"), "0", "5", /'0' cannot be set/],
      [await open(globals, "p"), "#own", "5", /no '#own'/],
      [await open(globals, "p"), "twice", "5", /'twice' cannot be set/],
      [9999, "q", "5", /no 'q'/],
    ] as const) {
      const reply = await set(reference, name, value);
      assert.equal(reply.success, false, name);
      assert.match(reply.message, message);
    }
    const copy = { srcVariableName: "q", dstVariableName: "not a name", srcFrameId: 1 };
    assert.match((await debug.ask("copyToGlobals", copy)).message, /'not a name' is no name/);
    await debug.go("continue");
    const { published } = await debug.ended(cell);
    assert.equal(streamText(published), '[[11,20,30,1],-1,[],[["a",[11]]],[]]\n');
    await debug.body("disconnect", { restart: false, terminateDebuggee: false });
  });

  it("show a promise with its state and result", async () => {
    await client.execute(
      "const kept = Promise.resolve(5), lost = Promise.reject(6), open = new Promise(() => {}); lost.catch(() => {});",
    );
    const values = await shown();
    const promises = ["kept", "lost", "open"].map((name) => values.get(name)!);
    assert.deepEqual(
      promises.map(({ value }) => value),
      ["Promise <fulfilled>", "Promise <rejected>", "Promise <pending>"],
    );
    assert.deepEqual(await debug.values(promises[0]!.variablesReference), { "[[PromiseResult]]": "5" });
  });
});
