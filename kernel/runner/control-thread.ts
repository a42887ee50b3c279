/**
 * The runner's second thread. It reads what the kernel says, whatever the main thread is doing, hands it on,
 * and interrupts the main thread: first by asking, then by terminating what runs there.
 */
import { Session } from "node:inspector/promises";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type MessagePort, workerData } from "node:worker_threads";
import { FrameReader, FrameWriter } from "./frames.js";
import type { FromRunner, ToRunner } from "./messages.js";
import { Mutex } from "./mutex.js";
import { WORDS } from "./shared-words.js";

export interface ControlThreadData {
  /** Descriptor that the kernel writes to. */
  readonly fromKernel: number;
  /** Descriptor that the kernel reads; the main thread writes there too. */
  readonly toKernel: number;
  readonly words: Int32Array;
  /** Takes what the main thread is to do. */
  readonly main: MessagePort;
  /** Takes input replies, apart from the rest so that the main thread can wait for them while a cell runs. */
  readonly input: MessagePort;
}

/** What the main thread gets: the kernel's messages, interrupts numbered. */
export type ToMain =
  Exclude<ToRunner, { type: "interrupt" }> | { readonly type: "interrupt"; readonly n: number };

/** A main thread that is not in a loop answers at once; one that is, has this long before it is stopped. */
const ANSWER_MS = 20;
const TERMINATE_MS = 200;
/** When native code has held the main thread for so long, the user is told. */
const NATIVE_MS = 1000;
/** The runner leads a process group with its children; Windows has none. */
const OWN_GROUP = process.platform === "win32" ? process.pid : -process.pid;

const { fromKernel, toKernel, words, main, input } = workerData as ControlThreadData;
const mutex = new Mutex(words, WORDS.lock);
const kernel = new FrameWriter(toKernel, mutex);
let interrupts = 0;
let interrupting: Promise<void> | null = null;

const reader = new FrameReader((frame) => {
  const message = frame as ToRunner;
  if (message.type === "interrupt") {
    interrupting ??= interrupt().finally(() => (interrupting = null));
  } else if (message.type === "input_reply") {
    input.postMessage(message);
    Atomics.add(words, WORDS.inputReplies, 1);
    Atomics.notify(words, WORDS.inputReplies);
  } else {
    main.postMessage(message satisfies ToMain);
  }
});

const socket = new Socket({ fd: fromKernel, readable: true, writable: false });
socket.on("data", (chunk) => reader.push(chunk));
// The kernel has gone without a word: nobody will read what this process does.
socket.on("close", () => process.kill(OWN_GROUP, "SIGKILL"));

async function interrupt(): Promise<void> {
  const started = performance.now();
  let told = false;
  for (;;) {
    const n = ++interrupts;
    main.postMessage({ type: "interrupt", n } satisfies ToMain);
    if (await answered(n)) return;
    await terminate();
    if (!told && performance.now() - started > NATIVE_MS) {
      kernel.write({ type: "interrupt_waits" } satisfies FromRunner);
      told = true;
    }
  }
}

async function answered(n: number): Promise<boolean> {
  const until = performance.now() + ANSWER_MS;
  while (performance.now() < until) {
    if (Atomics.load(words, WORDS.interruptsDone) >= n) return true;
    await sleep(2);
  }
  return false;
}

/**
 * Ends the JavaScript that the main thread runs; its variables stay. The lock keeps this out of the middle of
 * a frame. A session that stays connected would keep `process.exit` waiting, so each interrupt has its own.
 */
async function terminate(): Promise<void> {
  mutex.acquire();
  const session = new Session();
  try {
    session.connectToMainThread();
    await Promise.race([session.post("Runtime.terminateExecution"), sleep(TERMINATE_MS)]);
  } finally {
    session.disconnect();
    mutex.release();
  }
}
