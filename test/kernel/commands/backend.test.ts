import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { whyNotCompiled } from "../../../src/runtime/native/build-binding.js";
import { LIBRARIES } from "../../../src/runtime/native/find-tensorflow.js";
import {
  BINDING,
  DESCRIPTION,
  HOLD_SIGNALS,
  readInstallation,
  RETURN_MEMORY,
  STDERR_CAPTURE,
} from "../../../src/runtime/native/installation.js";

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), "../../../kernel/commands/main.js");

/** The python3 of the PATH itself, not a script that looks for it: left while all else is taken away. */
function pythonHere(): string | null {
  const { status, stdout } = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : null;
}

describe("loadlab backend add native, where something is missing", function () {
  this.timeout(180_000);
  let scratch: string;
  let python: string;

  before(function () {
    const found = pythonHere();
    if (found === null || process.platform === "win32") {
      console.log("      skipped: there is no python3 on the PATH");
      return this.skip();
    }
    python = found;
  });
  beforeEach(() => void (scratch = mkdtempSync(join(tmpdir(), "loadlab-add-"))));
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  /** Runs the command with nothing on the PATH but what is linked into it. */
  function add(args: readonly string[], env: NodeJS.ProcessEnv = {}, programs: readonly string[] = []) {
    const bin = join(scratch, "bin");
    mkdirSync(bin, { recursive: true });
    for (const path of programs) symlinkSync(path, join(bin, "python3"));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [PROGRAM, "backend", "add", "native", ...args],
      {
        encoding: "utf8",
        cwd: scratch,
        env: { PATH: bin, HOME: scratch, XDG_CACHE_HOME: join(scratch, "cache"), ...env },
      },
    );
    return { status, said: stderr.trim(), out: stdout };
  }

  /** A package folder as pip leaves it, as far as it is looked at. */
  function packageOf(version: string, files: readonly string[]): NodeJS.ProcessEnv {
    const site = join(scratch, "site");
    for (const file of ["tensorflow/__init__.py", ...files]) {
      mkdirSync(dirname(join(site, file)), { recursive: true });
      writeFileSync(join(site, file), /\.so/.test(file) ? library() : "");
    }
    const info = join(site, `tensorflow_cpu-${version}.dist-info`);
    mkdirSync(info);
    writeFileSync(
      join(info, "METADATA"),
      `Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: ${version}\n`,
    );
    return { PYTHONPATH: site };
  }

  /** The beginning of a library, which says of itself that it has `size` bytes. */
  function library(size = 64, machine = process.arch === "arm64" ? 183 : 62): Buffer {
    const header = Buffer.alloc(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    header.writeUInt16LE(machine, 18);
    header.writeBigUInt64LE(BigInt(size), 40);
    return header;
  }

  const WHOLE = [
    "tensorflow/libtensorflow_cc.so.2",
    "tensorflow/libtensorflow_framework.so.2",
    "tensorflow/libtensorflow_cc.2.dylib",
    "tensorflow/libtensorflow_framework.2.dylib",
    "tensorflow/include/tensorflow/c/c_api.h",
  ];

  /** One sentence, and one line of what to do; no stack. */
  function assertTold(
    { status, said }: { status: number | null; said: string },
    why: RegExp,
    remedy: RegExp,
  ): void {
    assert.equal(status, 1, said);
    const lines = said.split("\n");
    assert.match(said, why);
    assert.match(lines.at(-1)!, /^-> /);
    assert.match(lines.at(-1)!, remedy);
    assert.doesNotMatch(said, /^\s+at /m);
  }

  it("no compiler", () => {
    assertTold(
      add([], packageOf("2.21.0", WHOLE), [python]),
      /there is no C\+\+ compiler/,
      /apt install g\+\+/,
    );
    assert.ok(!existsSync(join(scratch, "cache/loadlab/native")));
  });

  it("no Python", () => {
    assertTold(add([]), /There is no python3 here\./, /install Python 3/);
  });

  it("a Python that is not there", () => {
    const path = join(scratch, "nothing/python");
    assertTold(
      add(["--python", path]),
      /nothing\/python \(--python\): there is no such program/,
      /--python PATH/,
    );
  });

  it("a TensorFlow that is too old", () => {
    const env = packageOf("2.9.1", ["tensorflow/include/tensorflow/c/c_api.h"]);
    assertTold(
      add(["--python", python], env),
      /tensorflow 2\.9\.1 .* lacks .*; 2\.13 or newer has them/,
      /--python PATH/,
    );
  });

  it("a TensorFlow that is broken off", () => {
    const env = packageOf("2.21.0", WHOLE.slice(0, 4));
    assertTold(add(["--python", python], env), /lacks its header files .* -m pip install/, /--python PATH/);
  });

  it("a library that was cut off, or is for another processor", function () {
    if (process.platform !== "linux") return this.skip();
    const env = packageOf("2.21.0", WHOLE);
    const path = join(scratch, "site/tensorflow/libtensorflow_framework.so.2");
    writeFileSync(path, library(4096));
    const mends = /--python PATH/;
    const cut = add(["--python", python], env);
    assertTold(
      cut,
      /libtensorflow_framework\S* of .* is cut off: it has 64 bytes of 4096; .* -m pip install/,
      mends,
    );
    writeFileSync(path, library(64, process.arch === "arm64" ? 62 : 183));
    assertTold(add(["--python", python], env), /is made for another processor than Node/, mends);
  });

  it("a Python whose program is gone, is old, or is none", () => {
    const mends = /backend add native alone/;
    const path = join(scratch, "python");
    symlinkSync("/nowhere/python3", path);
    assertTold(add(["--python", path]), /it leads to \/nowhere\/python3, which is gone/, mends);
    const old = join(scratch, "old");
    writeFileSync(old, '#!/bin/sh\necho \'{"old": "3.6.15"}\'\n', { mode: 0o755 });
    assertTold(add(["--python", old]), /Python 3\.6\.15 is too old: TensorFlow 2\.13 needs 3\.8/, mends);
    const other = join(scratch, "other");
    writeFileSync(other, "#!/bin/sh\necho hello\n", { mode: 0o755 });
    assertTold(add(["--python", other]), /it is no Python/, mends);
    writeFileSync(join(scratch, "file"), "");
    assertTold(add(["--python", join(scratch, "file")]), /it is no program/, mends);
  });

  it("names an active environment that is broken", () => {
    const broken = join(scratch, "broken/bin");
    mkdirSync(broken, { recursive: true });
    symlinkSync("/nowhere/python3", join(broken, "python"));
    const env = { ...packageOf("2.21.0", WHOLE), VIRTUAL_ENV: dirname(broken), PYTHONPATH: "" };
    const nowhere = {
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_RETRIES: "1",
      PIP_CONFIG_FILE: "/dev/null",
    };
    const { out } = add([], { ...env, ...nowhere }, [python]);
    assert.match(out, /broken\/bin\/python \(VIRTUAL_ENV\): it leads to \/nowhere\/python3, which is gone/);
  });

  it("another call at work, and one that was killed", () => {
    const cache = join(scratch, "cache/loadlab");
    mkdirSync(cache, { recursive: true });
    symlinkSync(String(process.pid), join(cache, "adding"));
    const path = join(scratch, "nothing");
    assertTold(
      add(["--python", path]),
      new RegExp(`is at work \\(process ${process.pid}\\)`),
      /wait for its end/,
    );
    rmSync(join(cache, "adding"));
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    symlinkSync(String(pid), join(cache, "adding"));
    assertTold(add(["--python", path]), /there is no such program/, /--python PATH/);
    assert.deepEqual(readdirSync(cache), []);
  });

  it("a virtual environment that is half made", () => {
    const broken = join(scratch, ".venv/bin");
    mkdirSync(broken, { recursive: true });
    symlinkSync("/nowhere/python3", join(broken, "python"));
    const own = join(scratch, "cache/loadlab/tensorflow/bin");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "python"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const nowhere = {
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_RETRIES: "1",
      PIP_CONFIG_FILE: "/dev/null",
    };
    // It is made anew, as far as the network lets it.
    const told = add([], nowhere, [python]);
    assert.match(told.out, /Making a Python environment/);
    assertTold(told, /pip cannot reach its package index|venv .*failed/, /HTTPS_PROXY|python3-venv/);
  });

  it("a cache folder that cannot be written", () => {
    writeFileSync(join(scratch, "file"), "");
    const env = { XDG_CACHE_HOME: join(scratch, "file") };
    assertTold(
      add([], env, [python]),
      /The cache folder .* cannot be written \(a file is where a folder of its path should be\)/,
      /XDG_CACHE_HOME=FOLDER/,
    );
  });
});

