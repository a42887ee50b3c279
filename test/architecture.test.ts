import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Each import of the folder's sources: `[from, to]`, paths from the root; packages by their name. */
function imports(folder: string): (readonly [from: string, to: string])[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return files.filter((name) => /\.ts$/.test(name)).flatMap((name) => importsOf(join(folder, name)));
}

function importsOf(file: string, types = true): (readonly [from: string, to: string])[] {
  const text = readFileSync(join(root, file), "utf8");
  const statements = text.matchAll(/^(?:import|export)\b(?<what>[^;"]*?)\bfrom\s+"(?<to>[^"]+)"/gms);
  const loaded = [...statements].filter(({ groups }) => types || !/^\s*type\b/.test(groups!["what"]!));
  return loaded.map(({ groups }) => {
    const to = groups!["to"]!;
    return [file, to.startsWith(".") ? relative(root, join(root, dirname(file), to)) : to] as const;
  });
}

describe("architecture", () => {
  it("has arrows in one direction: nothing in src/ imports kernel/ or lab/", () => {
    const wrong = imports("src").filter(([, to]) => /^(kernel|lab|test)\//.test(to));
    assert.deepEqual(wrong, []);
  });

  it("has lab/ import src/display and the plain data of a report, nothing else of ours and nothing of Node", () => {
    const wrong = imports("lab").filter(
      ([, to]) =>
        /^(kernel|src|test|node:)/.test(to) &&
        !/^src\/(display\/|notation\.js|loading\/(report\/report|problem)\.js)/.test(to),
    );
    assert.deepEqual(wrong, []);
  });

  it("has kernel/ know no lab/", () => {
    const wrong = imports("kernel").filter(([, to]) => to.startsWith("lab/"));
    assert.deepEqual(wrong, []);
  });

  it("has the kernel begin without TensorFlow.js, which takes a second and 100 MB", () => {
    const statics = new Map<string, string>();
    const walk = (file: string, by: string): void => {
      if (statics.has(file)) return;
      statics.set(file, by);
      if (!file.startsWith("kernel/") && !file.startsWith("src/")) return;
      for (const [from, to] of importsOf(file.replace(/\.js$/, ".ts"), false)) walk(to, from);
    };
    for (const file of ["kernel/main.js", "kernel/runner/main.js", "kernel/cells/index.js"]) walk(file, "");
    const loaded = [...statics].filter(([file]) => file.startsWith("@tensorflow/"));
    assert.ok(statics.size > 100, `${statics.size} files`);
    assert.deepEqual(loaded, []);
  });
});
