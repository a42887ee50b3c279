import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder with package.json, from dist/kernel/install. */
export function packageRoot(): string {
  return join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
}
