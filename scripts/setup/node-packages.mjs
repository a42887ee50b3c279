import { lstatSync, readFileSync } from "node:fs";
import { MissingPart } from "./missing-part.mjs";
import { inRoot, root } from "./repository.mjs";
import { announced, runProgram } from "./run-program.mjs";

/** Runs `npm ci` when node_modules is not what package-lock.json says. */
export async function installNodePackages() {
  if (areNodePackagesCurrent()) return;
  refuseLink(inRoot("node_modules"));
  await announced("Installing the Node packages (npm ci, about half a minute)", async () => {
    const { ok, output } = await npm(["ci", "--no-audit", "--no-fund", "--fetch-retry-mintimeout=2000"]);
    if (!ok) throw npmFailure(output);
  });
}

/** npm would empty the folder behind the link, which another checkout works with. */
function refuseLink(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new MissingPart("node_modules is a link, and what it points to is not what package-lock.json says.", [
    "Run npm ci where it points to, or remove the link.",
  ]);
}

/** npm notes in node_modules/.package-lock.json what it has installed there. */
export function areNodePackagesCurrent() {
  const wanted = packagesIn(inRoot("package-lock.json"));
  const installed = packagesIn(inRoot("node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" ||
      (installed[path] === undefined ? entry.optional : installed[path].version === entry.version),
  );
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages;
  } catch {
    return {};
  }
}

/** Runs the npm that started this script, or the one on the PATH. */
export function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith(".js")) return runProgram(process.execPath, [cli, ...args], { cwd: root });
  return runProgram(process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd: root });
}

function npmFailure(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i.test(output)) {
    return new MissingPart(
      "The Node packages cannot be downloaded: the npm registry does not answer.",
      [
        "Connect this machine to the network, then try again. Behind a proxy:",
        "npm config set proxy http://HOST:PORT && npm config set https-proxy http://HOST:PORT",
      ],
      output,
    );
  }
  return new MissingPart("npm ci failed.", ["What npm says is below."], output);
}
