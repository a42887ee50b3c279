import { nearestNames } from "../../src/names/nearest-names.js";
import type { Magic, MagicArgument, MagicCall } from "./magic.js";
import { UsageError } from "./usage-error.js";

/** One word of a magic's line, and where it starts in it. */
interface Word {
  readonly text: string;
  readonly start: number;
  readonly quoted: boolean;
}

/**
 * Reads the text behind `%name` by the magic's own description.
 * @throws UsageError that names the argument and says what to type instead.
 */
export function parseArguments(magic: Magic, text: string): MagicCall["arguments"] {
  const values = new Map<string, string | number | boolean>();
  const positional = magic.arguments.filter((argument) => !argument.name.startsWith("-"));
  const words = splitWords(text);
  let next = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.quoted && /^--?[A-Za-z]/.test(word.text)) {
      i += readOption(magic, words, i, values);
      continue;
    }
    const argument = positional[next++];
    if (!argument) throw instead(magic, word.text) ?? tooMany(magic, word.text);
    if (argument.type === "rest") {
      refuseLateOption(magic, words.slice(i), positional[0]!);
      values.set(argument.name, text.slice(word.start).trim());
      break;
    }
    values.set(argument.name, checked(magic, argument, word.text));
  }
  const missing = magic.arguments.find((argument) => argument.required && !values.has(argument.name));
  if (missing) throw wrong(magic, `${missing.name} is missing: ${missing.summary}.`);
  return Object.fromEntries(values);
}

/** Behind the last argument everything belongs to it; an option of the magic's own that stands there was meant as one. */
function refuseLateOption(magic: Magic, rest: readonly Word[], first: MagicArgument): void {
  const isOption = ({ text, quoted }: Word) =>
    !quoted && text.startsWith("--") && magic.arguments.some(({ name }) => name === text);
  const late = rest.find(isOption);
  if (late) throw wrong(magic, `${late.text} stands before ${first.name}.`);
}

/** Sets one option; the number of further words that it took. */
function readOption(
  magic: Magic,
  words: readonly Word[],
  index: number,
  values: Map<string, string | number | boolean>,
): 0 | 1 {
  const [name, inline] = splitAtEquals(words[index]!.text);
  const option = magic.arguments.find((argument) => argument.name === name);
  if (!option) throw instead(magic, name) ?? unknownOption(magic, name);
  if (option.type === "flag") {
    if (inline !== undefined) throw wrong(magic, `${name} takes no value.`);
    values.set(name, true);
    return 0;
  }
  const value = inline ?? words[index + 1]?.text;
  if (value === undefined) throw wrong(magic, `${name} needs a value: ${option.summary}.`);
  values.set(name, checked(magic, option, value));
  return inline === undefined ? 1 : 0;
}

function checked(magic: Magic, argument: MagicArgument, value: string): string | number {
  const { name, type, choices } = argument;
  if (type === "number") {
    const number = Number(value);
    if (value.trim() === "" || Number.isNaN(number))
      throw wrong(magic, `${name} is a number, not "${value}".`);
    return number;
  }
  if (type === "identifier" && !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(value)) {
    throw wrong(magic, `${name} is the name of a variable, and "${value}" cannot be one.`);
  }
  if (choices && !choices.includes(value)) {
    const [near] = nearestNames(value, choices, 1);
    const meant = near ? ` Did you mean ${near}?` : "";
    throw wrong(magic, `${name} is one of ${choices.join(", ")}; "${value}" is not.${meant}`);
  }
  return value;
}

function unknownOption(magic: Magic, name: string): UsageError {
  const options = magic.arguments.map((argument) => argument.name).filter((known) => known.startsWith("-"));
  const [near] = nearestNames(name, options, 1);
  const meant = near ? ` Did you mean ${near}?` : "";
  const known = options.length > 0 ? `It knows ${options.join(", ")}, -h.` : "It knows no options but -h.";
  return wrong(magic, `There is no option ${name}.${meant} ${known}`);
}

/** `--custom_objects`, or Python's `custom_objects={"A": A}` */
function instead(magic: Magic, text: string): UsageError | null {
  const [, name = ""] = /^(?:--)?([\w-]+?)(?:=.*)?$/s.exec(text) ?? [];
  const known = magic.instead ?? {};
  const key = name.replaceAll("-", "_");
  return Object.hasOwn(known, key) ? wrong(magic, known[key]!) : null;
}

function tooMany(magic: Magic, text: string): UsageError {
  const has = (is: (argument: MagicArgument) => boolean) => magic.arguments.some(is);
  const hint = has(({ name }) => name === "--model")
    ? " The variable of a model is given as --model NAME; a path with blanks needs quotes."
    : has(({ type }) => type === "path")
      ? " A path with blanks needs quotes."
      : "";
  return wrong(magic, `"${text}" is one argument too many.${hint}`);
}

function wrong(magic: Magic, message: string): UsageError {
  return new UsageError(`%${magic.name}: ${message}\nUsage: ${usage(magic)}`);
}

/** `%load_model PATH [--as NAME] [--step]` */
export function usage(magic: Magic): string {
  const percent = magic.kinds.includes("line") ? "%" : "%%";
  const words = magic.arguments.map((argument) => {
    const value = argument.type === "flag" || !argument.name.startsWith("-") ? "" : ` ${valueName(argument)}`;
    const text = `${argument.name}${value}`;
    return argument.required ? text : `[${text}]`;
  });
  return [`${percent}${magic.name}`, ...words].join(" ");
}

function valueName(argument: MagicArgument): string {
  const names = { path: "PATH", identifier: "NAME", word: "WORD", number: "NUMBER", flag: "", rest: "..." };
  return argument.choices?.join("|") ?? names[argument.type];
}

function splitAtEquals(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Words divided by blanks; quotes keep blanks. A backslash is itself, so that Windows paths work. */
function splitWords(text: string): Word[] {
  const words: Word[] = [];
  const pattern = /"([^"]*)"|'([^']*)'|\S+/g;
  for (const match of text.matchAll(pattern)) {
    const quoted = match[1] ?? match[2];
    words.push({ text: quoted ?? match[0], start: match.index, quoted: quoted !== undefined });
  }
  return words;
}
