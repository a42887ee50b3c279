import v8 from "node:v8";
import vm from "node:vm";

let collect: (() => void) | null = null;
let elsewhere: vm.Context | null = null;

/**
 * Collects garbage now, in the middle of a running cell, so that a `WeakRef` made or read in it is cleared when
 * nothing else holds its target. The language keeps such targets alive until the job ends; V8 lets go of them at a
 * microtask checkpoint, and one in a context of its own runs none of the user's.
 */
export function collectGarbage(): void {
  v8.setFlagsFromString("--expose-gc");
  collect ??= vm.runInNewContext("gc") as () => void;
  elsewhere ??= vm.createContext({}, { microtaskMode: "afterEvaluate" });
  vm.runInContext("Promise.resolve().then(() => 0)", elsewhere);
  collect();
}
