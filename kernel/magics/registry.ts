import { lsmagic } from "./lsmagic.js";
import type { Magic } from "./magic.js";

/** Every magic of the kernel, by name. A new magic is one file and one line here. */
export const MAGICS: ReadonlyMap<string, Magic> = new Map([lsmagic].map((magic) => [magic.name, magic]));
