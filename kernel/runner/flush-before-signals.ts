/**
 * `process.abort()` and a signal to oneself end the process at once, without its "exit" event; what was printed right
 * before is to be seen all the same. (A crash inside native code can still lose the last 10 ms of a flood of output.)
 */
export function flushBeforeSignals(flush: () => void): void {
  const { abort, kill } = process;
  process.abort = () => {
    flush();
    return abort.call(process);
  };
  process.kill = (pid, signal) => {
    flush();
    return kill.call(process, pid, signal);
  };
}
