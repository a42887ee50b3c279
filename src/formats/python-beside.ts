import fs from "node:fs";
import path from "node:path";

/** Where a class or function is defined in Python, as text: nothing of it is ever run. */
export interface PythonSource {
  /** The file's name. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Its lines as they stand. */
  readonly text: string;
}

const FILES = 40;
const BYTES = 256 * 1024;
const LINES = 80;

/**
 * The definition of a class or function in a Python file that lies in the folder of a model file; null where there is
 * none. The first {@link FILES} files of up to {@link BYTES} bytes are looked at.
 * @param name without its package
 */
export function pythonBeside(model: string, name: string): PythonSource | null {
  if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) return null;
  const folder = path.dirname(path.resolve(model));
  for (const file of pythonFiles(folder)) {
    const found = definitionIn(read(path.join(folder, file)), name);
    if (found) return { file, ...found };
  }
  return null;
}

function pythonFiles(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".py"))
      .map(({ name }) => name)
      .sort()
      .slice(0, FILES);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return fs.statSync(file).size > BYTES ? "" : fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** From the line with the name to the last one that is indented further. */
function definitionIn(text: string, name: string): Omit<PythonSource, "file"> | null {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => new RegExp(`^(class|def)\\s+${name}\\s*[(:]`, "u").test(line));
  if (start < 0) return null;
  const inner = lines.slice(start + 1);
  const length = inner.findIndex((line) => /^[^\s#)]/.test(line));
  const body = (length < 0 ? inner : inner.slice(0, length)).slice(0, LINES);
  if (body.some((line) => TO_BE_WRITTEN.test(line))) return null;
  return { line: start + 1, text: [lines[start]!, ...body].join("\n").trimEnd() };
}

/** What saving a model leaves in place of code that nobody knows (saving/python-class.ts): no code to go by. */
const TO_BE_WRITTEN = /^\s+raise NotImplementedError\("Write what \S+ computes\."\)$/;
