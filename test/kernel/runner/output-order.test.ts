import assert from "node:assert/strict";
import { OutputOrder } from "../../../kernel/runner/output-order.js";

describe("OutputOrder", () => {
  let written: string[];
  let order: OutputOrder;
  const add = (text: string) => order.add(() => written.push(text));
  const addLater = () => {
    let arrive!: (text: string) => void;
    order.addLater(new Promise((resolve) => (arrive = (text) => resolve(() => add(text)))));
    return arrive;
  };

  beforeEach(() => {
    written = [];
    order = new OutputOrder();
  });

  it("writes at once when nothing waits", () => {
    add("a");
    assert.deepEqual(written, ["a"]);
  });

  it("keeps the order of places, whatever comes first", async () => {
    add("a");
    const b = addLater();
    add("c");
    const d = addLater();
    add("e");
    d("d");
    await Promise.resolve();
    assert.deepEqual(written, ["a"]);
    b("b");
    await order.settled();
    assert.deepEqual(written, ["a", "b", "c", "d", "e"]);
  });

  it("writes what is there when it is cut", () => {
    addLater();
    add("b");
    order.cut();
    add("c");
    assert.deepEqual(written, ["b", "c"]);
  });
});
