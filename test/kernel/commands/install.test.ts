import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Finding } from "../../../kernel/install/examination.js";
import type { Kernelspec } from "../../../kernel/install/kernelspec.js";

const MAIN = fileURLToPath(new URL("../../../kernel/commands/main.js", import.meta.url));

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("loadlab install", function () {
  this.timeout(60_000);
  let home: string;
  let folder: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "loadlab-install-"));
    folder = join(home, "data", "kernels", "loadlab");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** The program as a user starts it, whose own Jupyter data folder is a temporary one. */
  function loadlab(...args: string[]): Promise<Ended> {
    const env = { ...process.env, JUPYTER_DATA_DIR: join(home, "data"), PATH: join(home, "no-programs") };
    return new Promise((resolve) => {
      execFile(process.execPath, [MAIN, ...args], { env }, (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  }

  it("writes a kernelspec that names this Node and this kernel, with its logos", async () => {
    assert.equal((await loadlab("install")).status, 0);
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as Kernelspec;
    assert.equal(spec.argv[0], process.execPath);
    assert.ok(existsSync(spec.argv.find((part) => part.endsWith(".js"))!));
    assert.equal(spec.argv.at(-1), "{connection_file}");
    assert.equal(spec.display_name, "TypeScript (loadlab)");
    assert.equal(spec.interrupt_mode, "message");
    assert.deepEqual(readdirSync(folder).sort(), [
      "code-cache",
      "kernel.json",
      "logo-32x32.png",
      "logo-64x64.png",
      "logo-svg.svg",
    ]);
    const kept = readdirSync(spec.env!.LOADLAB_CODE_CACHE!).map((name) => name.replace(/-\w{16}\.code$/, ""));
    assert.deepEqual(kept.sort(), ["typescript-cells", "typescript-language"]);
  });

  it("installs into a prefix, over an older kernelspec, and takes it out again", async () => {
    const prefix = join(home, "venv");
    const installed = join(prefix, "share", "jupyter", "kernels", "loadlab");
    await loadlab("install", "--prefix", prefix);
    writeFileSync(join(installed, "kernel.json"), "{}");
    await loadlab("install", "--prefix", prefix);
    assert.match(readFileSync(join(installed, "kernel.json"), "utf8"), /TypeScript \(loadlab\)/);

    assert.match((await loadlab("uninstall", "--prefix", prefix)).stdout, /Removed/);
    assert.ok(!existsSync(installed));
    const again = await loadlab("uninstall", "--prefix", prefix);
    assert.equal(again.status, 1);
    assert.match(again.stdout, /No kernel in/);
  });

  it("installs the JupyterLab extension beside it, whose one file is under 300 kB, and takes it out again", async () => {
    const prefix = join(home, "venv");
    const extension = join(prefix, "share", "jupyter", "labextensions", "loadlab");
    await loadlab("install", "--prefix", prefix);
    const { name, jupyterlab } = JSON.parse(readFileSync(join(extension, "package.json"), "utf8")) as {
      name: string;
      jupyterlab: { _build: { load: string; extension: string } };
    };
    assert.equal(name, "loadlab");
    const entry = readFileSync(join(extension, jupyterlab._build.load));
    assert.match(entry.toString(), /_JUPYTERLAB/);
    assert.ok(gzipSync(entry).length < 300_000, `${gzipSync(entry).length} bytes`);

    await loadlab("uninstall", "--prefix", prefix);
    assert.ok(!existsSync(extension));
  });

  it("says what is wrong with a call, and how it is called", async () => {
    const two = await loadlab("install", "--user", "--prefix", home);
    assert.equal(two.status, 2);
    assert.match(two.stderr, /Choose one of --user, --prefix\.[^]*loadlab install \[--user\]/);
    const unknown = await loadlab("instal");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /no command "instal"[^]*install /);
    assert.match((await loadlab("install", "--everywhere")).stderr, /--everywhere/);
    assert.match((await loadlab("--help")).stdout, /doctor/);
  });

  it("doctor says what is missing and what to do, and finds nothing wrong with a fresh kernelspec", async () => {
    const before = await findings();
    assert.match(before.get("Kernelspec")!.advice, /loadlab install/);
    assert.equal(before.get("Jupyter")!.ok, false);
    assert.equal(before.get("wasm")!.ok, true);

    await loadlab("install");
    assert.deepEqual((await findings()).get("Kernelspec"), {
      what: "Kernelspec",
      ok: true,
      found: folder,
      advice: "",
    });

    assert.equal(before.get("Extension")!.ok, "optional");
    assert.equal((await findings()).get("Extension")!.ok, true);
    rmSync(join(home, "data", "labextensions", "loadlab", "static"), { recursive: true });
    assert.match((await findings()).get("Extension")!.found, /remoteEntry\.\w+\.js, which is gone/);

    const gone = { argv: ["/gone/node", "/gone/main.js", "{connection_file}"] };
    writeFileSync(join(folder, "kernel.json"), JSON.stringify(gone));
    assert.match(
      (await findings()).get("Kernelspec")!.found,
      /\/gone\/node, \/gone\/main\.js, which is gone/,
    );
  });

  async function findings(): Promise<Map<string, Finding>> {
    const { stdout } = await loadlab("doctor", "--json");
    return new Map((JSON.parse(stdout) as Finding[]).map((finding) => [finding.what, finding]));
  }
});
