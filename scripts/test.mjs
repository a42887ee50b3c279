// npm test: prepares what the tests need, then runs mocha with the arguments given;
// all tests, unless files are among the arguments: npm test -- dist/test/src/formats/architecture.test.js
import { spawn } from "node:child_process";
import { build } from "./setup/build.mjs";
import { installKernelspec } from "./setup/kernelspec.mjs";
import { MissingPart } from "./setup/missing-part.mjs";
import { installNodePackages } from "./setup/node-packages.mjs";
import { requireNodeVersion } from "./setup/node-version.mjs";
import { installPythonPackages } from "./setup/python.mjs";
import { inRoot, root } from "./setup/repository.mjs";

try {
  requireNodeVersion();
  await installNodePackages();
  await build();
  const environment = await prepareJupyter();
  process.exitCode = await runMocha(process.argv.slice(2), environment);
} catch (error) {
  console.error(error instanceof MissingPart ? `\n${error}` : `\n${error.message}`);
  console.log("0 passed, 1 failed, 0 skipped");
  process.exitCode = 1;
}

/** Without Python the tests that need Jupyter skip themselves and print this reason. */
async function prepareJupyter() {
  try {
    await installPythonPackages("test");
    await installKernelspec();
    return {};
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error;
    console.log(`\nTests with Jupyter are skipped. ${error}\n`);
    return { LOADLAB_NO_JUPYTER: error.message };
  }
}

/** @returns {Promise<number>} its exit status */
function runMocha(args, environment) {
  const files = args.some((argument) => argument.endsWith(".test.js")) ? [] : ["dist/test/**/*.test.js"];
  const mocha = spawn(
    process.execPath,
    [inRoot("node_modules", "mocha", "bin", "mocha.js"), ...args, ...files],
    {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: "inherit",
    },
  );
  return new Promise((resolve) => mocha.once("exit", (code, signal) => resolve(signal ? 1 : code)));
}
