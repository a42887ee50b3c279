// npm test: prepares what the tests need, then runs mocha with the arguments given;
// all tests, unless files are among the arguments: npm test -- dist/test/src/formats/architecture.test.js
import { availableParallelism } from "node:os";
import { build } from "./setup/build.mjs";
import { installKernelspec } from "./setup/kernelspec.mjs";
import { MissingPart } from "./setup/missing-part.mjs";
import { installNodePackages } from "./setup/node-packages.mjs";
import { requireNodeVersion } from "./setup/node-version.mjs";
import { installPythonPackages } from "./setup/python.mjs";
import { runSideBySide } from "./side-by-side.mjs";

/** What takes most of the processor, and what mostly waits for processes. */
const PARTS = [["dist/test/src/**/*.test.js"], ["dist/test/*.test.js", "dist/test/!(src)/**/*.test.js"]];

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

/** @returns {Promise<number>} an exit status */
function runMocha(args, environment) {
  const named = args.some((argument) => argument.endsWith(".test.js"));
  const parts = named ? [[]] : availableParallelism() > 1 ? PARTS : [PARTS.flat()];
  return runSideBySide(
    parts.map((files) => [...args, ...files]),
    { ...process.env, ...environment },
  );
}
