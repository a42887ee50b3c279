/**
 * The runner: the process in which user code lives, a child of the kernel process.
 * `node main.js ENGINE_MODULE`, with two more pipes: it reads descriptor 4 and writes descriptor 3.
 */
import "../code-cache/use.js";
import { writeSync } from "node:fs";
import module from "node:module";
import { inspect } from "node:util";
import { MessageChannel, Worker } from "node:worker_threads";
import { clearAsyncIdStack } from "./async-hook-checks.js";
import { cellTimers } from "./cell-timers.js";
import { CellStreams } from "./cell-streams.js";
import { Comms } from "./comms.js";
import type { ControlThreadData, FromMain, ToMain, Work } from "./control-thread.js";
import type { EngineModule } from "./engine-module.js";
import { CARD_TARGET } from "../../src/display/card/card-messages.js";
import { loadCards } from "../magics/load-cards.js";
import { answerViews } from "../magics/answer-views.js";
import { installDebugTarget } from "../debugger/main-thread/install.js";
import { answerReadline } from "./answer-readline.js";
import { noteAwaitedChildren } from "./awaited-children.js";
import { BUFFER_BYTES, FrameBuffer } from "./frame-buffer.js";
import { FrameWriter } from "./frame-writer.js";
import { flushBeforeSignals } from "./flush-before-signals.js";
import { hideAsyncIds, hideTimerLists } from "./hide-async-ids.js";
import { keepListeners } from "./kept-listeners.js";
import { resumeImmediates, takeOverImmediates } from "./immediates.js";
import { Input, Interrupted } from "./input.js";
import type { CommMessage } from "./messages.js";
import { Mutex } from "./mutex.js";
import { CellRunner } from "./run-cell.js";
import { createWords, WORDS } from "./shared-words.js";
import { displayThrough } from "../../src/runtime/cell-display.js";
import { finishGpuWork } from "../../src/runtime/webgpu/finish-work.js";
import { calledWhole, guardCalls } from "../../src/called-whole.js";
import { takeChangesBack } from "../../src/with-change.js";
import { forgetUninterrupted, tellUninterrupted } from "../../src/uninterrupted.js";
import { createUserApi } from "./user-api.js";
import { offerCommandInCells } from "./command-in-cells.js";

const FROM_KERNEL = 4;
const TO_KERNEL = 3;

// Since Node 22: code, that of TensorFlow.js above all, is compiled once for all kernels of this machine.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();
const words = createWords();
const frames = new SharedArrayBuffer(BUFFER_BYTES);
const requests = new MessageChannel();
const inputs = new MessageChannel();
const controlThread = new Worker(new URL("./control-thread.js", import.meta.url), {
  workerData: {
    fromKernel: FROM_KERNEL,
    toKernel: TO_KERNEL,
    words,
    frames,
    main: requests.port1,
    input: inputs.port1,
  } satisfies ControlThreadData,
  transferList: [requests.port1, inputs.port1],
});
controlThread.on("error", (error) => {
  writeSync(2, `${inspect(error)}\n`);
  process.exit(1);
});

const mutex = new Mutex(words);
const kernel = new FrameWriter(new FrameBuffer(TO_KERNEL, frames, words), mutex, () =>
  requests.port2.postMessage({ type: "text waits" }),
);
const input = new Input(kernel, inputs.port2, words);
const streams = new CellStreams();
takeOverImmediates();
noteAwaitedChildren(words);
guardCalls({ enter: () => mutex.enterCall(), leave: () => mutex.leaveCall() });
tellUninterrupted((count) => void Atomics.store(words, WORDS.uninterrupted, count));
offerCommandInCells();
displayThrough({
  note: (line) => streams.current?.stream("stderr", `${line}\n`),
  show: (displayId, bundle) => streams.current?.display(bundle, { displayId }),
  update: (displayId, bundle) => streams.current?.display(bundle, { displayId, update: true }),
});
answerReadline(streams);
const comms = new Comms((message) => kernel.write({ type: "comm", cell: streams.cell, message }));
answerViews(comms);
const language = (await import(process.argv[2]!)) as EngineModule;
const folder = process.cwd();
const engine = language.createCellEngine({
  folder,
  predeclared: { ...createUserApi(streams, comms, language), ...cellTimers(streams) },
  interruption: {
    awaits: streams.awaits,
    resumed(mark) {
      if (!streams.mayGoOn(mark)) throw new Interrupted();
    },
  },
});
comms.serve(CARD_TARGET, loadCards(engine, folder));
const debugHooks = installDebugTarget(engine, language, words, (notice) =>
  requests.port2.postMessage(notice),
);
const cellEnds = () => debugHooks.cellEnds();
const cells = new CellRunner({ engine, language, kernel, input, streams, mutex, folder, cellEnds });

/** Shows what nobody caught in the cell that it comes from; the runner lives on. Ended midway, Node would end. */
const showUncaught = calledWhole((error: unknown) => {
  if (error instanceof Interrupted) return; // its cell has said so
  const { traceback } = language.describeError(error);
  process.stderr.write(`Uncaught ${traceback.join("\n")}\n`);
});

keepListeners({
  SIGINT: () => {}, // the kernel process gets it too, and interrupts
  uncaughtException: showUncaught,
  unhandledRejection: showUncaught,
  exit(code: number) {
    kernel.write({ type: "exit", cell: streams.cell, code });
    debugHooks.exits();
  },
});
flushBeforeSignals(() => kernel.flush());
streams.capture();
hideAsyncIds();
hideTimerLists();
requests.port2.on("message", (message: ToMain) => receive(message));
requests.port2.postMessage({ type: "started" } satisfies FromMain);
kernel.write({ type: "ready" });

function receive(message: ToMain): void {
  if (message.type === "interrupt") interrupt(message);
  else if (message.n > Atomics.load(words, WORDS.received)) begin(message.work, message.n);
}

/** Counts work as received once it is noted: a termination before that makes the control thread send it again. */
function begin(work: Work, n: number): void {
  const received = () => void Atomics.store(words, WORDS.received, n);
  if (work.type === "execute") {
    debugHooks.cellBegins(work.executionCount, work.code);
    cells.run(work, received);
  } else if (work.type === "comm") cells.runHandler(work.cell, () => receiveComm(work.message), received);
  else void shutDown();
}

/** A GPU with work in flight would crash the process at its exit. */
async function shutDown(): Promise<void> {
  await finishGpuWork();
  process.exit(0);
}

/** Says that it is done only at its end: if a termination cuts this short, the control thread asks again. */
function interrupt({ n, terminated }: ToMain & { type: "interrupt" }): void {
  clearAsyncIdStack();
  resumeImmediates();
  Atomics.store(words, WORDS.awaitedChildren, 0); // a call that was terminated does not count back
  if (terminated) {
    forgetUninterrupted();
    Atomics.store(words, WORDS.wholeCalls, 0);
    takeChangesBack();
  }
  cells.interrupt(terminated);
  Atomics.store(words, WORDS.interruptsDone, n);
}

function receiveComm(message: CommMessage): Promise<void> | undefined {
  try {
    return comms.receive(message)?.catch(showUncaught);
  } catch (error) {
    showUncaught(error);
    return undefined;
  }
}
