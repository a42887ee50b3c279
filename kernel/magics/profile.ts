import { givenCode } from "./given-code.js";
import { loadWhole } from "./library.js";
import type { Magic } from "./magic.js";
import { runCode } from "./run-code.js";

export const profile: Magic = {
  name: "profile",
  kinds: ["line", "cell"],
  summary: "Runs code and shows time, memory and kernels of each layer, as a table and a flame view.",
  arguments: [{ name: "CODE", summary: "what to run; with %%profile the lines below as well", type: "rest" }],
  examples: ["%profile model.predict(x)", "%%profile\nawait model.fit(x, y, { epochs: 1 });"],
  async run(call, { engine, output }) {
    const { code, lineOffset } = givenCode(call, "profile", "model.predict(x)");
    const { executionCount } = call;
    const { recordProfile, profileBundle } = await loadWhole(async () => ({
      ...(await import("../../src/runtime/profile/record-profile.js")),
      ...(await import("../../src/display/profile/profile.js")),
    }));
    let outcome: Awaited<ReturnType<typeof engine.run>> | null = null;
    let failure: { readonly error: unknown } | null = null;
    // What ran before an error is shown too.
    const { profile } = await recordProfile(async () => {
      try {
        outcome = await runCode({ code, executionCount, lineOffset }, { engine, output });
      } catch (error) {
        failure = { error };
      }
    });
    if (!failure || profile.kernels.length > 0) output.display(profileBundle(profile));
    if (failure) throw (failure as { readonly error: unknown }).error;
    return outcome!;
  },
};
