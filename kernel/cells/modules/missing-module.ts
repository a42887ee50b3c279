import { pythonPackageAdvice } from "../errors/python-advice.js";

/** Says what to do about a module that Node does not find, or cannot read; other errors stay as they are. */
export function explainMissing(error: unknown, specifier: string, folder: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") return noModule(specifier, folder);
  if (!(error instanceof Error) || (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND"))
    return error;
  // The module was found, and misses one itself.
  const names = [`'${specifier}'`, `'${packageName(specifier)}'`];
  if (!names.some((name) => message.includes(name)) && !isPath(specifier)) return error;
  const advice = isPath(specifier)
    ? `There is no such file; .ts, .tsx, .js, .json and a folder's index were tried too.`
    : pythonPackageAdvice(specifier) ||
      `${isOfJsx(specifier) ? "JSX in a cell makes its elements with it. " : ""}It is not installed. Type: %npm install ${packageName(specifier)}`;
  const kind = isPath(specifier) ? "module" : "package";
  return Object.assign(new Error(`Cannot find ${kind} '${specifier}' from ${folder}. ${advice}`), { code });
}

/** The import that the compiler adds for `<div>`. */
function isOfJsx(specifier: string): boolean {
  return /\/jsx(?:-dev)?-runtime$/.test(specifier);
}

function isPath(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier) || specifier.startsWith("file:");
}

/** `@scope/name/sub/path` -> `@scope/name` */
function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function noModule(specifier: string, folder: string): TypeError {
  return new TypeError(
    `'${specifier}' from ${folder} is no module: only TypeScript, JavaScript, JSON and WebAssembly can be imported. ` +
      `Read it as a file: (await import("node:fs")).readFileSync(${JSON.stringify(specifier)}, "utf8")`,
  );
}

/** Deno and browsers import from registries and addresses; null for other schemes. */
export function fromElsewhere(specifier: string): TypeError | null {
  const [, scheme, rest] = /^(npm|jsr|https?):(.*)$/.exec(specifier) ?? [];
  if (scheme === undefined || rest === undefined) return null;
  const name = rest.replace(/^(@[^/]+\/[^@/]+|[^@/]+)@[^/]*/, "$1");
  const advice = {
    npm: `Node.js takes packages by their names. %npm install ${packageName(rest)} and: import … from "${name}"`,
    jsr: `JSR's packages come by npm too: !npx jsr add ${packageName(rest)} and: import … from "${name}"`,
  }[scheme];
  return new TypeError(
    `'${specifier}' cannot be imported. ${advice ?? "Node.js imports nothing from an address: %npm install NAME has packages, a file is downloaded and imported by its path."}`,
  );
}
