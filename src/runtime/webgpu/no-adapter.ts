import { BackendError } from "../backend-error.js";

type Explanation = (match: RegExpMatchArray) => { why: string; remedy: string };

const REINSTALL = "reinstall the driver of the GPU (AMD, Intel: sudo apt reinstall mesa-vulkan-drivers)";

/** What the Vulkan loader and Dawn write, by what the user can do about it; the first that is there counts. */
const KNOWN: readonly (readonly [RegExp, Explanation])[] = [
  [
    /Couldn't load Vulkan: (.+)/,
    ([, reason]) => ({
      why: `The Vulkan loader cannot be opened: ${reason}.`,
      remedy: "sudo apt reinstall libvulkan1",
    }),
  ],
  [
    /Invalid JSON file (.+?)\.?$/m,
    ([, file]) => ({
      why: `The description of a Vulkan driver is no valid JSON: ${file}.`,
      remedy: REINSTALL,
    }),
  ],
  [
    /(?:Warning: )?(.+?): cannot open shared object file/,
    ([, library]) => ({
      why: `The description of a Vulkan driver names ${library}, which cannot be opened.`,
      remedy: REINSTALL,
    }),
  ],
  [
    /^(?:Warning: )?(.*(?:required|unsupported|not supported|ended with).*)$/im,
    ([, said]) => ({
      why: `Dawn finds no GPU that it can use: ${said!.trim().replace(/\.$/, "")}.`,
      remedy:
        "vulkaninfo --summary shows what the driver offers; Mesa before 24.2 lacks features that Dawn needs",
    }),
  ],
];

/**
 * Why there is no adapter.
 * @param messages what was written while it was looked for; may be empty
 */
export function noAdapter(messages: string): BackendError {
  for (const [pattern, explain] of KNOWN) {
    const match = pattern.exec(messages);
    if (!match) continue;
    const { why, remedy } = explain(match);
    return new BackendError(why, remedy);
  }
  return new BackendError(
    "Dawn finds no GPU that it can use.",
    "vulkaninfo --summary shows what the driver offers; Mesa before 24.2 lacks features that Dawn needs",
  );
}

/**
 * Why no adapter has a name.
 * @param variable the environment variable that asks for the name
 */
export function noAdapterNamed(name: string, variable: string, messages: string): BackendError {
  const names = [...messages.matchAll(/name: '([^']*)'/g)].map((match) => match[1]!);
  const there = names.length > 0 ? ` There ${names.length === 1 ? "is" : "are"}: ${names.join(", ")}.` : "";
  return new BackendError(
    `No GPU has "${name}" in its name (${variable}).${there}`,
    `unset ${variable}, or name one that is there (vulkaninfo --summary)`,
  );
}
