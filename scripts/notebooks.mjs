// npm run notebooks: executes the notebooks and stores their outputs in them; the tests compare against these.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { build } from "./setup/build.mjs";
import { installKernelspec } from "./setup/kernelspec.mjs";
import { installPythonPackages, VENV_PYTHON } from "./setup/python.mjs";
import { inRoot } from "./setup/repository.mjs";
import { announced, runProgram } from "./setup/run-program.mjs";

await build();
await installPythonPackages("test");
await installKernelspec();
const scratch = inRoot("notebooks", "scratch");
rmSync(scratch, { recursive: true, force: true });
for (const name of readdirSync(inRoot("notebooks")).filter((file) => file.endsWith(".ipynb"))) {
  await announced(`Executing ${name}`, () => execute(inRoot("notebooks", name)));
}
rmSync(scratch, { recursive: true, force: true }); // models broken on purpose: tests look for whole ones nearby

async function execute(notebook) {
  const script = inRoot("test", "end-to-end", "execute_notebook.py");
  const { ok, stdout, output } = await runProgram(VENV_PYTHON, [script, notebook]);
  if (!ok) throw new Error(output);
  writeFileSync(notebook, stdout);
}
