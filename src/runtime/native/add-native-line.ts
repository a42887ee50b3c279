import { commandLine } from "../../command-line.js";

/** The line to type that builds the native back end. @param options `--cuda` */
export function addNativeLine(options = ""): string {
  return commandLine(["backend add native", options].filter(Boolean).join(" "));
}
