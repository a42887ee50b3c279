/** Words of memory that the runner's two threads share. */
export const WORDS = {
  /** Mutex over the channel to the kernel and over termination. */
  lock: 0,
  /** Number of the last interrupt that the main thread has carried out. */
  interruptsDone: 1,
  /** Counts input replies; the main thread can sleep on it. */
  inputReplies: 2,
} as const;

export function createWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * Object.keys(WORDS).length));
}
