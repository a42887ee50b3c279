// Reads all weights of a model and keeps them (loadlab), or its bytes one after the other (plain): for bench/files.mjs.
// node bench/read-weights.mjs loadlab|plain PATH FILE...
import fs from "node:fs";

const [how, path, ...files] = process.argv.slice(2);
const { openModelFile } = await import("../dist/src/formats/open.js");
const { readWeights } = await import("../dist/src/formats/read-weights.js");
const read = how === "plain" ? plain : weights;
const before = process.memoryUsage().rss;
const start = performance.now();
const kept = await read();
const seconds = (performance.now() - start) / 1000;
const memory = process.resourceUsage().maxRSS * 1024 - before;
const count = kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
console.log(JSON.stringify({ seconds, memory, bytes: count }));

async function weights() {
  const model = await openModelFile(path);
  const arrays = [];
  for await (const read of readWeights(model)) arrays.push(read.values);
  model.close();
  return arrays.filter(ArrayBuffer.isView);
}

/** Each file into memory of its size. */
function plain() {
  return files.map((file) => {
    const descriptor = fs.openSync(file, "r");
    const bytes = Buffer.allocUnsafeSlow(fs.fstatSync(descriptor).size);
    for (let done = 0; done < bytes.length;)
      done += fs.readSync(descriptor, bytes, done, bytes.length - done, done);
    fs.closeSync(descriptor);
    return bytes;
  });
}
