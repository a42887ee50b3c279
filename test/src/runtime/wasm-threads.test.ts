import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { currentBackend } from "../../../src/runtime/choose.js";
import { switchBackend } from "../../../src/runtime/switch.js";

describe("wasm on several threads", function () {
  this.timeout(120_000);

  it("computes on every core, eight at most", async () => {
    await switchBackend("wasm");
    const cores = Math.min(os.availableParallelism(), 8);
    assert.equal(currentBackend()!.device.device, cores > 1 ? `${cores} CPU cores` : "1 CPU core");
  });

  it("goes on with its tensors after each interruption inside of a kernel, and lets the process end", () => {
    const script = fileURLToPath(new URL("./interrupt-wasm.js", import.meta.url));
    const output = execFileSync(process.execPath, [script], { timeout: 100_000, encoding: "utf8" });
    assert.deepEqual(JSON.parse(output), { ended: 25, same: 25 });
  });
});
