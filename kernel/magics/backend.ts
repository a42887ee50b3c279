import { BACKEND_NAMES } from "../../src/runtime/backend.js";
import type { Magic } from "./magic.js";
import { UsageError } from "./usage-error.js";

export const backend: Magic = {
  name: "backend",
  kinds: ["line"],
  summary: "Lists what can compute here, or switches to one of them.",
  arguments: [{ name: "NAME", summary: "the back end to switch to", type: "word", choices: BACKEND_NAMES }],
  examples: ["%backend", "%backend native", "%backend webgpu"],
  async run({ arguments: given }, { output }) {
    const { currentBackend, ensureBackend } = await import("../../src/runtime/choose.js");
    const { switchBackend } = await import("../../src/runtime/switch.js");
    const { listBackends } = await import("../../src/runtime/list.js");
    const { backendListBundle } = await import("../../src/display/backend-list.js");
    const name = given["NAME"];
    if (name === undefined) await ensureBackend();
    else await switchBackend(String(name)).catch(refuse);
    output.display(backendListBundle(await listBackends(), currentBackend()?.device.remarks));
    return undefined;
  },
};

/** The reason and the remedy are all that helps; the place in our code does not. */
function refuse(error: Error & { remedy?: string }): never {
  if (error.name !== "BackendError") throw error;
  throw new UsageError(`%backend: ${error.message}\nTo enable it: ${error.remedy}`);
}
