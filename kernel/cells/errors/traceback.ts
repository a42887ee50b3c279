import { inspect } from "node:util";
import { OwnError } from "../../../src/own-error.js";
import type { CellFailure } from "../../runner/messages.js";
import { CellSyntaxError } from "./cell-syntax-error.js";
import {
  compiledTitle,
  isOfCell,
  sourceLine,
  sourcePlace,
  type SourcePlace,
} from "../compile/compiled-sources.js";
import { arrayLengthAdvice } from "./array-length-advice.js";
import { awaitedPlace } from "./awaited-place.js";
import { fetchAdvice } from "./fetch-advice.js";
import { joinedLinesAdvice } from "./joined-lines.js";
import { memberAdvice } from "./member-advice.js";
import { missingFileAdvice } from "./missing-file-advice.js";
import { newerNodeAdvice } from "./newer-node.js";
import { pictureAdvice } from "./picture-advice.js";
import { promiseAdvice } from "./promise-advice.js";
import { thrownPlace } from "./thrown-place.js";
import { unknownNameAdvice } from "./unknown-name-advice.js";
import { readable } from "./readable-message.js";
import { isInternal, readMessage, stackFrames, type StackFrame } from "./stack-frames.js";

const RED = "\u001b[31m";
/** Of the reader's theme: JupyterLab's reds, greens and blues cannot be read well on the red of an error. */
const BOLD = "\u001b[1m";
const UNDERLINED = "\u001b[4m";
const DIM = "\u001b[2m";
const RESET = "\u001b[0m";

/** Lines of source shown above the one at fault. */
const LINES_ABOVE = 2;
const MAX_FRAMES = 20;
const MAX_FRAMES_OF_TENSORFLOW = 3;
const MAX_CAUSES = 5;
const MAX_MEMBERS = 10;
const MAX_LINE = 88;
const MAX_STRING = 200;
const MAX_PROPERTY_LINES = 12;
const MAX_TEXT_BYTES = 4 * MAX_STRING;

const TENSORFLOW = /[\\/]node_modules[\\/]@tensorflow[\\/]/;

/** Properties that are shown elsewhere, or that Node's own messages repeat. */
const IN_THE_MESSAGE: ReadonlySet<string> = new Set([
  ...["name", "message", "stack", "cause", "errors"],
  ...["errno", "syscall", "path", "dest", "address", "port", "requireStack"],
]);

/**
 * An error as a front end shows it: places in the user's cells and files, with their text.
 * @param scope the notebook's variables, for advice on them.
 */
export function traceback(error: unknown, scope: Readonly<Record<string, unknown>> = {}): CellFailure {
  const { name, message } = describe(error);
  const advice = isError(error) ? adviceFor(error, name, message) || valueAdvice(message, scope) : "";
  const lines = errorLines(error, "", new Set());
  return { ename: name, evalue: message, traceback: advice === "" ? lines : [...lines, advice] };
}

function adviceFor(error: Error, name: string, message: string): string {
  if (error instanceof CellSyntaxError) return error.advice;
  const place = userPlace(error);
  const text = (place && sourceLine(place.source, place.line)) ?? "";
  const column = (place?.column ?? 1) - 1;
  return (
    newerNodeAdvice(message) ||
    unknownNameAdvice(name, message, text, column) ||
    fetchAdvice(message, propertyOf(error, "cause")) ||
    arrayLengthAdvice(message) ||
    pictureAdvice(message) ||
    missingFileAdvice(error) ||
    (place ? joinedLinesAdvice(place.source, place) : "")
  );
}

/** By what the notebook's variables are. */
function valueAdvice(message: string, scope: Readonly<Record<string, unknown>>): string {
  return promiseAdvice(message, scope) || memberAdvice(message, scope);
}

/** Where in the user's text an error is from. */
function userPlace(error: Error): SourcePlace | undefined {
  for (const { path, line, column } of stackFrames(error)) {
    const place = sourcePlace(path, line, column);
    if (place) return place;
  }
  return awaitedPlace(error);
}

function describe(error: unknown): { name: string; message: string } {
  if (!isError(error)) return { name: "Thrown", message: shortText(error) };
  try {
    readMessage(error);
    return { name: nameOf(error), message: readable(String(error.message)).trimEnd() };
  } catch {
    return { name: "Error", message: "" };
  }
}

