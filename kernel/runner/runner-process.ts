import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { encodeFrame, FrameReader } from "./frames.js";
import type { FromRunner, ToRunner } from "./messages.js";
import { nodeOptions, type RunnerOptions } from "./runner-options.js";

export interface RunnerEvents {
  message(message: FromRunner): void;
  /** What native code and child processes wrote to descriptor 1 or 2. */
  nativeOutput(name: "stdout" | "stderr", text: string): void;
  /** The process has ended and everything it said has been handed over. */
  exit(code: number | null, signal: NodeJS.Signals | null): void;
}

const MAIN = fileURLToPath(new URL("./main.js", import.meta.url));
/** A grandchild in a group of its own may hold the pipes open; they are not waited for longer than this. */
const DETACHED_CHILDREN_MS = 500;
const DETACHED = process.platform !== "win32";

/**
 * For glibc: give back what is free, but keep what holds the tensors of one layer for the next. By the limits of the
 * kernel process, which are lower, each operation of the native back end would ask the system for its memory anew, and
 * a prediction take twice as long; left to itself glibc moves them up and gives back nothing.
 */
export const ALLOCATOR = { MALLOC_TRIM_THRESHOLD_: "33554432", MALLOC_MMAP_THRESHOLD_: "33554432" };

/** One runner process, as the kernel process sees it. */
export class RunnerProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private nativeBytes = 0;

  constructor(
    options: RunnerOptions,
    private readonly events: RunnerEvents,
  ) {
    this.child = spawn(process.execPath, [...nodeOptions(options), MAIN, options.engine], {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      env: { ...process.env, ...ALLOCATOR },
      detached: DETACHED, // leads a process group, so that its children end with it
    });
    const reader = new FrameReader((message) => events.message(message as FromRunner));
    this.fromRunner.on("data", (chunk: Buffer) => reader.push(chunk));
    this.toRunner.on("error", () => {}); // it has died; `exit` says so
    this.readNative("stdout");
    this.readNative("stderr");
    this.exited = new Promise((resolve) => {
      this.child.once("exit", async (code, signal) => {
        const closed = once(this.child, "close");
        this.killGroup("SIGKILL"); // children that outlived it
        await Promise.race([closed, sleep(DETACHED_CHILDREN_MS)]);
        events.exit(code, signal);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(message: ToRunner): void {
    if (this.toRunner.writable) this.toRunner.write(encodeFrame(message));
  }

  /** Resolves when all that had been written to descriptors 1 and 2 until now has been handed over. */
  async nativeDrained(): Promise<void> {
    let before: number;
    do {
      before = this.nativeBytes;
      await turn(); // one turn polls all descriptors
      await turn();
    } while (this.nativeBytes > before);
  }

  /** Ends the process and its children: asks, then insists, in at most about two seconds. */
  async stop(): Promise<void> {
    this.send({ type: "shutdown" });
    for (const [signal, patience] of [
      ["SIGTERM", 500],
      ["SIGKILL", 500],
    ] as const) {
      const ended = await Promise.race([
        this.exited.then(() => true),
        sleep(patience, false, { ref: false }),
      ]);
      if (ended) return;
      this.killGroup(signal);
    }
    await this.exited;
  }

  private get fromRunner(): Readable {
    return this.child.stdio[3] as Readable;
  }

  private get toRunner(): Writable {
    return this.child.stdio[4] as Writable;
  }

  private readNative(name: "stdout" | "stderr"): void {
    const decoder = new StringDecoder("utf8"); // holds back the first bytes of a character until it is whole
    const stream = this.child[name]!;
    const hand = (text: string) => {
      if (text !== "") this.events.nativeOutput(name, text);
    };
    stream.on("data", (chunk: Buffer) => {
      this.nativeBytes += chunk.length;
      hand(decoder.write(chunk));
    });
    stream.on("end", () => hand(decoder.end()));
  }

  private killGroup(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(DETACHED ? -this.child.pid : this.child.pid, signal);
    } catch {
      // it has ended
    }
  }
}
