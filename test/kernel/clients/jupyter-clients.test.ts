import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { writeKernelspec } from "../../../kernel/install/kernelspec.js";
import { requireJupyter, root } from "../../end-to-end/jupyter-server.js";

const run = promisify(execFile);

/** Clients that others wrote, each in a Python script beside this file; a script fails by its exit code. */
const SCRIPTS = {
  "jupyter_kernel_test, every attribute set": "conformance.py",
  "jupyter console in a terminal": "console.py",
  "jupyter_client over CurveZMQ": "encrypted.py",
  "papermill and nbconvert --execute": "notebooks.py",
};

describe("Jupyter clients", function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "clients-"));
    await writeKernelspec(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, script] of Object.entries(SCRIPTS)) {
    it(name, async function () {
      const python = requireJupyter(this);
      const env = {
        ...process.env,
        JUPYTER_PATH: folder,
        LOADLAB_HISTORY: path.join(folder, "history.jsonl"),
      };
      await run(python, [path.join(root, "test", "kernel", "clients", script)], { env, cwd: folder });
    });
  }
});
