import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MODULE = new URL("../../src/command-line.js", import.meta.url).href;

/** The line for `list --help` as it is said in a folder, and what a shell there prints for it. */
function saidAndRun(cwd: string, env: NodeJS.ProcessEnv): { said: string; printed: string } {
  const clean = { ...process.env, npm_command: "", LOADLAB_IN_CELL: undefined, ...env };
  const code = `import { commandLine } from ${JSON.stringify(MODULE)}; console.log(commandLine("list --help"));`;
  const asked = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd,
    env: clean,
    encoding: "utf8",
  });
  const said = asked.stdout.trim();
  const run = spawnSync("bash", ["-c", said], { cwd, env: clean, encoding: "utf8" });
  return { said, printed: run.stdout + run.stderr };
}

describe("the line that hints name", function () {
  this.timeout(60_000);
  let folder: string;
  /** Without any `loadlab` of this machine. */
  const node = dirname(process.execPath);
  const path = ["/usr/bin", "/bin", node].join(delimiter);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "loadlab-line-"));
    mkdirSync(join(folder, "bin"));
    symlinkSync(join(ROOT, "bin/loadlab"), join(folder, "bin/loadlab"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is the command alone where it is on the PATH", () => {
    const { said, printed } = saidAndRun(folder, { PATH: [path, join(folder, "bin")].join(delimiter) });
    assert.equal(said, "loadlab list --help");
    assert.match(printed, /List the tensors of a model file/);
  });

  it("names the file where nothing else is there", () => {
    const { said, printed } = saidAndRun(folder, { PATH: path });
    assert.match(said, /^node ".*main\.js" list --help$/);
    assert.match(printed, /List the tensors of a model file/);
  });

  it("goes by npx in the package's own folder, and under npx", () => {
    assert.equal(saidAndRun(ROOT, { PATH: path }).said, "npx loadlab list --help");
    assert.equal(saidAndRun(folder, { PATH: path, npm_command: "exec" }).said, "npx loadlab list --help");
  });

  it("is a line for a cell in what cells start", () => {
    assert.equal(saidAndRun(folder, { PATH: path, LOADLAB_IN_CELL: "1" }).said, "!loadlab list --help");
  });
});
