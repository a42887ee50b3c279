import assert from "node:assert/strict";
import { byteText, count, fileName, plural, printable, shapeText } from "../../src/notation.js";

describe("notation", () => {
  it("writes shapes as Keras does", () => {
    assert.equal(shapeText([null, 28, 28, 1]), "(None, 28, 28, 1)");
    assert.equal(shapeText([16]), "(16,)");
    assert.equal(shapeText([]), "()");
  });

  it("writes counts and bytes", () => {
    assert.equal(count(1234567), "1,234,567");
    assert.equal(plural(1, "class", "classes"), "1 class");
    assert.equal(plural(2, "class", "classes"), "2 classes");
    assert.deepEqual([0, 1023, 1024, 5140, 3 * 1024 ** 3].map(byteText), [
      "0 B",
      "1023 B",
      "1.0 KB",
      "5.0 KB",
      "3.0 GB",
    ]);
  });

  it("makes control characters visible and cuts what is long", () => {
    assert.equal(printable("a\u001b[31m\nb"), "a␛[31m␊b");
    assert.equal(printable("x".repeat(20), 5), "xxxx…");
  });

  it("finds the file's name", () => {
    assert.equal(fileName("a/b\\c.h5"), "c.h5");
    assert.equal(fileName("models/saved/"), "saved");
  });
});
