import { kernelspecFolder, removeKernelspec } from "../install/kernelspec.js";
import { removeLabextension } from "../install/labextension.js";
import { chosenDataFolder, PLACE_OPTIONS } from "../install/place.js";
import type { Command } from "./command.js";

export const uninstall: Command = {
  name: "uninstall",
  summary: "Take the kernel and the extension out of Jupyter again.",
  options: PLACE_OPTIONS,
  async run({ options }) {
    const dataFolder = await chosenDataFolder(options);
    const removed = [await removeKernelspec(dataFolder), await removeLabextension(dataFolder)];
    const folders = removed.filter((folder) => folder !== null);
    for (const folder of folders) console.log(`Removed ${folder}`);
    if (folders.length === 0) console.log(`No kernel in ${kernelspecFolder(dataFolder)}`);
    return folders.length === 0 ? 1 : 0;
  },
};
