import type { FormatFinding } from "../model-file.js";
import type { Folder } from "./folder.js";

const BELOW = "variables/";

/**
 * A SavedModel whose files were all put into one folder, as uploads and downloads one by one do: its variables are
 * found where they lie. Any other folder as it is.
 * @param findings gets F12 where that was done
 */
export function withFlattenedVariables(files: Folder, findings: FormatFinding[]): Folder {
  const names = files.names();
  const isFlat = names.includes("variables.index") && !names.includes(`${BELOW}variables.index`);
  if (!isFlat) return files;
  findings.push({
    code: "F12",
    title: "Variables beside the graph",
    where: files.path,
    detail: "variables.index lies beside saved_model.pb, not in variables/; it was read from there",
    advice: "TensorFlow itself needs it and the .data files in a folder variables/.",
  });
  const moved = (name: string) => name.replace(/^variables\.(?=index$|data-)/, `${BELOW}variables.`);
  return {
    path: files.path,
    names: () => names.map(moved),
    open: (name) =>
      files.open(name) ?? (name.startsWith(BELOW) ? files.open(name.slice(BELOW.length)) : null),
  };
}
