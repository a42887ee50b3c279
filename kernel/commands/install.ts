import { writeKernelspec } from "../install/kernelspec.js";
import { chosenDataFolder, PLACE_OPTIONS } from "../install/place.js";
import type { Command } from "./command.js";

export const install: Command = {
  name: "install",
  summary: "Make Jupyter offer the kernel TypeScript (loadlab).",
  options: PLACE_OPTIONS,
  async run({ options }) {
    const folder = await writeKernelspec(await chosenDataFolder(options));
    console.log(`The kernel "TypeScript (loadlab)" is installed in ${folder}`);
    return 0;
  },
};
