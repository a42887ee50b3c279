// npm run screenshots:card: the pictures of docs/lab.md, taken by the tests that work on the card in JupyterLab.
import { spawnSync } from "node:child_process";
import { inRoot, root } from "./setup/repository.mjs";

const { status } = spawnSync(
  process.execPath,
  [inRoot("scripts", "test.mjs"), inRoot("dist", "test", "end-to-end", "card.test.js")],
  { cwd: root, stdio: "inherit", env: { ...process.env, LOADLAB_PICTURES: inRoot("docs", "images") } },
);
process.exitCode = status ?? 1;
