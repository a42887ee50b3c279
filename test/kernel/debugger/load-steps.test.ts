import assert from "node:assert/strict";
import { join } from "node:path";
import { root } from "../../end-to-end/jupyter-server.js";
import { type DebugClient, startDebugging } from "./debug-client.js";

const MODEL = join(root, "notebooks", "models", "custom_attention.h5");
const ATTENTION = `%%register_custom MyAttention
class MyAttention extends tf.layers.Layer {
  units = 8;
  build(shape: number[]) {
    const width: number = shape.at(-1)!;
    this.addWeight("W", [width, this.units], "float32", tf.initializers.zeros());
    throw new RangeError("not today");
  }
}`;
const LOAD = `const before = 1;\n%load_model ${MODEL}\nconst after = 2;`;

describe("debugger: a model that is being loaded", function () {
  this.timeout(90_000);
  let debug: DebugClient;
  let stop: () => Promise<void>;

  before(async () => {
    let client;
    ({ debug, stop, client } = await startDebugging());
    await client.execute('%backend cpu\nimport * as tf from "@tensorflow/tfjs";');
    await debug.turnOn();
  });
  after(() => stop());

  it("stops at the magic, and goes through its steps and layers", async () => {
    const cell = await debug.run(LOAD, [{ line: 2 }]);
    assert.equal((await debug.stopped(cell)).reason, "breakpoint");
    assert.deepEqual(await debug.frames(), ["%load_model:2"]);
    const steps: string[] = [];
    await debug.go("stepIn");
    for (;;) {
      await debug.stopped(cell);
      const [top] = await debug.frames();
      steps.push(top!);
      if (top!.startsWith("step resolve")) break;
      await debug.go("next");
    }
    assert.deepEqual(steps, ["step identify:2", "step read:2", "step configure:2", "step resolve:2"]);
    await debug.go("stepIn");
    await debug.stopped(cell);
    const frames = await debug.frames();
    assert.match(frames[0]!, /^layer .+ \(\w+\):2$/);
    assert.equal(frames[1], "step resolve:2");
    assert.match(frames[2]!, /^load .*custom_attention\.h5:2$/);
    const { layer } = await debug.scopes();
    assert.equal(layer!["config"], "Object");
    await debug.go("next");
    await debug.stopped(cell);
    const [next] = await debug.frames();
    assert.match(next!, /^layer /);
    assert.notEqual(next, frames[0]);
    await debug.go("continue");
    await debug.ended(cell);
  });

  it("stops where a registered class fails, with the layer in view", async () => {
    await debug.ended(await debug.run(ATTENTION));
    await debug.body("setExceptionBreakpoints", { filters: ["uncaught"] });
    const cell = await debug.run(LOAD.replace("before = 1", "before = 3"));
    const { reason, text } = await debug.stopped(cell);
    assert.equal(reason, "exception");
    assert.match(text, /not today/);
    const frames = await debug.frames();
    assert.equal(frames[0], "build:7");
    assert.match(frames[1]!, /^layer attention \(MyAttention\):2$/);
    assert.match(frames[2]!, /^step /);
    assert.equal(await debug.evaluate("width * this.units"), "128");
    const { layer } = await debug.scopes(2);
    assert.ok("stored weights" in layer! && "input shapes" in layer);
    await debug.body("setExceptionBreakpoints", { filters: [] });
    await debug.go("continue"); // the layer is tried once more, with a clean slate
    await debug.ended(cell);
  });

  it("steps over a magic to the code below it", async () => {
    const code = "let one = 1;\n%time one + 1\none = 2;\none;";
    const cell = await debug.run(code, [{ line: 1 }]);
    await debug.stopped(cell);
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      await debug.go("next");
      await debug.stopped(cell);
      seen.push((await debug.frames())[0]!);
    }
    assert.deepEqual(seen, ["%time:2", "(cell):3", "(cell):4"]);
    await debug.go("continue");
    await debug.ended(cell);
  });
});
