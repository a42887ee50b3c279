import type { JsonValue } from "../../formats/model-file.js";
import { decompile, NotAnExpression, type Computed } from "./decompile.js";
import { pythonText, type Constant } from "./expression.js";
import { readings } from "./instructions.js";
import { MarshalError, readMarshal, type CodeLayout, type CodeObject } from "./marshal.js";
import { translate, type Translation } from "./translate.js";
import { NotTranslated } from "./value.js";

/** What can be told of a Python function from its bytecode, which is read and never run. */
export interface PythonFunction {
  /** `<lambda>` or the name of a `def`. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** Pythons that could have written it: `3.8 to 3.10`. */
  readonly pythons: string;
  /** Names of modules, functions and variables that it uses. */
  readonly names: readonly string[];
  readonly documentation: string | null;
  /** True where it holds values of the function around it, as functions made in a loop do. */
  readonly captures: boolean;
  /** `lambda x: x / 127.5 - 1.0`, null where it is more than one expression. */
  readonly source: string | null;
  readonly translation: Translation | null;
  /** Calls that it makes beside what it returns (`open("log", "w").write("b")`): no part of a translation. */
  readonly besides: readonly string[];
  /** Why there is no translation; empty where there is one. */
  readonly obstacle: string;
}

/** What surrounds the code in a Lambda's config. */
export interface LambdaConfig {
  readonly function: JsonValue;
  /** The Lambda's `arguments`: keyword arguments of every call. */
  readonly arguments: JsonValue;
  /** Number of tensors that the layer is called on. */
  readonly inputs: number;
}

/** The code of a Lambda that holds values of the function around it, to tell which share it; null for any other. */
export function sharedCode(value: JsonValue): string | null {
  const saved = savedCode(value);
  return saved !== null && listOf(saved.closure).length > 0 ? saved.code : null;
}

/** Reads the function of a Lambda; null where the config holds no bytecode (a function saved by its name). */
export function readPythonFunction(lambda: LambdaConfig): PythonFunction | null {
  const saved = savedCode(lambda.function);
  if (!saved) return null;
  const code = codeObject(saved.code);
  return code && describe(code, saved, lambda);
}

interface SavedCode {
  readonly code: string;
  readonly defaults: JsonValue;
  readonly closure: JsonValue;
}

