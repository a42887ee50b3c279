import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inRoot, root } from "./repository.mjs";
import { announced, runProgram } from "./run-program.mjs";

const SOURCES = ["kernel", "src", "test", "bench"];
const LAB_SOURCES = ["lab", "scripts/build-lab.mjs"];
const STAMP = inRoot("dist", ".built");

/** Compiles to dist/ when a source is newer than the last build. */
export async function build() {
  if (isBuildCurrent()) return;
  await announced("Building (tsc)", async () => {
    removeOrphans();
    const tsc = inRoot("node_modules", "typescript", "bin", "tsc");
    await runNode([tsc, "--pretty", "false"]);
    await runNode([tsc, "--pretty", "false", "-p", "lab"]);
    await runNode([inRoot("scripts", "build-lab.mjs")]);
    writeFileSync(STAMP, "");
  });
}

async function runNode(args) {
  const { ok, output } = await runProgram(process.execPath, args, { cwd: root });
  if (!ok) throw new Error(`The build failed.\n${output}`);
}

function isBuildCurrent() {
  const built = modified(STAMP);
  const configs = ["package.json", "package-lock.json", "tsconfig.json"].map((name) => inRoot(name));
  const sources = [...SOURCES, ...LAB_SOURCES].flatMap((folder) => [
    inRoot(folder),
    ...below(inRoot(folder)),
  ]);
  return [...configs, ...sources].every((path) => modified(path) < built);
}

/** Output of a source that is gone would still be run by mocha. */
function removeOrphans() {
  for (const output of SOURCES.flatMap((folder) => below(inRoot("dist", folder)))) {
    const compiled = /\.(js|js\.map|d\.ts)$/.exec(output);
    if (compiled === null) continue;
    const source = inRoot(relative(inRoot("dist"), output).slice(0, -compiled[0].length));
    if (!existsSync(`${source}.ts`)) rmSync(output);
  }
}

function below(folder) {
  if (!existsSync(folder)) return [];
  if (statSync(folder).isFile()) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function modified(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
