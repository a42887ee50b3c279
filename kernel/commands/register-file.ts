import path from "node:path";
import { chosenExports } from "../magics/chosen-exports.js";
import { UsageError } from "./command.js";

/**
 * Runs a file of the user's, TypeScript or JavaScript, and registers each layer class and function that it exports, as
 * `%register_custom --from` does. Losses, metrics and the like it registers itself: `registerFunction` of `loadlab`.
 * @throws UsageError that says what is wrong with the file
 */
export async function registerFile(file: string): Promise<void> {
  const { ModuleLoader } = await import("../cells/modules/module-loader.js");
  const { customObjects, listFunctions, registerCustom } = await import("../../src/index.js");
  const known = () => customObjects().size + listFunctions().length;
  const before = known();
  try {
    const importer = new ModuleLoader().importer(path.resolve("notebook.ts"));
    const chosen = chosenExports(await importer.import(path.resolve(file)), null);
    if (typeof chosen !== "string")
      for (const [name, value] of chosen) registerCustom(name, value as Parameters<typeof registerCustom>[1]);
    else if (known() === before) throw new UsageError(chosen);
  } catch (error) {
    throw new UsageError(`--register ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
