import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { takeModelFiles } from "./model-files.js";
import { normalizeHandBuilt } from "../layers/normalization/normalize-hand-built.js";
import { orthogonalByNumbers } from "../layers/weights/orthogonal-initializer.js";
import { BackendError } from "./backend-error.js";
import { BACKEND_NAMES, type Backend, type BackendName, type Device } from "./backend.js";
import { correctGradients } from "./corrections/gradients/index.js";
import { cpu, FLOOR_DEVICE, startFloor } from "./cpu.js";
import { cuda, native } from "./native/backend.js";
import { freeWhileBackpropagating } from "./memory/backpropagation.js";
import { explainOutOfMemory } from "./memory/out-of-memory.js";
import { checkValuesOfShape } from "./values-of-shape.js";
import { keepLedger } from "./memory/tensor-ledger.js";
import { whenInterrupted } from "./memory/current-cell.js";
import { watchPredictions } from "./predict-in-batches.js";
import { takeLabelsOfAnyNumberType } from "./labels-of-any-number-type.js";
import { checkTensorsGiven } from "./tensors-given.js";
import { suppressAsTensorFlow } from "./corrections/box-suppression.js";
import { watchTraining } from "./training-in-cells.js";
import { showValuesInCells } from "./values-in-cells.js";
import { selfTest } from "./self-test.js";
import { wasm } from "./wasm/backend.js";
import { webgpu } from "./webgpu/backend.js";
import { takeEinsumOfAnyTerms } from "./einsum-of-any-terms.js";
import { refuseWindowsTooLarge } from "./windows-that-fit.js";
import { uninterruptedStart } from "../uninterrupted.js";
import { commandLine } from "../command-line.js";
import { startingOurselves, takeSetBackend } from "./set-backend-in-cells.js";

/** All back ends, in the order in which they are tried. */
export const BACKENDS: ReadonlyMap<BackendName, Backend> = new Map(
  [cuda, webgpu, native, wasm, cpu].map((backend) => [backend.name, backend]),
);

export const BACKEND_VARIABLE = "LOADLAB_BACKEND";

/** The back end that computes now, and why those before it in the order do not. */
export interface Choice {
  readonly backend: Backend;
  readonly device: Device;
  readonly passedOver: readonly {
    readonly name: BackendName;
    readonly why: string;
    readonly remedy: string;
  }[];
}

let current: Choice | null = null;
/** By registered name: `tf.setBackend` turns to one that is started past us. */
const started = new Map<string, Choice>();
let choosing: Promise<Choice> | null = null;
/** Settles when the start that is under way has ended. */
let starting: Promise<unknown> = Promise.resolve();

whenInterrupted((terminated) => {
  // What was ended midway settles no more.
  if (terminated) [choosing, starting] = [null, Promise.resolve()];
});

/** One start after the other: of two at once each would find the other's back end in the engine. */
function inTurn(start: () => Promise<Choice>): Promise<Choice> {
  const started = starting.then(() => uninterruptedStart(() => startingOurselves(start)));
  starting = started.catch(() => undefined);
  return started;
}

/** The back end in use; null before the first choice. */
export function currentBackend(): Choice | null {
  return current && (started.get(tf.getBackend()) ?? current);
}

/**
 * The first back end in the order that is there, starts and passes the self-test; the environment variable
 * LOADLAB_BACKEND names another. Chosen once: later calls give the same answer.
 * @throws BackendError when the variable names one that does not exist or does not start.
 */
export async function ensureBackend(env: NodeJS.ProcessEnv = process.env): Promise<Choice> {
  const before = currentBackend();
  if (before) return before;
  choosing ??= choose(env[BACKEND_VARIABLE]);
  try {
    return await choosing;
  } finally {
    choosing = null;
  }
}

function choose(named: string | undefined): Promise<Choice> {
  return inTurn(async () => current ?? (named ? useNamed(named) : useFirst()));
}

