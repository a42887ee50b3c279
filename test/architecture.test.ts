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

function importsOf(file: string): (readonly [from: string, to: string])[] {
  const text = readFileSync(join(root, file), "utf8");
  const statements = text.matchAll(/^(?:import|export)\b(?<what>[^;"]*?)\bfrom\s+"(?<to>[^"]+)"/gms);
  return [...statements].map(({ groups }) => {
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
        !/^src\/(display\/|loading\/(report\/(report|notation)|problem)\.js)/.test(to),
    );
    assert.deepEqual(wrong, []);
  });

  it("has kernel/ know no lab/", () => {
    const wrong = imports("kernel").filter(([, to]) => to.startsWith("lab/"));
    assert.deepEqual(wrong, []);
  });
});
