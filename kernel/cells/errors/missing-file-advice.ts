import path from "node:path";

/** Where a file was looked for that is not there; empty for other errors and for whole paths. */
export function missingFileAdvice(error: Error): string {
  const { code, path: file } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT" || typeof file !== "string" || file === "" || path.isAbsolute(file)) return "";
  return `There is no ${path.resolve(file)}. Paths begin at the folder of the notebook, or where process.chdir went.`;
}
