import { readFileSync } from "node:fs";
import { MissingPart } from "./missing-part.mjs";
import { inRoot } from "./repository.mjs";

/** @throws MissingPart when this Node is not in the `engines` range of package.json. */
export function requireNodeVersion(version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  if (inRange(version, engines.node)) return;
  throw new MissingPart(`loadlab needs Node ${engines.node}; this is Node ${version}.`, [
    "Install the current LTS release from https://nodejs.org, or by your version manager:",
    "nvm install --lts      (or: fnm install --lts, volta install node)",
  ]);
}

/** The part of semver that `engines` uses: `^20.19.0 || >=24`. */
export function inRange(version, range) {
  const have = version.split(".").map(Number);
  return range.split("||").some((alternative) => {
    const [, sign, numbers] = /^\s*(\^|>=)([\d.]+)\s*$/.exec(alternative) ?? [];
    if (numbers === undefined) throw new Error(`cannot read the range ${range}`);
    const need = numbers.split(".").map(Number);
    return atLeast(have, need) && (sign === ">=" || have[0] === need[0]);
  });
}

function atLeast(have, need) {
  for (const [i, part] of need.entries()) {
    if ((have[i] ?? 0) !== part) return (have[i] ?? 0) > part;
  }
  return true;
}
