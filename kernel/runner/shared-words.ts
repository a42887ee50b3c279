/** Words of memory that the runner's two threads share. */
export const WORDS = {
  /** 1 while a thread holds the Mutex. */
  lock: 0,
  /** 1 while the control thread wants the Mutex or holds it. */
  terminating: 1,
  /** Number of the last message that the main thread has taken on. */
  received: 2,
  /** Number of the last interrupt that the main thread has carried out. */
  interruptsDone: 3,
  /** Counts input replies; the main thread can sleep on it. */
  inputReplies: 4,
  /** Bytes in the FrameBuffer. */
  buffered: 5,
  /** 1 while an inspector session is connected to the main thread. */
  inspected: 6,
  /** 1 while the debugger is on: compiled code waits for its breakpoints. */
  debugging: 7,
  /** Counts the notices of the main thread that the debugger has dealt with. */
  noticesSeen: 8,
  /** A load stops at a part that begins no deeper than this; 0 for none. */
  loadDepth: 9,
  /** 1 when the magic that is about to run is to be stopped at. */
  stopAtMagic: 10,
  /** Counts the stops in magics and loads. */
  partStops: 11,
  /** Calls under way that wait for a child process, as `execSync` does. */
  awaitedChildren: 12,
  /** Work under way that must not be ended midway (src/uninterrupted.ts). */
  uninterrupted: 13,
  /** Calls under way of compiled code that must not be ended midway. */
  wholeCalls: 14,
} as const;

export function createWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * Object.keys(WORDS).length));
}
