import { writeKernelspec } from "../install/kernelspec.js";
import { writeLabextension } from "../install/labextension.js";
import { chosenDataFolder, PLACE_OPTIONS } from "../install/place.js";
import type { Command } from "./command.js";

export const install: Command = {
  name: "install",
  summary: "Make Jupyter offer the kernel TypeScript (loadlab), and JupyterLab show its cards with buttons.",
  options: PLACE_OPTIONS,
  async run({ options }) {
    const dataFolder = await chosenDataFolder(options);
    console.log(`The kernel "TypeScript (loadlab)" is installed in ${await writeKernelspec(dataFolder)}`);
    console.log(`The JupyterLab extension is installed in ${await writeLabextension(dataFolder)}`);
    return 0;
  },
};