/** Keras 1 and 2: a list of code, defaults and closure; Keras 3: a `__lambda__` object (serialization_lib.py). */
function savedCode(value: JsonValue): SavedCode | null {
  if (Array.isArray(value) && typeof value[0] === "string") {
    return { code: value[0], defaults: value[1] ?? null, closure: value[2] ?? null };
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const inner = value["config"];
  if (
    value["class_name"] !== "__lambda__" ||
    inner === null ||
    typeof inner !== "object" ||
    Array.isArray(inner)
  ) {
    return null;
  }
  const code = inner["code"] ?? inner["value"];
  return typeof code === "string"
    ? { code, defaults: inner["defaults"] ?? null, closure: inner["closure"] ?? null }
    : null;
}

const LAYOUTS: readonly CodeLayout[] = ["3.8", "3.11", "3.0", "2.7"];
const MOST_BYTES = 1 << 20;

/** Base64 since Keras 2.1, one character for each byte before. The layout that reads to the last byte is the one. */
function codeObject(text: string): CodeObject | null {
  if (text.length > MOST_BYTES) return null;
  const candidates = [Uint8Array.from(text, (character) => character.charCodeAt(0))];
  if (/^[A-Za-z0-9+/=\s]+$/.test(text)) candidates.unshift(new Uint8Array(Buffer.from(text, "base64")));
  for (const bytes of candidates) {
    for (const layout of LAYOUTS) {
      try {
        const value = readMarshal(bytes, layout);
        if (typeof value === "object" && value !== null && "kind" in value && value.kind === "code")
          return value;
      } catch (error) {
        if (!(error instanceof MarshalError)) throw error;
      }
    }
  }
  return null;
}

function describe(code: CodeObject, saved: SavedCode, lambda: LambdaConfig): PythonFunction {
  const given = code.argumentCount + code.keywordOnlyCount;
  const parameters = code.locals.slice(0, given);
  const [first] = code.constants;
  const all = readings(code);
  const about = {
    name: code.name,
    parameters,
    pythons: versionRange(
      code.layout,
      all.map(({ version }) => version).filter((version) => version !== "3.5"),
    ),
    names: code.names,
    captures: listOf(saved.closure).length > 0,
    documentation: code.name !== "<lambda>" && typeof first === "string" ? first : null,
  };
  let obstacle = "its bytecode is of a Python that is not known here";
  for (const { version, instructions } of all) {
    try {
      const computed = decompile(code, instructions, version);
      return {
        ...about,
        pythons: version === all[0]!.version ? about.pythons : `Python ${version}`,
        ...explained(code, computed, parameters, saved, lambda),
      };
    } catch (error) {
      if (!(error instanceof NotAnExpression)) throw error;
      obstacle = error.message;
    }
  }
  return { ...about, source: null, translation: null, besides: [], obstacle };
}

function explained(
  code: CodeObject,
  { returned, besides }: Computed,
  parameters: readonly string[],
  saved: SavedCode,
  { arguments: given, inputs }: LambdaConfig,
) {
  const statements = besides.map(pythonText);
  const body = pythonText(returned);
  const source =
    code.name === "<lambda>"
      ? `lambda ${parameters.join(", ")}: ${body}`
      : `def ${code.name}(${parameters.join(", ")}): ${[...statements, `return ${body}`].join("; ")}`;
  const [input] = parameters;
  try {
    if (input === undefined) throw new NotTranslated("it takes no input");
    const known = new Map([
      ...closureOf(code, saved.closure),
      ...defaultsOf(code, saved.defaults),
      ...entriesOf(given),
    ]);
    return {
      source,
      translation: translate(returned, input, known, inputs > 1),
      besides: statements,
      obstacle: "",
    };
  } catch (error) {
    if (!(error instanceof NotTranslated)) throw error;
    return { source, translation: null, besides: statements, obstacle: error.message };
  }
}

/** Defaults belong to the last parameters. */
function defaultsOf(code: CodeObject, defaults: JsonValue): [string, Constant][] {
  const values = listOf(defaults);
  const positional = code.locals.slice(0, code.argumentCount);
  return positional
    .slice(positional.length - values.length)
    .map((name, i) => [name, constantOf(values[i] ?? null)]);
}

function closureOf(code: CodeObject, closure: JsonValue): [string, Constant][] {
  return listOf(closure).flatMap((value, i) => {
    const name = code.cells[i];
    return name === undefined || (typeof value === "object" && value !== null && !Array.isArray(value))
      ? []
      : [[name, constantOf(value)] as [string, Constant]];
  });
}

function entriesOf(value: JsonValue): [string, Constant][] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, item]) => [name, constantOf(item)]);
}

function listOf(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  const items = value !== null && typeof value === "object" ? value["items"] : null;
  return Array.isArray(items) ? items : [];
}

function constantOf(value: JsonValue): Constant {
  if (Array.isArray(value)) return value.map(constantOf);
  if (value === null || typeof value !== "object") return value;
  const items = value["items"];
  return Array.isArray(items) ? items.map(constantOf) : null;
}

function versionRange(layout: CodeLayout, versions: readonly string[]): string {
  if (layout === "2.7") return "Python 2.7";
  const sorted = versions.toSorted((a, b) => Number(a.split(".")[1]) - Number(b.split(".")[1]));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return layout === "3.11" ? "Python 3.14 or later" : "Python 3";
  return first === last ? `Python ${first}` : `Python ${first} to ${last}`;
}