/** A class that gives its errors no name of their own gives them its own, as in the text of `util.inspect`. */
function nameOf(error: Error): string {
  const { name } = error;
  const ofClass = name === "Error" && !Object.hasOwn(error, "name") ? error.constructor.name : "";
  return /^[A-Z]\w+$/.test(ofClass) ? ofClass : String(name || "Error");
}

/** Also one of another realm. What a proxy says of itself may be an error too. */
function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
  } catch {
    return false;
  }
}

function shortText(value: unknown): string {
  try {
    return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    return inspect(value, { depth: 2, breakLength: Infinity }); // a bigint, a circle, a proxy
  }
}

/** A property that may be a getter that fails. */
function propertyOf(error: Error, name: "cause" | "errors"): unknown {
  try {
    return (error as { cause?: unknown; errors?: unknown })[name];
  } catch {
    return undefined;
  }
}

function errorLines(error: unknown, label: string, seen: Set<unknown>): string[] {
  const { name, message } = describe(error);
  const heading = `${label}${BOLD}${name}${RESET}: ${message}`;
  if (seen.has(error)) return [`${heading} ${DIM}(shown above)${RESET}`];
  seen.add(error);
  if (!isError(error)) return [heading, ...awaitedLines(error)];
  if (error instanceof CellSyntaxError) return [heading, ...syntaxErrorLines(error)];
  const rest = [...propertyLines(error), ...memberLines(error, seen), ...causeLines(error, seen)];
  return [heading, ...frameLines(error), ...rest];
}

/** What an error carries beside its message: a status, the output of a command. Our own have said all. */
function propertyLines(error: Error): string[] {
  if (error instanceof OwnError) return [];
  try {
    const isShown = (name: string) => !IN_THE_MESSAGE.has(name) && !(name === "output" && "stdout" in error);
    const entries = Object.entries(error).filter(([name, value]) =>
      name === "code" ? isNewsCode(value, error.message) : isShown(name),
    );
    if (entries.length === 0 || error.name === "AssertionError") return [];
    const told = entries.map(([name, value]) => [name, value instanceof Uint8Array ? asText(value) : value]);
    const options = { depth: 1, breakLength: 100, maxArrayLength: 10, maxStringLength: MAX_STRING };
    const lines = inspect(Object.fromEntries(told), options).split("\n");
    const more = lines.length > MAX_PROPERTY_LINES ? [`${lines.length - MAX_PROPERTY_LINES} more lines`] : [];
    return [...lines.slice(0, MAX_PROPERTY_LINES), ...more].map((line) => `    ${DIM}${line}${RESET}`);
  } catch {
    return []; // a getter or a proxy that fails
  }
}

/** Of a database, a service, a library: Node's own codes say what their messages say. */
function isNewsCode(code: unknown, message: string): boolean {
  return code != null && !/^ERR_/.test(String(code)) && !message.includes(String(code));
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_TEXT_BYTES)).toString();
}

function syntaxErrorLines(error: CellSyntaxError): string[] {
  return [
    `    at ${BOLD}${typeof error.source === "number" ? `Cell [${error.source}]` : error.source}${RESET}:${error.line}:${error.column}`,
    ...excerpt([[error.line, error.sourceLine]], error.line, error.column),
  ];
}

function causeLines(error: Error, seen: Set<unknown>): string[] {
  const cause = propertyOf(error, "cause");
  if (cause === undefined) return [];
  if (seen.size > MAX_CAUSES) return [`${DIM}Further causes are not shown.${RESET}`];
  return errorLines(cause, "Caused by ", seen);
}

