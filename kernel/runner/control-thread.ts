/**
 * The runner's second thread. It reads what the kernel says, whatever the main thread is doing, hands it on,
 * and interrupts the main thread: first by asking, then by terminating what runs there.
 */
import { Session } from "node:inspector/promises";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type MessagePort, workerData } from "node:worker_threads";
import type { DebugRequest } from "../debugger/dap.js";
import type { Debugger } from "../debugger/debugger.js";
import type { DebugNotice } from "../debugger/main-thread/hooks.js";
import { latestChild } from "../process-tree.js";
import { FrameBuffer } from "./frame-buffer.js";
import { FrameReader } from "./frames.js";
import type { FromRunner, ToRunner } from "./messages.js";
import { Mutex } from "./mutex.js";
import { WORDS } from "./shared-words.js";

export interface ControlThreadData {
  /** Descriptor that the kernel writes to. */
  readonly fromKernel: number;
  /** Descriptor that the kernel reads; the main thread writes there too. */
  readonly toKernel: number;
  readonly words: Int32Array;
  /** Of the FrameBuffer. */
  readonly frames: SharedArrayBuffer;
  /** Takes what the main thread is to do. */
  readonly main: MessagePort;
  /** Takes input replies, apart from the rest so that the main thread can wait for them while a cell runs. */
  readonly input: MessagePort;
}

/** What the kernel wants done on the main thread. */
export type Work = Exclude<ToRunner, { type: "interrupt" | "input_reply" | "debug" }>;

/** What the main thread gets, numbered so that nothing is lost or done twice. */
export type ToMain =
  /** `terminated`: what ran on the main thread was ended for it. */
  | { readonly type: "interrupt"; readonly n: number; readonly terminated: boolean }
  | { readonly type: "work"; readonly n: number; readonly work: Work };

/** What the main thread says to this one. */
export type FromMain = { readonly type: "started" } | { readonly type: "text waits" } | DebugNotice;

/** A main thread that is not in a loop answers at once; one that is, has this long before it is stopped. */
const ANSWER_MS = 20;
/** The same while it loads a module or starts a back end, which it would be left without. */
const LOADING_MS = 5000;
/** Text waits so long for more of it. */
const FLUSH_MS = 10;
/** When native code has held the main thread for so long, the user is told. */
const NATIVE_MS = 1000;
/** A child process that the main thread waits for is asked to end after so long, and ended after so long again. */
const CHILD_MS = 100;
const CHILD_ENDS_MS = 500;
/** The runner leads a process group with its children; Windows has none. */
const INTERRUPT_WAITS: FromRunner = { type: "interrupt_waits" };
const OWN_GROUP = process.platform === "win32" ? process.pid : -process.pid;

const { fromKernel, toKernel, words, frames, main, input } = workerData as ControlThreadData;
const mutex = new Mutex(words);
const buffer = new FrameBuffer(toKernel, frames, words);
let interrupts = 0;
let sent = 0;
/** What the main thread may not have taken on yet. */
let inFlight: (ToMain & { type: "work" })[] = [];
/** Resolves when the main thread has loaded what it runs cells with: ended before, it would never run any. */
let mainStarted: () => void;
const started = new Promise<void>((resolve) => (mainStarted = resolve));
/** Resolves when the interrupts so far have been carried out; null when there are none. */
let interrupting: Promise<void> | null = null;

const reader = new FrameReader((frame) => {
  const message = frame as ToRunner;
  if (message.type === "interrupt") startInterrupt();
  else if (message.type === "input_reply") {
    input.postMessage(message);
    Atomics.add(words, WORDS.inputReplies, 1);
    Atomics.notify(words, WORDS.inputReplies);
  } else if (message.type === "debug") {
    void debug(message.id, message.client, message.request);
  } else if (interrupting) {
    // An interrupt ends what came before it, never what comes after.
    void interrupting.then(() => hand(message));
  } else {
    hand(message);
  }
});

/** What the main thread says; it may be busy by now. */
main.on("message", (message: FromMain) => {
  if (message.type === "text waits") setTimeout(writeWaiting, FLUSH_MS);
  else if (message.type === "started") mainStarted();
  else if (message.type === "exit") theDebugger?.close();
  else if (message.type === "cell ended") theDebugger?.cellEnded();
  else void theDebugger!.notice(message).finally(noticesSeen);
});

