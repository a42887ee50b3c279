/** `npm run fuzz [COUNT] [START]`: spoils sound model files and opens them; says what crashed, hung or grew. */
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { mutate, random } from "./mutate.js";
import { readSeeds } from "./seeds.js";
import { tryInput } from "./try-input.js";

const SLOW_MILLISECONDS = 1_000;
const HANG_MILLISECONDS = 20_000;
const LARGEST_MEMORY = 512 * 2 ** 20;
/** Says how far it is after so many. */
const BATCH = 100_000;

interface Task {
  readonly count: number;
  readonly start: number;
  /** Number of the input that is being tried. */
  readonly now: Int32Array;
}

if (isMainThread) watch(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1));
else await work(workerData as Task);

/** The input that a number stands for. */
function inputOf(seeds: ReturnType<typeof readSeeds>, start: number, i: number) {
  return mutate(seeds, random(start * 1_000_003 + i));
}

function watch(count: number, start: number): void {
  const now = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const worker = new Worker(new URL(import.meta.url), { workerData: { count, start, now } satisfies Task });
  let last = -1;
  let since = Date.now();
  const timer = setInterval(() => {
    const current = Atomics.load(now, 0);
    if (current !== last) [last, since] = [current, Date.now()];
    else if (current >= 0 && Date.now() - since > HANG_MILLISECONDS) {
      console.error(`hang: input ${current} of start ${start}`);
      process.exit(1);
    }
  }, 500);
  worker.on("error", (error) => {
    console.error(`crash: input ${Atomics.load(now, 0)} of start ${start}:`, error);
    process.exit(1);
  });
  worker.on("exit", (code) => {
    clearInterval(timer);
    process.exitCode = code;
  });
  worker.on("message", (line: string) => console.log(line));
}

async function work({ count, start, now }: Task): Promise<void> {
  const seeds = readSeeds();
  // The first file of each format loads what the format needs.
  for (const seed of seeds) await tryInput(seed);
  const totals = { opened: 0, refused: 0, failed: 0, slow: 0 };
  const begin = Date.now();
  for (let i = 0; i < count; i++) {
    Atomics.store(now, 0, i);
    const input = inputOf(seeds, start, i);
    const from = process.cpuUsage();
    try {
      totals[await tryInput(input)]++;
    } catch (error) {
      totals.failed++;
      parentPort!.postMessage(`input ${i} of start ${start}: ${(error as Error).stack}`);
    }
    // The processor's time: a busy machine makes no input slow.
    const { user, system } = process.cpuUsage(from);
    const milliseconds = Math.round((user + system) / 1000);
    if (milliseconds > SLOW_MILLISECONDS) {
      totals.slow++;
      parentPort!.postMessage(`input ${i} of start ${start} took ${milliseconds} ms`);
    }
    if ((i + 1) % BATCH === 0) parentPort!.postMessage(`${i + 1} inputs, ${totals.failed + totals.slow} bad`);
  }
  const seconds = (Date.now() - begin) / 1000;
  const memory = process.resourceUsage().maxRSS * 1024;
  parentPort!.postMessage(
    `${count} inputs from ${seeds.length} files in ${seconds.toFixed(0)} s: ${totals.opened} opened, ${totals.refused} refused, ` +
      `${totals.failed} crashed, ${totals.slow} hung (over 1 s); memory at most ${Math.round(memory / 2 ** 20)} MiB of ${LARGEST_MEMORY / 2 ** 20}`,
  );
  process.exit(totals.failed + totals.slow > 0 || memory > LARGEST_MEMORY ? 1 : 0);
}
