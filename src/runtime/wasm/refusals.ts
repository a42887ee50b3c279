import process from "node:process";
import type { EmscriptenModule } from "./emscripten-module.js";

/** XNNPACK's `xnn_status`, xnnpack.h. */
const STATUS: ReadonlyMap<string, string> = new Map([
  ["1", "it was not started"],
  ["2", "an argument that it does not allow"],
  ["3", "an operator that is not ready"],
  ["4", "an argument that it does not support"],
  ["5", "a processor that it does not support"],
]);
const OUT_OF_MEMORY = "6";

/**
 * What XNNPACK does not compute: its operators leave the result as it was in the memory and print a line, where tfjs goes
 * on with those numbers. Here it is the error of the kernel.
 */
export class Refusals {
  private refused: Error | null = null;

  /** Takes what the module prints on its error stream. */
  hear(line: string): void {
    const [, operator, status] =
      /^XNN status for (\S+) is not successful\. Got status (\d+)/.exec(line) ?? [];
    if (operator && status) this.refused ??= refusal(operator, status);
    // An abort throws by itself.
    else if (!line.startsWith("Aborted(")) process.stderr.write(`${line}\n`);
  }

  /** Lets each function of the module throw what was refused in it. */
  throwFrom(module: EmscriptenModule): void {
    const { cwrap } = module;
    module.cwrap = (name, result, parameters) => {
      const call = cwrap(name, result, parameters);
      return (...values) => {
        this.refused = null;
        const returned = call(...values);
        if (this.refused) throw this.refused;
        return returned;
      };
    };
  }
}

function refusal(operator: string, status: string): Error {
  const what = operator.replace(/^xnn_(create|setup)_/, "");
  if (status === OUT_OF_MEMORY) {
    return new RangeError(
      `Out of memory on wasm: XNNPACK has no room for ${what} in the 4 GiB that WebAssembly can have. Dispose of what ` +
        "is not needed (%memory lists it), or use smaller batches.",
    );
  }
  const why = STATUS.get(status) ?? `its status is ${status}`;
  return new Error(`wasm cannot compute this: XNNPACK refuses ${what} (${why}). %backend cpu computes it.`);
}
