// npm run test:node -- 22 24 [-- MOCHA ARGUMENTS]: the tests on other releases of Node, fetched from npm.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fetchedPackage } from "./setup/fetched-package.mjs";
import { inRoot, root } from "./setup/repository.mjs";

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
  const folder = await fetchedPackage(`node-${platform}-${process.arch}`, version);
  return join(folder, "bin", platform === "win" ? "node.exe" : "node");
}

function run(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}
