import type { JsonValue } from "../../formats/model-file.js";
import { decompile, partsOf, type Computed } from "./decompile.js";
import { childrenOf, pythonText, type Expression } from "./expression.js";
import { MODULES } from "./function-table.js";
import { versionsOf, type PythonVersion } from "./instructions.js";
import { constantsOf, givenTo, listOf } from "./given-values.js";
import type { Surroundings } from "./known-values.js";
import { MarshalError, readMarshal, type CodeLayout, type CodeObject } from "./marshal.js";
import { NotAnExpression } from "./not-an-expression.js";
import { pythonBody } from "./python-body.js";
import { translate } from "./translate.js";
import {
  checkShape,
  checkType,
  guarded,
  inBothMasks,
  inBothModes,
  inOneMode,
  type Body,
  type Translation,
} from "./translation.js";
import { NotTranslated } from "./value.js";

/** What can be told of a Python function from its bytecode, which is read and never run. */
export interface PythonFunction {
  /** `<lambda>` or the name of a `def`. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** Pythons that could have written it: `3.8 to 3.10`. */
  readonly pythons: string;
  /** Where it stood: `line 12 of model.py`. */
  readonly place: string;
  /** Names of modules, functions and variables that it uses. */
  readonly names: readonly string[];
  readonly documentation: string | null;
  /** True where it holds values of the function around it, as functions made in a loop do. */
  readonly captures: boolean;
  /** `lambda x: x / 127.5 - 1.0`, null where it is more than one expression. */
  readonly source: string | null;
  readonly translation: Translation | null;
  /** The same in Python, to be written beside a saved model; null where there is no translation or it cannot be. */
  readonly python: PythonBody | null;
  /** Calls that it makes beside what it returns (`open("log", "w").write("b")`): no part of a translation. */
  readonly besides: readonly string[];
  /** Variables of the Python program that it takes values from and that nobody gave one. */
  readonly variables: readonly string[];
  /** Why there is no translation; empty where there is one. */
  readonly obstacle: string;
}

/** Lines of a Python function of `x`, for prediction, and for training where that is something else. */
export interface PythonBody {
  readonly predicting: readonly string[];
  readonly training: readonly string[] | null;
}

/** What surrounds the code in a Lambda's config. */
export interface LambdaConfig {
  readonly function: JsonValue;
  /** The Lambda's `arguments`: keyword arguments of every call. */
  readonly arguments: JsonValue;
  /** Number of tensors that the layer is called on. */
  readonly inputs: number;
  /** Their shapes, where the file says them; null for a length that is open. */
  readonly shapes?: readonly (readonly (number | null)[])[];
  /** Version of the Keras that wrote the file, where it is known. */
  readonly major?: number;
  /** What variables of the Python program were, by name. */
  readonly variables?: JsonValue;
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
  const parameters = code.locals.slice(0, code.argumentCount + code.keywordOnlyCount);
  const [first] = code.constants;
  const versions = versionsOf(code);
  const about = {
    name: code.name,
    parameters,
    place: placeOf(code),
    names: code.names,
    captures: listOf(saved.closure).length > 0,
    documentation: code.name !== "<lambda>" && typeof first === "string" ? first : null,
  };
  const around = surroundings(code, saved, lambda);
  const read = readAs(code, versions, around);
  const fitting = read.computed.length > 0 ? read.computed.map(({ version }) => version) : versions;
  const pythons = versionRange(code.layout, fitting);
  const [only] = read.computed;
  if (!only)
    return {
      ...about,
      pythons,
      source: null,
      translation: null,
      python: null,
      besides: [],
      variables: [],
      obstacle: read.obstacle,
    };
  return { ...about, pythons, ...explained(code, only, parameters, around) };
}

/** A cell of a notebook is a file without a name of its own. */
function placeOf({ file, firstLine }: CodeObject): string {
  const name = file.split(/[\\/]/).at(-1)!;
  const isCell = /ipykernel|ipython-input/.test(file);
  return `line ${firstLine} of ${isCell ? "a notebook's cell" : name}`;
}

interface Reading extends Computed {
  readonly version: PythonVersion;
}

/** The readings of the code that all agree; none where two Pythons would compute different things. */
function readAs(
  code: CodeObject,
  versions: readonly PythonVersion[],
  around: Surroundings,
): { computed: readonly Reading[]; obstacle: string } {
  const computed: Reading[] = [];
  let [obstacle, furthest] = ["its bytecode is of a Python that is not known here", 0];
  for (const version of versions) {
    try {
      computed.push({ version, ...decompile(code, version, around) });
    } catch (error) {
      if (!(error instanceof NotAnExpression)) throw error;
      // The Python that wrote it is the one that can be followed furthest.
      if (error.steps > furthest) [obstacle, furthest] = [error.message, error.steps];
    }
  }
  const texts = new Set(computed.map(({ returned }) => pythonText(returned)));
  return texts.size > 1
    ? { computed: [], obstacle: "what it computes hangs on the Python that wrote it, which it does not say" }
    : { computed, obstacle };
}

function surroundings(code: CodeObject, saved: SavedCode, lambda: LambdaConfig): Surroundings {
  const { values, dictionaries } = givenTo(code, { ...saved, arguments: lambda.arguments });
  if (code.locals.indexOf(TRAINING) > 0) values.set(TRAINING, false);
  return {
    input: code.locals[0] ?? "",
    several: lambda.inputs > 1 ? lambda.inputs : 0,
    values,
    dictionaries,
    shapes: lambda.shapes ?? [],
    ...(lambda.major === undefined ? {} : { major: lambda.major }),
    variables: constantsOf(lambda.variables ?? null),
    training: false,
    masked: false,
  };
}

