import { existsSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./node-packages.mjs";
import { inRoot } from "./repository.mjs";
import { announced } from "./run-program.mjs";

/**
 * The folder of an npm package that is no dependency: a program to test on or to compare with. Kept in .fetched/.
 * @param {string} name
 * @param {string} version a version or range
 */
export async function fetchedPackage(name, version) {
  const prefix = inRoot(".fetched", `${name}@${version}`);
  const folder = join(prefix, "node_modules", name);
  if (existsSync(folder)) return folder;
  return announced(`Fetching ${name}@${version}`, async () => {
    const { ok, output } = await npm([
      "install",
      "--prefix",
      prefix,
      "--no-save",
      "--no-audit",
      `${name}@${version}`,
    ]);
    if (!ok) throw new Error(output);
    return folder;
  });
}
