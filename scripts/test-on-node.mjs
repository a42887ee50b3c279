// npm run test:node -- 22 24 [-- MOCHA ARGUMENTS]: the tests on other releases of Node, fetched from npm into .node/.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./setup/node-packages.mjs";
import { inRoot, root } from "./setup/repository.mjs";
import { announced } from "./setup/run-program.mjs";

const [versions, mochaArguments] = split(process.argv.slice(2));
if (versions.length === 0) {
  console.error("Which releases? npm run test:node -- 22 24");
  process.exitCode = 2;
}
for (const version of versions) {
  const node = await fetchNode(version);
  const status = await run(node, [inRoot("scripts", "test.mjs"), ...mochaArguments]);
  console.log(`Node ${version}: ${status === 0 ? "passed" : "failed"}`);
  if (status !== 0) process.exitCode = 1;
}

function split(args) {
  const end = args.indexOf("--");
  return end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
}

/** The package of one platform holds just the program; its path is returned. */
async function fetchNode(version) {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = inRoot(".node", version);
  const program = join(folder, "node_modules", name, "bin", platform === "win" ? "node.exe" : "node");
  if (existsSync(program)) return program;
  return announced(`Fetching Node ${version}`, async () => {
    const { ok, output } = await npm([
      "install",
      "--prefix",
      folder,
      "--no-save",
      "--no-audit",
      `${name}@${version}`,
    ]);
    if (!ok) throw new Error(output);
    return program;
  });
}

function run(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}
