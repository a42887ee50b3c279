import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MODELS } from "../../src/loading/reference.js";

const MAIN = fileURLToPath(new URL("../../../kernel/commands/main.js", import.meta.url));

function check(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "check", ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("loadlab check", function () {
  this.timeout(60_000);

  it("says that a model loads", () => {
    const { status, stdout } = check(`${MODELS}/mnist_cnn.h5`, "--json");
    assert.equal(status, 0);
    const { problems, ...rest } = JSON.parse(stdout) as { problems: { fidelity: string }[] };
    assert.ok(problems.every(({ fidelity }) => fidelity === "exact"));
    assert.deepEqual(rest, {
      format: "keras-hdf5",
      kerasVersion: "2.21.0",
      backend: "tensorflow",
      outcome: "loaded",
      rung: "layers",
      layers: 10,
      parameters: 14410,
    });
  });

  it("says that a choice is needed, and which", () => {
    const { status, stdout } = check(`${MODELS}/custom_attention.h5`, "--json");
    assert.equal(status, 1);
    const result = JSON.parse(stdout) as { outcome: string; rung: unknown; problems: unknown[] };
    assert.equal(result.outcome, "needs-choice");
    assert.equal(result.rung, null);
    assert.deepEqual(result.problems.slice(0, 1), [
      {
        code: "C01",
        where: "attention",
        title: "The class MyAttention is unknown",
        fidelity: "equivalent",
        applied: false,
      },
    ]);
  });

  it("says how to go on in a terminal, where magics cannot be typed", () => {
    const { stdout } = check(`${MODELS}/custom_attention.h5`);
    assert.match(
      stdout,
      /In a terminal:\n.* repair .*custom_attention\.h5 --out fixed\.keras --register FILE\.ts/,
    );
    assert.doesNotMatch(check("package.json").stdout, /In a terminal:/);
  });

  it("says that a file is refused", () => {
    const { status, stdout } = check("package.json", "--json");
    assert.equal(status, 2);
    assert.equal((JSON.parse(stdout) as { outcome: string }).outcome, "refused");
  });

  it("gives one shape of answer for whatever there is", () => {
    const folder = mkdtempSync(join(tmpdir(), "loadlab-check-"));
    const at = (name: string) => join(folder, name);
    writeFileSync(at("empty.h5"), "");
    mkdirSync(at("folder"));
    symlinkSync("nowhere", at("folder/broken"));
    writeFileSync(at("cut.keras"), readFileSync("test/fixtures/archives/nested.keras").subarray(0, 4000));
    const cases: readonly [string, number, RegExp][] = [
      [at("missing.h5"), 1, /F04/],
      [at("empty.h5"), 2, /F02/],
      [at("folder"), 1, /F12/],
      [at("cut.keras"), 1, /F01/],
      ["test/fixtures/hdf5/external_link.h5", 2, /F18/],
      ["test/fixtures/arrays/named.npz", 1, /F09/],
    ];
    const keys = ["format", "kerasVersion", "backend", "outcome", "rung", "layers", "parameters", "problems"];
    for (const [path, status, code] of cases) {
      const result = check(path, "--json");
      const answer = JSON.parse(result.stdout) as { problems: Record<string, unknown>[] };
      assert.deepEqual(Object.keys(answer), keys, path);
      const codes = answer.problems.map((problem) => {
        assert.deepEqual(Object.keys(problem), ["code", "where", "title", "fidelity", "applied"], path);
        return problem["code"];
      });
      assert.match(codes.join(" "), code, path);
      assert.equal(result.status, status, `${path}: ${codes.join(" ")}`);
      assert.doesNotMatch(result.stderr, /\n\s+at .*\.js:\d/, path);
    }
    rmSync(folder, { recursive: true });
  });

  it("calls a damaged file damaged, once, and loads what its lists no longer lead to", () => {
    const folder = mkdtempSync(join(tmpdir(), "loadlab-damaged-"));
    const path = join(folder, "damaged.h5");
    // The first node of names is the root's.
    const bytes = readFileSync("test/fixtures/archives/nested.h5");
    const node = bytes.indexOf("SNOD");
    writeFileSync(path, bytes.fill(0, node, node + 40));
    const { status, stdout } = check(path, "--json");
    const { outcome, problems } = JSON.parse(stdout) as {
      outcome: string;
      problems: { code: string; title: string; applied: boolean }[];
    };
    assert.deepEqual([status, outcome], [0, "repaired"]);
    const told = problems.filter(({ code }) => code === "F03");
    assert.deepEqual(
      told.map(({ title, applied }) => [title, applied]),
      [["Damaged file", true]],
    );
    rmSync(folder, { recursive: true });
  });

  it("asks once about a configuration that is no JSON", () => {
    const { status, stdout } = check("test/fixtures/hdf5/keras_bad_json.h5", "--json");
    const { problems } = JSON.parse(stdout) as { problems: { code: string }[] };
    assert.equal(status, 1);
    assert.equal(problems.filter(({ code }) => code === "F08").length, 1);
  });

  it("counts what weights without an architecture store", () => {
    const { stdout } = check("test/fixtures/arrays/list.npz", "--json");
    const { rung, layers, parameters } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([rung, layers, parameters], ["weights", 1, 24]);
  });

  it("prints the card without --json", () => {
    const { status, stdout } = check(`${MODELS}/custom_attention.h5`);
    assert.equal(status, 1);
    assert.match(stdout, /● resolve[^]*%%register_custom MyAttention/);
  });
});