function writeWaiting(): void {
  if (!mutex.tryHold(() => buffer.flush())) setTimeout(writeWaiting, FLUSH_MS);
}

/** To the kernel, between what the main thread writes. */
function send(message: FromRunner): void {
  if (!mutex.tryHold(() => buffer.send(message))) setTimeout(send, 1, message);
}

/** Made at the first request: most kernels are never debugged. */
let theDebugger: Debugger | null = null;

async function debug(id: number, client: string, request: DebugRequest): Promise<void> {
  const { Debugger } = await import("../debugger/debugger.js");
  theDebugger ??= new Debugger(words, {
    event: (event) => send({ type: "debug_event", event }),
    debugging: (on) => void Atomics.store(words, WORDS.debugging, on ? 1 : 0),
    interrupt: startInterrupt,
  });
  send({ type: "debug_reply", id, response: await theDebugger.handle(request, client) });
}

function noticesSeen(): void {
  Atomics.add(words, WORDS.noticesSeen, 1);
  Atomics.notify(words, WORDS.noticesSeen);
}

function hand(work: Work): void {
  forgetReceived();
  const message = { type: "work", n: ++sent, work } as const;
  inFlight.push(message);
  main.postMessage(message);
}

function forgetReceived(): void {
  const received = Atomics.load(words, WORDS.received);
  inFlight = inFlight.filter(({ n }) => n > received);
}

const socket = new Socket({ fd: fromKernel, readable: true, writable: false });
socket.on("data", (chunk) => reader.push(chunk));
// The kernel has gone without a word: nobody will read what this process does.
socket.on("close", () => process.kill(OWN_GROUP, "SIGKILL"));

function startInterrupt(): void {
  const last = (interrupting ?? started).then(interrupt);
  interrupting = last;
  void last.then(() => (interrupting = interrupting === last ? null : interrupting));
}

/** Asks until the main thread has answered; before each further time, what runs there is terminated. */
async function interrupt(): Promise<void> {
  const wasStopped = (await theDebugger?.interrupting()) ?? false;
  for (let terminated = wasStopped; ; terminated = true) {
    const n = ++interrupts;
    main.postMessage({ type: "interrupt", n, terminated } satisfies ToMain);
    if (await answered(n)) return theDebugger?.interrupted();
    await terminate();
    // The termination may have hit the event that brought a message, before it was looked at.
    forgetReceived();
    for (const message of inFlight) main.postMessage(message);
  }
}

async function answered(n: number): Promise<boolean> {
  const began = performance.now();
  let until = began + ANSWER_MS;
  for (;;) {
    if (Atomics.load(words, WORDS.interruptsDone) >= n) return true;
    const now = performance.now();
    if (Atomics.load(words, WORDS.uninterrupted) > 0 && now < began + LOADING_MS) until = now + ANSWER_MS;
    if (now > until) return false;
    await sleep(2);
  }
}

/**
 * Ends the JavaScript that the main thread runs; its variables stay. Resolves when it has ended, which native code
 * can delay. The lock keeps this out of the middle of a frame. A session that stays connected would keep
 * `process.exit` waiting, so each interrupt has its own.
 */
async function terminate(): Promise<void> {
  await mutex.holdFirst(async () => {
    const session = new Session();
    const notice = setTimeout(() => buffer.send(INTERRUPT_WAITS), NATIVE_MS);
    const child = setTimeout(() => void endAwaitedChild(), CHILD_MS);
    session.connectToMainThread();
    // Refused while an earlier one has not been reported as done: the caller asks again, and comes back.
    await session.post("Runtime.terminateExecution").catch(() => sleep(2));
    clearTimeout(notice);
    clearTimeout(child);
    session.disconnect();
  });
}

/** `execSync` and its like return when their child has ended: Ctrl-C in a terminal would reach it too. */
async function endAwaitedChild(): Promise<void> {
  if (Atomics.load(words, WORDS.awaitedChildren) === 0) return;
  const child = latestChild(process.pid);
  signal(child, "SIGINT");
  await sleep(CHILD_ENDS_MS);
  if (Atomics.load(words, WORDS.awaitedChildren) === 0) return;
  // With what it has begun since, and what it has left behind: the call returns when nobody holds its pipes any more.
  signal([...child, ...latestChild(process.pid)], "SIGKILL");
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // it has ended
    }
}