function explained(
  code: CodeObject,
  reading: Reading,
  parameters: readonly string[],
  around: Surroundings,
): Pick<PythonFunction, "source" | "translation" | "python" | "besides" | "variables" | "obstacle"> {
  const besides = reading.besides.map((call) => pythonText(call) ?? "a long call");
  const source = sourceText(code, parameters, pythonText(reading.returned), besides);
  const about = { source, besides, variables: variablesOf(reading.returned, around) };
  try {
    if (parameters.length === 0) throw new NotTranslated("it takes no input");
    const translation = translated(code, reading, parameters, around);
    return { ...about, translation, python: written(code, reading, parameters, around), obstacle: "" };
  } catch (error) {
    if (!(error instanceof NotTranslated)) throw error;
    return { ...about, translation: null, python: null, obstacle: error.message };
  }
}

/** Names of the program that stand where a value does: not the modules and functions that are called. */
function variablesOf(whole: Expression, { variables }: Surroundings): string[] {
  const found = new Set<string>();
  for (const part of partsOf(whole))
    for (const child of childrenOf(part)) {
      const called = part.kind === "attribute" || (part.kind === "call" && part.callee === child);
      if (child.kind !== "global" || called) continue;
      if (!variables.has(child.name) && !MODULES.has(child.name) && !/^(True|False|None)$/.test(child.name))
        found.add(child.name);
    }
  return [...found];
}

function sourceText(
  code: CodeObject,
  parameters: readonly string[],
  body: string | null,
  besides: readonly string[],
): string | null {
  if (body === null) return null;
  const given = parameters
    .toSpliced(code.argumentCount, 0, ...(code.keywordOnlyCount > 0 ? ["*"] : []))
    .join(", ");
  return code.name === "<lambda>"
    ? `lambda ${given}: ${body}`
    : `def ${code.name}(${given}): ${[...besides, `return ${body}`].join("; ")}`;
}

/** Keras tells a parameter of this name, and its backend, whether the layer is being trained. */
const TRAINING = "training";

function translated(
  code: CodeObject,
  { version, returned, byShape, byType, byMask }: Reading,
  parameters: readonly string[],
  around: Surroundings,
): Translation {
  const { shapes, input } = around;
  const asks = asksForPhase(code, parameters);
  const body = asks ? inPhase(code, version, around, false) : translate(returned, around);
  const modes = asks
    ? inBothModes(input, body, inPhase(code, version, around, true))
    : inOneMode(input, body);
  const both = byMask ? inBothMasks(input, modes, withMask(code, version, around)) : modes;
  if (!byShape && !byType) return both;
  return guarded(both, (given, i) => {
    if (byType) checkType(given);
    if (byShape && shapes[i]) checkShape(given, shapes[i]);
  });
}

/** What it computes of an input that has a mask; null where that is not translated. */
function withMask(code: CodeObject, version: PythonVersion, around: Surroundings): Body | null {
  try {
    return inPhase(code, version, { ...around, masked: true }, false);
  } catch (error) {
    if (error instanceof NotTranslated) return null;
    throw error;
  }
}

function asksForPhase(code: CodeObject, parameters: readonly string[]): boolean {
  return parameters.indexOf(TRAINING) > 0 || code.names.some((name) => PHASES.has(name));
}

/** What was translated, in Python. */
function written(
  code: CodeObject,
  { version, returned, byMask }: Reading,
  parameters: readonly string[],
  around: Surroundings,
): PythonBody | null {
  if (byMask) return null;
  if (!asksForPhase(code, parameters)) {
    const predicting = pythonBody(returned, around);
    return predicting && { predicting, training: null };
  }
  const [predicting, training] = [false, true].map((mode) => {
    const there = {
      ...around,
      values: new Map([...around.values, [TRAINING, mode] as const]),
      training: mode,
    };
    return pythonBody(decompile(code, version, there).returned, there);
  });
  if (!predicting || !training) return null;
  return { predicting, training: predicting.join("\n") === training.join("\n") ? null : training };
}

const PHASES = new Set(["learning_phase", "in_train_phase", "in_test_phase"]);

/** What the function computes while the layer is trained, or while it predicts. */
function inPhase(code: CodeObject, version: PythonVersion, around: Surroundings, training: boolean): Body {
  const values = new Map([...around.values, [TRAINING, training] as const]);
  const there = { ...around, values, training };
  try {
    return translate(decompile(code, version, there).returned, there);
  } catch (error) {
    if (error instanceof NotAnExpression) throw new NotTranslated(error.message);
    throw error;
  }
}

function versionRange(layout: CodeLayout, versions: readonly PythonVersion[]): string {
  if (layout === "2.7") return "Python 2.7";
  // 3.5 is read as 3.6 in an older form, which other code may fit too.
  const named = versions.length > 1 ? versions.filter((version) => version !== "3.5") : versions;
  const sorted = named.toSorted((a, b) => Number(a.split(".")[1]) - Number(b.split(".")[1]));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return layout === "3.11" ? "Python 3.14 or later" : "Python 3";
  return first === last ? `Python ${first}` : `Python ${first} to ${last}`;
}
