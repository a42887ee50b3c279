// Runs mocha on parts of the tests at the same time, each in a process of its own, and reports them as one.
import { spawn } from "node:child_process";
import { inRoot, root } from "./setup/repository.mjs";

/** The line that closing-line-reporter.cjs ends a run with. */
const CLOSING = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m;
/** Where mocha's own summary begins: counts, then the failures. */
const SUMMARY = /^ *\d+ passing \(/m;

/**
 * The first part is shown as it runs, the others when those before them have ended; the summaries stand together at the
 * end, with the sums in the last line.
 * @param {readonly (readonly string[])[]} parts mocha's arguments for each
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} an exit status
 */
export async function runSideBySide(parts, env) {
  const runs = parts.map((args) => start(args, env));
  for (const run of runs) await run.show();
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  for (const { summary } of ends) process.stdout.write(summary);
  const sums = [0, 0, 0];
  for (const { counts } of ends) counts.forEach((count, i) => (sums[i] += count));
  console.log(`${sums[0]} passed, ${sums[1]} failed, ${sums[2]} skipped`);
  return ends.every(({ status }) => status === 0) ? 0 : 1;
}

function start(args, env) {
  const colors = process.stdout.isTTY ? ["--color"] : [];
  const mocha = spawn(
    process.execPath,
    [inRoot("node_modules", "mocha", "bin", "mocha.js"), ...colors, ...args],
    { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] },
  );
  let [text, shownTo, shown] = ["", 0, false];
  const tell = () => {
    if (!shown) return;
    const waiting = text.slice(shownTo);
    const end = SUMMARY.exec(waiting)?.index ?? waiting.lastIndexOf("\n") + 1;
    process.stdout.write(waiting.slice(0, end));
    shownTo += end;
  };
  for (const stream of [mocha.stdout, mocha.stderr])
    stream.setEncoding("utf8").on("data", (more) => {
      text += more;
      tell();
    });
  const ended = new Promise((resolve) => mocha.once("close", (code) => resolve(outcome(text, code))));
  const show = async () => {
    shown = true;
    tell();
    await ended;
  };
  return { show, ended };
}

/** A process that ended before its closing line counts as a failure. */
function outcome(text, code) {
  const closing = CLOSING.exec(text);
  if (!closing)
    return { status: 1, counts: [0, 1, 0], summary: `${text.slice(-2000)}\nmocha ended with ${code}\n` };
  const summary = text.slice(SUMMARY.exec(text)?.index ?? closing.index, closing.index);
  return { status: code ?? 1, counts: closing.slice(1).map(Number), summary };
}
