import type { Step } from "../problem.js";
import type { StepResult, Work } from "../work.js";
import { bind } from "./bind.js";
import { configure } from "./configure.js";
import { connect } from "./connect.js";
import { identify } from "./identify.js";
import { read } from "./read.js";
import { resolve } from "./resolve.js";
import { train } from "./train.js";
import { verify } from "./verify.js";

const RUN: Readonly<Record<Step, (work: Work) => Promise<StepResult>>> = {
  identify,
  read,
  configure,
  resolve,
  connect,
  bind,
  train,
  verify,
};

/** Does one step of a load on what the earlier ones left. */
export function runStep(step: Step, work: Work): Promise<StepResult> {
  return RUN[step](work);
}
