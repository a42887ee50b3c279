import { backend } from "./backend.js";
import { loadModelMagic } from "./load-model.js";
import { lsmagic } from "./lsmagic.js";
import { memory } from "./memory.js";
import type { Magic } from "./magic.js";
import { registerCustomMagic } from "./register-custom.js";
import { step } from "./step.js";
import { summary } from "./summary.js";

const ALL: readonly Magic[] = [backend, loadModelMagic, lsmagic, memory, registerCustomMagic, step, summary];

/** Every magic of the kernel, by name. A new magic is one file and one line here. */
export const MAGICS: ReadonlyMap<string, Magic> = new Map(ALL.map((magic) => [magic.name, magic]));