describe("a native installation that is not whole", function () {
  this.timeout(120_000);
  let scratch: string;
  beforeEach(() => void (scratch = mkdtempSync(join(tmpdir(), "loadlab-half-"))));
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  it("says that the disk is full, not that the compiler is too old", () => {
    const said =
      "/usr/bin/ld: final link failed: No space left on device\ncollect2: error: ld returned 1 exit status";
    const { message, remedy } = whyNotCompiled("c++", said);
    assert.match(message, /no space is left on the disk/);
    assert.match(remedy, /XDG_CACHE_HOME=FOLDER/);
  });

  it("says that memory ran out, not that the compiler is too old", () => {
    const { message } = whyNotCompiled("c++", "c++: fatal error: Killed signal terminated program cc1plus");
    assert.match(message, /memory runs out/);
  });

  it("is told when a library beside the binding points nowhere", () => {
    const folder = join(scratch, "loadlab/native");
    const tensorflow = join(scratch, "tensorflow");
    for (const path of [folder, tensorflow]) mkdirSync(path, { recursive: true });
    for (const name of [BINDING, STDERR_CAPTURE, HOLD_SIGNALS, RETURN_MEMORY])
      writeFileSync(join(folder, name), "");
    for (const name of LIBRARIES) {
      writeFileSync(join(tensorflow, name), "");
      symlinkSync(join(scratch, "gone", name), join(folder, name));
    }
    const described = {
      tensorflow: { folder: tensorflow, version: "2.21.0" },
      cuda: false,
      package: scratch,
    };
    writeFileSync(join(scratch, "package.json"), "{}");
    writeFileSync(join(folder, DESCRIPTION), JSON.stringify(described));
    assert.throws(() => readInstallation({ XDG_CACHE_HOME: scratch }), /libtensorflow_cc\S* is gone/);
  });

  it("is told when a file of it was cut off, as a full disk leaves it", function () {
    if (process.platform !== "linux") return this.skip();
    const folder = join(scratch, "loadlab/native");
    mkdirSync(folder, { recursive: true });
    const program = readFileSync(process.execPath);
    const whole = [STDERR_CAPTURE, HOLD_SIGNALS, RETURN_MEMORY];
    for (const name of whole) symlinkSync(process.execPath, join(folder, name));
    writeFileSync(join(folder, BINDING), program.subarray(0, 4096));
    for (const name of LIBRARIES) symlinkSync(process.execPath, join(folder, name));
    for (const name of LIBRARIES) symlinkSync(process.execPath, join(scratch, name));
    writeFileSync(join(scratch, "package.json"), "{}");
    const described = {
      tensorflow: { folder: scratch, version: "2.21.0" },
      cuda: false,
      package: scratch,
    };
    writeFileSync(join(folder, DESCRIPTION), JSON.stringify(described));
    const read = () => readInstallation({ XDG_CACHE_HOME: scratch });
    assert.throws(
      read,
      new RegExp(`tfjs_binding\\.node is cut off: it has 4096 bytes of ${program.length}\\.`),
    );
  });

  it("asked for without add, says how", () => {
    const { stderr } = spawnSync(process.execPath, [PROGRAM, "backend", "native"], { encoding: "utf8" });
    assert.match(stderr, /"native" is neither add nor remove: backend add native adds it\./);
  });

  it("doctor names a back end in the environment that there is not", () => {
    const { stdout } = spawnSync(process.execPath, [PROGRAM, "doctor"], {
      encoding: "utf8",
      env: { ...process.env, LOADLAB_BACKEND: "nonsense" },
    });
    assert.match(
      stdout,
      /LOADLAB_BACKEND +names "nonsense", and there is no such back end\s+-> one of cuda, /,
    );
  });
});
