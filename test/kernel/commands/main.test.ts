import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../../kernel/version.js";
import { MODELS } from "../../src/loading/reference.js";

const MAIN = fileURLToPath(new URL("../../../kernel/commands/main.js", import.meta.url));

const loadlab = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });

describe("the command loadlab", function () {
  this.timeout(60_000);

  it("says its version, and helps with a command whichever way it is asked", () => {
    for (const asked of ["--version", "-v", "version"]) assert.equal(loadlab(asked).stdout, `${VERSION}\n`);
    const { status, stdout } = loadlab("help", "check");
    assert.equal(status, 0);
    assert.equal(stdout, loadlab("check", "--help").stdout);
    assert.match(stdout, /loadlab check PATH/);
  });

  it("names the command that was meant", () => {
    const { status, stderr } = loadlab("chekc", "model.h5");
    assert.equal(status, 2);
    assert.match(stderr, /^loadlab has no command "chekc"\. Did you mean check\?$/m);
    assert.doesNotMatch(loadlab("zzzzzz").stderr, /Did you mean/);
  });

  it("ends without a trace when nobody reads on", async () => {
    const child = spawn(process.execPath, [MAIN, "check", `${MODELS}/custom_attention.h5`]);
    child.stdout.destroy();
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    await once(child, "close");
    assert.equal(said, "");
  });

  it("says in a line that its output cannot be written", function () {
    // A device of Linux alone: always full.
    if (!fs.existsSync("/dev/full")) {
      console.log("        skipped: no /dev/full here");
      return this.skip();
    }
    const full = fs.openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [MAIN, "--help"], {
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    fs.closeSync(full);
    assert.equal(status, 2);
    assert.match(stderr, /^The output cannot be written: ENOSPC[^\n]*\n$/);
  });
});
