import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { History } from "../../kernel/history.js";

describe("History", () => {
  let folder: string;
  let file: string;
  const logged: string[] = [];
  const open = (where: string | null = file) => new History(where, (text) => logged.push(text));
  const inputs = (entries: { input: string }[]) => entries.map(({ input }) => input);

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "history-"));
    file = path.join(folder, "deep", "history.jsonl");
    logged.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is done without where its folder cannot be made, as in /proc", () => {
    const history = open("/proc/none/deep/history.jsonl");
    history.add(1, "kept here", null);
    assert.deepEqual(inputs(history.tail(1)), ["kept here"]);
    assert.match(logged.join(), /The history cannot be kept/);
  });

  it("is shared by kernels that run at the same time, and kept for later ones", () => {
    const [a, b] = [open(), open()];
    a.add(1, "a1", "1");
    b.add(1, "b1", null);
    a.add(2, "a2\nwith a second line \u{1f980}", null);
    assert.deepEqual(inputs(b.tail(10)), ["a1", "b1", "a2\nwith a second line \u{1f980}"]);
    assert.deepEqual(a.range(0, 1, 2), [{ session: 1, line: 1, input: "a1", output: "1" }]);
    assert.deepEqual(inputs(b.range(-1, 1, null)).length, 2);
    const later = open();
    assert.deepEqual(inputs(later.range(2, 1, null)), ["b1"]);
    assert.deepEqual(inputs(later.range(0, 1, null)), []);
    assert.deepEqual(inputs(later.search("?1", null, false)), ["a1", "b1"]);
  });

  it("is for its user alone", function () {
    if (process.platform === "win32") {
      console.log("skipped: Windows has no file modes");
      return this.skip();
    }
    open();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
  });

  it("passes over lines that are damaged", () => {
    open().add(1, "good", null);
    appendFileSync(file, '{"session": "x", "li\n');
    const later = open();
    later.add(1, "better", null);
    assert.deepEqual(inputs(later.tail(10)), ["good", "better"]);
  });

  it("goes on in memory where it cannot be written, and says so", () => {
    const history = open("/dev/null/history");
    history.add(1, "kept", null);
    assert.deepEqual(inputs(history.tail(1)), ["kept"]);
    assert.match(logged.join(), /history cannot be kept/);
  });
});
