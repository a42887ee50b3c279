import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout; the scripts work from anywhere. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A path in the checkout. */
export const inRoot = (...parts) => join(root, ...parts);
