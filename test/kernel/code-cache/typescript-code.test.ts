import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts = require("typescript");
import { defaultRunnerOptions, nodeOptions } from "../../../kernel/runner/runner-options.js";

const MODULES = new URL("../../../kernel/code-cache/", import.meta.url);
const OPTIONS = nodeOptions(defaultRunnerOptions());
const TEXT = ts.transpile("let x: number = 1");

describe("code of TypeScript that is kept", function () {
  this.timeout(60_000);
  const folder = fs.mkdtempSync(path.join(tmpdir(), "loadlab-code-"));
  const program = path.join(folder, "load.mjs");
  const kept = () => fs.readdirSync(folder).filter((name) => name.endsWith(".code"));
  const make = () =>
    execFileSync(process.execPath, [
      ...OPTIONS,
      fileURLToPath(new URL("make.js", MODULES)),
      ...[folder, "cells"],
    ]);
  /** What a process of the same options finds there. */
  const load = (options = OPTIONS) =>
    JSON.parse(execFileSync(process.execPath, [...options, program], { encoding: "utf8" })) as object;

  before(() => {
    fs.writeFileSync(
      program,
      `import { codeFile, evaluateTypescript, readCode } from ${JSON.stringify(new URL("typescript-code.js", MODULES).href)};
      import { createRequire } from "node:module";
      import { setV8Flags } from ${JSON.stringify(new URL("v8-flags.js", MODULES).href)};
      setV8Flags("cells");
      const code = readCode(codeFile(${JSON.stringify(folder)}, "cells"));
      const rejected = code && evaluateTypescript(code).cachedDataRejected;
      const ts = createRequire(${JSON.stringify(import.meta.url)})("typescript");
      const text = ts.transpile("let x: number = 1");
      console.log(JSON.stringify({ found: code !== undefined, rejected, text }));`,
    );
    make();
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it("is taken by V8", () => {
    assert.deepEqual(load(), { found: true, rejected: false, text: TEXT });
  });

  it("is not looked at by a process with other options", () => {
    assert.deepEqual(load([...OPTIONS, "--stack-size=900"]), { found: false, text: TEXT });
  });

  it("is made once", () => {
    const [file] = kept();
    const { mtimeMs } = fs.statSync(path.join(folder, file!));
    make();
    assert.deepEqual(kept(), [file]);
    assert.equal(fs.statSync(path.join(folder, file!)).mtimeMs, mtimeMs);
  });

  it("is passed over when it was damaged, and takes the place of an older one", () => {
    const file = path.join(folder, kept()[0]!);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    fs.rmSync(file);
    fs.writeFileSync(path.join(folder, "typescript-cells-0000.code"), "of another Node");
    make();
    assert.deepEqual(kept(), [path.basename(file)]);
    fs.writeFileSync(file, bytes);
    assert.deepEqual(load(), { found: false, text: TEXT });
  });
});
