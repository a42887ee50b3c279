import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** npm start in a checkout of its own, on machines that lack something. */
describe("npm start", function () {
  this.timeout(60_000);
  let checkout: string;

  beforeEach(function () {
    if (process.platform === "win32") {
      console.log("      skipped, since its stand-ins for Python are shell scripts");
      this.skip();
    }
    checkout = mkdtempSync(join(tmpdir(), "loadlab-checkout-"));
    for (const name of ["package.json", "package-lock.json", "tsconfig.json"]) {
      copyFileSync(join(root, name), join(checkout, name));
    }
    cpSync(join(root, "scripts"), join(checkout, "scripts"), { recursive: true });
    mkdirSync(join(checkout, "programs"));
  });
  afterEach(() => {
    if (checkout) rmSync(checkout, { recursive: true });
  });

  /** Its exit status and what it says, with only `programs` on the PATH. */
  function start(env: NodeJS.ProcessEnv = {}): Promise<{ status: number | undefined; said: string }> {
    const options = { env: { ...process.env, PATH: join(checkout, "programs"), ...env } };
    return new Promise((resolve) => {
      execFile(process.execPath, [join(checkout, "scripts", "start.mjs")], options, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : (error.code as unknown as number), said: stdout + stderr }),
      );
    });
  }

  /** As if the packages were installed and the sources built, so that Python is what it comes to. */
  function installedAndBuilt(): void {
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    const stamp = join(checkout, "dist", ".built");
    mkdirSync(join(checkout, "dist"));
    writeFileSync(stamp, "");
    const later = new Date(Date.now() + 60_000);
    utimesSync(stamp, later, later);
  }

  function program(name: string, script: string): void {
    const path = join(checkout, "programs", name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }

  it("says what to install when there is no Python", async () => {
    installedAndBuilt();
    const { status, said } = await start();
    assert.equal(status, 1);
    assert.match(
      said,
      /needs Python 3\.10 or newer; none was found \(looked for python3, python\)\.\n {2}Install it/,
    );
  });

  it("says which Python it found when that is too old", async () => {
    installedAndBuilt();
    program("python3", "echo 3 8");
    const { status, said } = await start();
    assert.equal(status, 1);
    assert.match(said, /needs Python 3\.10 or newer; python3 is 3\.8/);
  });

  it("says what to install when Python has no venv", async () => {
    installedAndBuilt();
    program(
      "python3",
      'case "$2" in *ensurepip*) echo "No module named ensurepip"; exit 1;; *) echo 3 12;; esac',
    );
    const { status, said } = await start();
    assert.equal(status, 1);
    assert.match(said, /cannot make virtual environments[^]*No module named ensurepip/);
  });

  it("says that the network is missing when packages cannot be downloaded", async () => {
    const nowhere = { npm_config_registry: "http://127.0.0.1:9", npm_config_fetch_retries: "0" };
    const env = { ...nowhere, PATH: process.env["PATH"]!, npm_config_cache: join(checkout, "cache") };
    const { status, said } = await start(env);
    assert.equal(status, 1);
    assert.match(said, /the npm registry does not answer\.\n {2}Connect this machine to the network/);
  });

  it("never installs through a link to another checkout's node_modules", async () => {
    mkdirSync(join(checkout, "elsewhere"));
    symlinkSync(join(checkout, "elsewhere"), join(checkout, "node_modules"));
    const { status, said } = await start();
    assert.equal(status, 1);
    assert.match(said, /node_modules is a link/);
  });

  it("says which Node it needs", async () => {
    const { inRange } = (await import(join(root, "scripts", "setup", "node-version.mjs"))) as {
      inRange(version: string, range: string): boolean;
    };
    const range = "^20.19.0 || ^22.12.0 || >=24";
    for (const good of ["20.19.0", "20.20.2", "22.12.0", "22.23.1", "24.0.0", "25.1.0"]) {
      assert.ok(inRange(good, range), good);
    }
    for (const bad of ["18.20.0", "20.18.9", "21.7.0", "22.11.0", "23.9.0"])
      assert.ok(!inRange(bad, range), bad);
  });
});
