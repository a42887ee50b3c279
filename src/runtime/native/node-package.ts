import { execFile } from "node:child_process";
import { existsSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { BackendError } from "../backend-error.js";

const run = promisify(execFile);
const require = createRequire(import.meta.url);

const NAME = "@tensorflow/tfjs-node-gpu";
const VERSION = "4.22.0";
/** What its compiled JavaScript requires beside tfjs itself. */
const PROTOBUF = "google-protobuf";
const PROTOBUF_VERSION = "3.21.4";

/**
 * The folder of tfjs-node-gpu: the installed one, else one fetched into the cache (asked for by the command that
 * calls this). Its install script, which downloads a TensorFlow of 2022, is never run.
 * @param cache the cache folder
 */
export async function nodePackage(cache: string, say: (line: string) => void): Promise<string> {
  const installed = installedNodePackage();
  if (installed) return installed;
  const modules = join(cache, "node_modules");
  say(`Fetching ${NAME} ${VERSION} with npm ...`);
  const place = await fetchPackage(modules, NAME, VERSION);
  await fetchPackage(modules, PROTOBUF, PROTOBUF_VERSION);
  return linked(place);
}

/** Where npm put it beside loadlab; null when it did not. */
export function installedNodePackage(): string | null {
  try {
    return dirname(require.resolve(`${NAME}/package.json`));
  } catch {
    return null;
  }
}

async function fetchPackage(modules: string, name: string, version: string): Promise<string> {
  const place = join(modules, name);
  if (existsSync(join(place, "package.json"))) return place;
  const wanted = `${name}@${version}`;
  await mkdir(place, { recursive: true });
  try {
    const { stdout } = await run("npm", ["pack", wanted, "--silent", "--pack-destination", place]);
    const archive = join(place, stdout.trim().split("\n").at(-1)!);
    await run("tar", ["-xzf", archive, "-C", place, "--strip-components=1"]);
    await rm(archive);
    return place;
  } catch (error) {
    await rm(place, { recursive: true, force: true });
    const reason = ((error as { stderr?: string }).stderr || String(error)).trim().split("\n")[0];
    throw new BackendError(
      `${wanted} could not be fetched: ${reason}`,
      `npm install --ignore-scripts ${NAME}@${VERSION}`,
      {
        cause: error,
      },
    );
  }
}

/** A fetched package, made to meet loadlab's own tfjs: a second copy would not know the first one's models. */
export function linked(place: string): string {
  const link = join(dirname(place), "tfjs");
  const own = dirname(require.resolve("@tensorflow/tfjs/package.json"));
  if (existsSync(link) && realpathSync(link) === realpathSync(own)) return place;
  rmSync(link, { force: true });
  symlinkSync(own, link);
  return place;
}
