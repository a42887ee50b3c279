import { savedModelBeside } from "../../formats/nearby.js";
import { pythonBeside, type PythonSource } from "../../formats/python-beside.js";
import type { Work } from "../work.js";

/** Where the file in use lies. */
function placeOfFile({ opened, path }: Work): string {
  return opened ?? path;
}

/** The Python of a class or function of this name, from a file beside the model's. */
export function pythonOf(name: string, work: Work): PythonSource | null {
  return pythonBeside(placeOfFile(work), name.slice(name.lastIndexOf(">") + 1));
}

/** A SavedModel beside the file: it may be of the same model, and holds what layers compute. */
export function savedModelOf(work: Work): string | null {
  return savedModelBeside(placeOfFile(work));
}

/** What to do with the code of a class, where something beside the file has it; empty where nothing has. */
export function codeBeside(name: string, work: Work): string {
  const python = pythonOf(name, work);
  const saved = savedModelOf(work);
  return [
    ...(python
      ? [
          `Its Python stands beside the file, in \`${python.file}\`, line ${python.line}; \`%register_custom ${name}\` shows it.`,
        ]
      : []),
    ...(saved
      ? [
          `If the SavedModel \`${saved}\` beside it is of the same model, \`%load_model ${saved}\` needs no code.`,
        ]
      : []),
  ].join(" ");
}
