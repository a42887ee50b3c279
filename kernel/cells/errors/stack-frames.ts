import { fileURLToPath } from "node:url";
import { sourceLine, sourcePlace, type SourcePlace } from "../compile/compiled-sources.js";
import { quotesCompiled, readable } from "./readable-message.js";

/** One call of a stack trace. */
export interface StackFrame {
  /** Function or method as V8 names it; empty at the top level of a cell. */
  readonly caller: string;
  readonly path: string;
  /** 1-based, in the code that ran. */
  readonly line: number;
  readonly column: number;
}

/** Frames as V8 handed them out, for errors whose `stack` has been made readable already. */
const frames = new WeakMap<object, readonly StackFrame[]>();

/**
 * Makes `error.stack` name cells, lines and columns as the user wrote them, wherever it is printed.
 * Process-wide; a library that sets its own `Error.prepareStackTrace` still gets its way.
 */
export function installStackTraces(): void {
  Error.prepareStackTrace = readableStack;
  Error.stackTraceLimit = CALLS_KEPT;
}

/** V8 keeps ten, which TensorFlow.js takes for one operation: the cell's would not be among them. */
const CALLS_KEPT = 60;
const CALLS_PRINTED = 10;

function readableStack(error: Error, sites: NodeJS.CallSite[]): string {
  frames.set(error, sites.map(frameOf));
  const lines = sites.slice(0, endOfCell(sites)).flatMap((site) => lineOf(site) ?? []);
  const printed = lines.slice(0, CALLS_PRINTED);
  const users = printed.some(({ ofUser }) => ofUser) ? undefined : lines.find(({ ofUser }) => ofUser);
  return [heading(error, sites), ...[...printed, ...(users ? [users] : [])].map(({ text }) => text)].join(
    "\n",
  );
}

/** Below the kernel's own calls there is but how Node came to make them. */
function endOfCell(sites: readonly NodeJS.CallSite[]): number {
  const paths = sites.map((site) => asPath(site.getFileName() ?? ""));
  const below = paths.findLastIndex((path) => !path.startsWith("node:") && path !== "") + 1;
  return isKernel(paths[below - 1] ?? "") ? below : paths.length;
}

function heading(error: Error, sites: readonly NodeJS.CallSite[]): string {
  try {
    const message = quotesCompiled(error.message) ? readableAt(error.message, sites) : error.message;
    if (message !== error.message) error.message = message;
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function readableAt(message: string, sites: readonly NodeJS.CallSite[]): string {
  for (const site of sites) {
    const { path, line, column } = frameOf(site);
    const place = sourcePlace(path, line, column);
    if (place) return readable(message, sourceLine(place.source, place.line), place.column - 1);
  }
  return readable(message);
}

/** Makes the message of a caught error say what the user wrote; V8 makes it from the compiled code. */
export function readMessage(error: unknown): void {
  try {
    if (error instanceof Error && quotesCompiled(error.message)) stackText(error);
  } catch {
    // A getter that fails, or a message that is no text.
  }
}

function frameOf(site: NodeJS.CallSite): StackFrame {
  const type = site.getTypeName();
  const name = site.getMethodName() ?? site.getFunctionName() ?? "";
  const plain = type === null || type === "Object" || site.isToplevel() || site.isConstructor();
  return {
    caller: site.isConstructor()
      ? `new ${name}`
      : plain || name === ""
        ? (site.getFunctionName() ?? "")
        : `${type}.${name}`,
    path: asPath(site.getFileName() ?? ""),
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
  };
}

/** Null for the kernel's own code. */
function lineOf(site: NodeJS.CallSite): { text: string; ofUser: boolean } | null {
  const { path, line, column } = frameOf(site);
  const place = sourcePlace(path, line, column);
  const text = String(site);
  if (!place)
    return isKernel(path) || CELL_RUNS.test(path) ? null : { text: `    at ${text}`, ofUser: false };
  const asWritten = text.replace(`${site.getFileName()}:${line}:${column}`, placeText(place));
  return { text: `    at ${asWritten}`, ofUser: true };
}

/** Through this the kernel runs each cell. */
const CELL_RUNS = /^node:(?:async_hooks|internal\/async_local_storage\/.*)$/;

export function placeText({ source, line, column }: SourcePlace): string {
  return `${source.title}:${line}:${column}`;
}

const FRAME = /^\s+at (?:async )?(?:(.*) \()?(.+?):(\d+):(\d+)\)?$/;

/** The calls that led to an error, innermost first; empty when it carries none. */
export function stackFrames(error: Error): readonly StackFrame[] {
  const stack = stackText(error); // reading it makes V8 hand out the frames
  return frames.get(error) ?? parseStack(stack);
}

function parseStack(stack: string): StackFrame[] {
  return stack.split("\n").flatMap((text) => {
    const match = FRAME.exec(text);
    if (!match) return [];
    const [, caller, file, line, column] = match;
    return [{ caller: caller ?? "", path: asPath(file!), line: Number(line), column: Number(column) }];
  });
}

/** V8 formats a stack when it is first read: here by ours, whatever a cell has put in its place. */
function stackText(error: Error): string {
  const theirs = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = readableStack;
    return String(error.stack ?? "");
  } catch {
    return "";
  } finally {
    Error.prepareStackTrace = theirs;
  }
}

function asPath(file: string): string {
  return file.startsWith("file:") ? fileURLToPath(file) : file;
}

/** What is compiled, and the sources that `--enable-source-maps` names instead. */
const KERNEL = [new URL("../../../", import.meta.url), new URL("../../../../kernel/", import.meta.url)].map(
  (url) => fileURLToPath(url),
);

/** Code that is neither the user's nor a library's. */
export function isInternal(file: string): boolean {
  return file === "" || file.startsWith("node:") || file === "<anonymous>" || isKernel(file);
}

function isKernel(file: string): boolean {
  return KERNEL.some((folder) => file.startsWith(folder));
}
