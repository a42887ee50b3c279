import { resolve } from "node:path";
import { type CommandOption, UsageError } from "../commands/command.js";
import { prefixDataFolder, pythonPrefix, userDataFolder } from "./jupyter-paths.js";

/** Where a kernelspec goes; the options and their meaning are those of `jupyter kernelspec install`. */
export const PLACE_OPTIONS: readonly CommandOption[] = [
  { name: "user", summary: "for this user, in every Jupyter (the default)" },
  { name: "sys-prefix", summary: "into the Python environment that is active now" },
  { name: "prefix", value: "PATH", summary: "into the environment at PATH, e.g. a virtual environment" },
];

/** The Jupyter data folder that the options name. */
export async function chosenDataFolder(options: Readonly<Record<string, unknown>>): Promise<string> {
  const chosen = PLACE_OPTIONS.filter(({ name }) => options[name] !== undefined);
  if (chosen.length > 1) {
    throw new UsageError(`Choose one of ${chosen.map(({ name }) => `--${name}`).join(", ")}.`);
  }
  if (typeof options["prefix"] === "string") return prefixDataFolder(resolve(options["prefix"]));
  if (options["sys-prefix"] === true) return prefixDataFolder(await pythonPrefix());
  return userDataFolder();
}