async function useFirst(): Promise<Choice> {
  const passedOver: { name: BackendName; why: string; remedy: string }[] = [];
  for (const backend of BACKENDS.values()) {
    try {
      const reason = await reasonAgainst(backend);
      if (reason) {
        passedOver.push({ name: backend.name, ...reason });
        continue;
      }
      return inUse({ backend, device: await startTested(backend, false), passedOver });
    } catch (error) {
      passedOver.push({ name: backend.name, ...failureOf(error) });
    }
  }
  const reasons = passedOver.map(({ name, why }) => `${name}: ${why}`).join("\n");
  throw new BackendError(`No back end can compute here.\n${reasons}`, "npm install, in loadlab's folder");
}

/** A driver or a package that fails in a way of its own must not take the back ends after it along. */
function failureOf(error: unknown): { why: string; remedy: string } {
  if (error instanceof BackendError) return { why: error.message, remedy: error.remedy };
  const [said] = String((error as Error).message).split("\n");
  return { why: `It fails: ${said}.`, remedy: `${commandLine("doctor")} looks at what is installed` };
}

/** The user of a notebook need not know of the variable: the error has to name it, and the way out. */
async function useNamed(name: string): Promise<Choice> {
  try {
    return await use(name);
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const { message, remedy } = error;
    throw new BackendError(
      `${BACKEND_VARIABLE}=${name} chooses the back end. ${message}\nTo enable it: ${remedy}\n` +
        `To go on without it: %backend wasm here, or unset ${BACKEND_VARIABLE} and restart the kernel.`,
      remedy,
      { cause: error },
    );
  }
}

async function reasonAgainst(backend: Backend): Promise<{ why: string; remedy: string } | null> {
  const examined = await backend.examine();
  if (!examined.usable) return examined;
  if (!examined.onlyIfAsked) return null;
  return {
    why: `${examined.found} is a software device, slower than the CPU itself.`,
    remedy: `%backend ${backend.name}`,
  };
}

/**
 * Switches to a back end by name. Tensors made before stay with the one that made them and move when they are
 * used.
 * @throws BackendError; the back end before then stays in use.
 */
export function useBackend(name: string): Promise<Choice> {
  return inTurn(() => use(name));
}

async function use(name: string): Promise<Choice> {
  const backend = BACKENDS.get(name as BackendName);
  if (!backend) {
    throw new BackendError(`There is no back end "${name}".`, `name one of ${BACKEND_NAMES.join(", ")}`);
  }
  const before = currentBackend();
  try {
    const examined = await backend.examine();
    if (!examined.usable) throw new BackendError(examined.why, examined.remedy);
    return inUse({ backend, device: await startTested(backend, true), passedOver: [] });
  } catch (error) {
    if (before) await tf.setBackend(before.backend.registeredName);
    throw error;
  }
}

function inUse(choice: Choice): Choice {
  current = choice;
  // Corrected from the first start of any.
  if (!started.has(cpu.registeredName))
    started.set(cpu.registeredName, { backend: cpu, device: FLOOR_DEVICE, passedOver: [] });
  started.set(choice.backend.registeredName, choice);
  return choice;
}

async function startTested(backend: Backend, asked: boolean): Promise<Device> {
  const device = await backend.start({ asked });
  // A cell can turn to it by tf.setBackend, past us, and must get the right numbers there too.
  startFloor();
  correctGradients();
  freeWhileBackpropagating();
  keepLedger();
  watchTraining();
  showValuesInCells();
  normalizeHandBuilt();
  checkTensorsGiven();
  takeModelFiles();
  checkValuesOfShape();
  takeLabelsOfAnyNumberType();
  refuseWindowsTooLarge();
  takeEinsumOfAnyTerms();
  suppressAsTensorFlow();
  watchPredictions();
  orthogonalByNumbers();
  explainOutOfMemory(() => currentBackend()?.backend.name ?? tf.getBackend());
  const failures = await selfTest();
  if (failures.length === 0) {
    takeSetBackend(backend.registeredName, useBackend);
    return device;
  }
  throw new BackendError(
    `${backend.name} on ${device.device} computes wrongly, and is not used: ${failures.join("; ")}.`,
    "%backend wasm computes on the CPU",
  );
}
