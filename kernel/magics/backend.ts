import { BACKEND_NAMES } from "../../src/runtime/backend.js";
import { loadWhole } from "./library.js";
import type { Magic } from "./magic.js";
import { UsageError } from "./usage-error.js";

export const backend: Magic = {
  name: "backend",
  kinds: ["line"],
  summary: "Lists what can compute here, or switches to one of them.",
  arguments: [
    { name: "NAME", summary: "the back end to switch to", type: "word", choices: BACKEND_NAMES },
    {
      name: "--compiled",
      summary: "whether predictions on native and cuda run as one TensorFlow graph: on, as at first, or off",
      type: "word",
      choices: ["on", "off"],
    },
  ],
  examples: ["%backend", "%backend native", "%backend webgpu", "%backend native --compiled off"],
  async run({ arguments: given }, { output }) {
    const { currentBackend, ensureBackend, switchBackend, listBackends, backendListBundle, ...loaded } =
      await loadWhole(load);
    const name = given["NAME"];
    if (name === undefined) await ensureBackend();
    else await switchBackend(String(name)).catch(refuse);
    if (given["--compiled"] !== undefined) loaded.setCompiled(given["--compiled"] === "on");
    const current = currentBackend();
    const fallbacks = current ? loaded.fallbackRemarks(current.backend.registeredName) : [];
    const remarks = [...(current?.device.remarks ?? []), ...loaded.compiledRemarks(), ...fallbacks];
    output.display(backendListBundle(await listBackends(), remarks));
    return undefined;
  },
};

/** TensorFlow.js with it: not before a cell needs it. */
async function load() {
  return {
    ...(await import("../../src/runtime/choose.js")),
    ...(await import("../../src/runtime/switch.js")),
    ...(await import("../../src/runtime/list.js")),
    ...(await import("../../src/display/backend-list.js")),
    ...(await import("../../src/runtime/native/compiled/predictions.js")),
    ...(await import("../../src/runtime/corrections/cpu-fallback.js")),
  };
}

/** The reason and the remedy are all that helps; the place in our code does not. */
function refuse(error: Error & { remedy?: string }): never {
  if (error.name !== "BackendError") throw error;
  throw new UsageError(`%backend: ${error.message}\nTo enable it: ${error.remedy}`);
}
