import { autoreload } from "./autoreload.js";
import { backend } from "./backend.js";
import { bash } from "./bash.js";
import { compare } from "./compare.js";
import { environment } from "./environment.js";
import { explain } from "./explain.js";
import { loadModelMagic } from "./load-model.js";
import { lsmagic } from "./lsmagic.js";
import { memory } from "./memory.js";
import type { Magic } from "./magic.js";
import { modelGraph } from "./model-graph.js";
import { npm } from "./npm.js";
import { profile } from "./profile.js";
import { registerCustomMagic } from "./register-custom.js";
import { saveModelMagic } from "./save-model.js";
import { step } from "./step.js";
import { summary } from "./summary.js";
import { time } from "./time.js";
import { timeit } from "./timeit.js";
import { typecheck } from "./typecheck.js";
import { whos } from "./whos.js";

const ALL: readonly Magic[] = [
  autoreload,
  backend,
  bash,
  compare,
  environment,
  explain,
  loadModelMagic,
  lsmagic,
  memory,
  modelGraph,
  npm,
  profile,
  registerCustomMagic,
  saveModelMagic,
  step,
  summary,
  time,
  timeit,
  typecheck,
  whos,
];

/** Every magic of the kernel, by name. A new magic is one file and one line here. */
export const MAGICS: ReadonlyMap<string, Magic> = new Map(ALL.map((magic) => [magic.name, magic]));