function memberLines(error: Error, seen: Set<unknown>): string[] {
  const members = propertyOf(error, "errors");
  if (!Array.isArray(members)) return [];
  const lines = members
    .slice(0, MAX_MEMBERS)
    .flatMap((member, index) => errorLines(member, `[${index}] `, seen));
  if (members.length > MAX_MEMBERS) lines.push(`${members.length - MAX_MEMBERS} more errors`);
  return lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`);
}

function frameLines(error: Error): string[] {
  // Our own errors say what was given and what to do: how TensorFlow.js came upon it is no news.
  let left = error instanceof OwnError ? 0 : MAX_FRAMES_OF_TENSORFLOW;
  const isNews = ({ path }: StackFrame) => !TENSORFLOW.test(path) || left-- > 0;
  const texts = stackFrames(error)
    .filter(isNews)
    .slice(0, MAX_FRAMES)
    .map((frame) => frameText(frame) ?? [])
    .filter((lines) => lines.length > 0);
  if (!stackFrames(error).some(({ path }) => isOfCell(path))) texts.push(awaitedLines(error));
  return texts.flatMap((lines, at) => {
    const isAgain = (index: number) => texts[index]?.join() === lines.join();
    if (isAgain(at - 1)) return [];
    let times = 0;
    while (isAgain(at + 1 + times)) times++;
    return times === 0 ? lines : [...lines, `    ${DIM}and ${times} more calls at the same place${RESET}`];
  });
}

/** Null for a frame that is the kernel's or Node's own. */
function frameText({ caller: name, path, line, column }: StackFrame): string[] | null {
  const caller = name.replace(/^async /, "").replace(/^(Object|NewBox)\./, "");
  const place = sourcePlace(path, line, column);
  if (place) return placeLines(place, caller && caller !== "<anonymous>" ? `${caller} ` : "");
  const compiled = compiledTitle(path);
  // What the compiler added, as an import for JSX; its functions begin so.
  if (compiled !== null) return caller.startsWith("__") ? null : [`    at ${BOLD}${compiled}${RESET}`];
  if (isInternal(path)) return null;
  return [`    ${DIM}at ${caller ? `${caller} ` : ""}${path}:${line}:${column}${RESET}`];
}

/** Where a cell waited for what knows nothing of it, or threw it. */
function awaitedLines(thrown: unknown): string[] {
  const place = typeof thrown === "object" && thrown !== null ? awaitedPlace(thrown) : thrownPlace(thrown);
  return place ? placeLines(place, "") : [];
}

function placeLines({ source, line, column }: SourcePlace, by: string): string[] {
  const where = `${BOLD}${source.title}${RESET}:${line}:${column}`;
  return [`    at ${by}${where}`, ...sourceExcerpt(source, line, column)];
}

function sourceExcerpt(source: SourcePlace["source"], line: number, column: number): string[] {
  const lines: [number, string][] = [];
  for (let at = Math.max(1, line - LINES_ABOVE); at <= line; at++) {
    // Above the first line is what a magic adds.
    const text = sourceLine(source, at);
    if (text !== undefined) lines.push([at, text]);
  }
  return excerpt(lines, line, column);
}

/** Lines of source, the last with the place at fault marked twice: a caret for text, a line below it where lines wrap. */
function excerpt(lines: readonly (readonly [number, string])[], line: number, column: number): string[] {
  const width = String(line).length;
  const at = column - 1;
  return lines.flatMap(([number, source]) => {
    const gutter = `${DIM}${String(number).padStart(width)} |${RESET} `;
    if (number !== line) return [`    ${gutter}${cut(source, 0).text}`];
    const { text, moved } = cut(source, at);
    const before = text.slice(0, at + moved);
    const word = /^(?:[\p{ID_Continue}$]+|.)/u.exec(text.slice(before.length))?.[0] ?? "";
    const marked = word.trim() === "" ? word : `${UNDERLINED}${word}${RESET}`;
    return [
      `  ${RED}>${RESET} ${gutter}${before}${marked}${text.slice(before.length + word.length)}`,
      `    ${" ".repeat(width)} ${DIM}|${RESET} ${before.replace(/[^\t]/g, " ")}${RED}^${RESET}`,
    ];
  });
}

/** A line short enough not to wrap in most windows: the part around a place of it. */
function cut(line: string, place: number): { text: string; moved: number } {
  if (line.length <= MAX_LINE) return { text: line, moved: 0 };
  const start = Math.max(0, Math.min(place - MAX_LINE / 2, line.length - MAX_LINE));
  const head = start > 0 ? "…" : "";
  const tail = start + MAX_LINE < line.length ? "…" : "";
  return { text: head + line.slice(start, start + MAX_LINE) + tail, moved: head.length - start };
}
