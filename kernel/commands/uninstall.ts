import { kernelspecFolder, removeKernelspec } from "../install/kernelspec.js";
import { chosenDataFolder, PLACE_OPTIONS } from "../install/place.js";
import type { Command } from "./command.js";

export const uninstall: Command = {
  name: "uninstall",
  summary: "Take the kernel out of Jupyter again.",
  options: PLACE_OPTIONS,
  async run({ options }) {
    const dataFolder = await chosenDataFolder(options);
    const removed = await removeKernelspec(dataFolder);
    console.log(removed === null ? `No kernel in ${kernelspecFolder(dataFolder)}` : `Removed ${removed}`);
    return removed === null ? 1 : 0;
  },
};
