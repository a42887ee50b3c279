// The JupyterLab extension of lab/, bundled to dist/lab as a prebuilt one: no Python and no JupyterLab to build it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { inRoot } from "./setup/repository.mjs";

/** Of the extension, also the name of its folder in `share/jupyter/labextensions`. */
const NAME = "loadlab";
const OUT = inRoot("dist", "lab");

const { code, shared } = await bundle();
const module = federated(code, shared);
const file = `remoteEntry.${createHash("sha256").update(module).digest("hex").slice(0, 20)}.js`;
rmSync(OUT, { recursive: true, force: true });
mkdirSync(join(OUT, "static"), { recursive: true });
writeFileSync(join(OUT, "static", file), module);
const { version, description, license } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
writeJson("package.json", {
  ...{ name: NAME, version, description, license },
  keywords: ["jupyterlab-extension"],
  dependencies: {},
  jupyterlab: {
    extension: true,
    _build: { load: `static/${file}`, extension: "./extension" },
  },
});
writeJson("install.json", {
  packageManager: "npm",
  packageName: NAME,
  uninstallInstructions: "loadlab uninstall, with the place options that it was installed with",
});

/** What JupyterLab's page holds already is taken from there, by name. */
async function bundle() {
  const shared = new Set();
  const fromPage = {
    name: "from-page",
    setup(context) {
      context.onResolve({ filter: /^(@jupyterlab|@lumino)\// }, ({ path }) => {
        shared.add(path);
        return { path, namespace: "page" };
      });
      context.onLoad({ filter: /.*/, namespace: "page" }, ({ path }) => ({
        contents: `module.exports = fromPage[${JSON.stringify(path)}]`,
      }));
    },
  };
  const { outputFiles } = await build({
    ...{ entryPoints: [inRoot("lab", "index.ts")], tsconfig: inRoot("lab", "tsconfig.json") },
    ...{ bundle: true, write: false, format: "cjs", minify: true, target: "es2022", legalComments: "inline" },
    loader: { ".css": "text" },
    plugins: [fromPage],
  });
  return { code: outputFiles[0].text, shared: [...shared] };
}

/** A Module Federation container, as JupyterLab loads it (dev_mode/bootstrap.js): init with what is shared, then get. */
function federated(code, shared) {
  return `(() => {
  let scope;
  const load = async (name) => {
    const versions = scope[name] ?? {};
    const keys = Object.keys(versions);
    const found = versions[keys.find((key) => versions[key].loaded) ?? keys[0]];
    if (!found) throw new Error(${JSON.stringify(NAME)} + ": JupyterLab does not share " + name);
    return (await found.get())();
  };
  const container = {
    init(shared) { scope = shared; },
    async get() {
      const fromPage = {};
      await Promise.all(${JSON.stringify(shared)}.map(async (name) => { fromPage[name] = await load(name); }));
      const module = { exports: {} };
      ((module, exports) => {
${code}
      })(module, module.exports);
      const exported = { __esModule: true, default: module.exports.default };
      return () => exported;
    },
  };
  (globalThis._JUPYTERLAB ??= {})[${JSON.stringify(NAME)}] = container;
})();
`;
}

function writeJson(name, content) {
  writeFileSync(join(OUT, name), `${JSON.stringify(content, null, 2)}\n`);
}
