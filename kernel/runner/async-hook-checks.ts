/**
 * Terminating JavaScript leaves Node's stack of async ids as it was at that point. Where Node checks that stack it
 * then aborts the process: "async hook stack has become corrupted", or CHECK_EQ(execution_async_id(), 0).
 * `--no-force-async-hooks-checks` takes the checks off, but on Node 20 and 22 each process that uses
 * AsyncLocalStorage has them on again; from Node 24 on it works without hooks.
 */
interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kCheck: number; readonly kTotals: number };
  clearAsyncIdStack(): void;
}

const asyncWrap = loadAsyncWrap();

/** Node has no public way to these fields; without them the versions that need them would abort. */
function loadAsyncWrap(): AsyncWrap | null {
  const { noDeprecation } = process;
  try {
    process.noDeprecation = true;
    return (process as unknown as { binding(name: string): AsyncWrap }).binding("async_wrap");
  } catch {
    return null;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

/** Takes the checks off, until someone makes the next async hook. Hooks work as before. */
export function disableAsyncHookChecks(): void {
  if (!asyncWrap) return;
  const { async_hook_fields, constants } = asyncWrap;
  async_hook_fields[constants.kCheck] = 0; // both only say whether to check, not which hooks to call
  async_hook_fields[constants.kTotals] = 0;
}

/** Forgets what a termination left behind, as Node itself does after an uncaught error. */
export function clearAsyncIdStack(): void {
  asyncWrap?.clearAsyncIdStack();
}
