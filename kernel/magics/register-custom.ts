import path from "node:path";
import type {
  CustomFunction,
  CustomLayerOptions,
  CustomObject,
  FunctionKind,
  LoadSession,
} from "../../src/index.js";
import { lastDeclaredName } from "./declared-name.js";
import { chosenExports } from "./chosen-exports.js";
import { currentLoadOrNull } from "./load-state.js";
import { library } from "./library.js";
import type { Magic, MagicCall, MagicContext } from "./magic.js";
import { EXAMPLES, otherName, registrationAdvice } from "./registration-advice.js";
import { UsageError } from "./usage-error.js";

export const registerCustomMagic: Magic = {
  name: "register_custom",
  kinds: ["line", "cell"],
  summary: "Registers a class or function that model files name; without one, prints a skeleton for it.",
  arguments: [
    {
      name: "NAME",
      summary:
        "the class as the file has it (MyAttention, package>MyAttention), a Lambda's layer name, a function",
      type: "word",
      offers: (questions) => questions.filter(({ registers }) => registers).map(({ subject }) => subject),
    },
    { name: "EXPRESSION", summary: "after an equals sign: the class or function", type: "rest" },
    {
      name: "--kind",
      summary: "what it is, where it is no layer",
      type: "word",
      choices: [
        "activation",
        "loss",
        "metric",
        "initializer",
        "op",
        "regularizer",
        "constraint",
        "optimizer",
        "schedule",
      ],
    },
    { name: "--supports-masking", summary: "the layer hands the mask of its input on", type: "flag" },
    { name: "--from", summary: "a .ts file: its export NAME, or all that it exports", type: "path" },
    { name: "--known", summary: "known layers of public packages by a word: tcn, qkeras, all", type: "word" },
    { name: "--list", summary: "show what is registered", type: "flag" },
    { name: "--remove", summary: "forget NAME", type: "flag" },
  ],
  examples: [
    "%register_custom MyAttention",
    "%register_custom lambda_1 = (x) => x.div(255)",
    "%register_custom --kind loss my_loss = (yTrue, yPred) => yTrue.sub(yPred).abs().mean(-1)",
    "%register_custom --from layers.ts",
    "%register_custom --known tcn",
    "%%register_custom MyAttention\nclass MyAttention extends tf.layers.Layer { ... }",
  ],
  async run(call, context) {
    const given = call.arguments;
    if (given["--list"] === true) return list(context);
    if (given["--known"] !== undefined) return registerKnownLayers(String(given["--known"]), context);
    if (given["--from"] !== undefined) return registerFile(call, context);
    if (given["NAME"] === undefined)
      throw new UsageError("%register_custom: NAME is missing; --list shows all.");
    const name = String(given["NAME"]);
    if (given["--remove"] === true) return remove(name, context);
    const expression = expressionOf(call);
    const kind = given["--kind"] as FunctionKind | undefined;
    const isEmpty = call.kind === "line" ? expression === null : call.body!.trim() === "";
    if (isEmpty) return printSkeleton(name, kind, context);
    await register(
      name,
      await evaluate(call, expression, context),
      kind,
      given["--supports-masking"] === true ? { supportsMasking: true } : {},
    );
    say([name], context, kind);
    return undefined;
  },
};

/** `%register_custom NAME = EXPRESSION`: the text behind the equals sign. */
function expressionOf({ arguments: given }: MagicCall): string | null {
  const text = given["EXPRESSION"];
  if (text === undefined) return null;
  const match = /^=\s*(.+)$/s.exec(String(text));
  if (/^=\s*$/.test(String(text)))
    throw new UsageError(
      "%register_custom: what it is to be is missing behind the equals sign: a class or a function.",
    );
  if (!match)
    throw new UsageError(`%register_custom: an equals sign belongs between the name and "${text}".`);
  return match[1]!;
}

/** A line that only Python has: `def call(self, x):`, `class Gate(Layer):`, `import tensorflow as tf`. */
const PYTHON = /^\s*(def \w+\(.*\)|class \w+(\(.*\))?\s*:|import \w[\w.]* as \w+|from [\w.]+ import )/m;

/** Runs the body or the expression as a cell; its last value, or what it declares last, is what is registered. */
async function evaluate(
  call: MagicCall,
  expression: string | null,
  { engine }: MagicContext,
): Promise<unknown> {
  const { executionCount, line, body } = call;
  // As in the examples: a class that nobody imports anything for is the usual first one.
  if (!("tf" in engine.scope)) engine.scope["tf"] = (await library()).tf;
  if (expression === null && PYTHON.test(body!))
    throw new UsageError(
      `%register_custom: this is Python, and cells are TypeScript. %register_custom ${String(call.arguments["NAME"])} prints a skeleton to write it in.`,
    );
  const code = expression === null ? body! : `(${expression})`;
  const lineOffset = expression === null ? line + 1 : line;
  const { hasValue, value } = await engine.run({ code, executionCount, lineOffset });
  if (hasValue && typeof value === "function") return value;
  const declared = lastDeclaredName(code);
  return declared === null ? value : engine.scope[declared];
}

/** @throws UsageError when the value is neither a class nor a function */
export async function register(
  name: string,
  value: unknown,
  kind?: FunctionKind,
  options: CustomLayerOptions = {},
): Promise<void> {
  const { registerCustom, registerFunction, tf } = await library();
  if (typeof value !== "function") {
    const what =
      value instanceof tf.layers.Layer
        ? "a layer that is made already"
        : value === undefined
          ? "nothing"
          : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
    throw new UsageError(
      `%register_custom ${name}: the cell ends in ${what}; ` +
        "it takes a class that extends tf.layers.Layer, or a function.",
    );
  }
  if (kind === undefined) registerCustom(name, value as CustomObject, options);
  else registerFunction(kind, name, value as CustomFunction);
}

/** Registers one export of a file, or each class and function that it exports. */
async function registerFile(call: MagicCall, context: MagicContext): Promise<undefined> {
  const { arguments: given, executionCount, line } = call;
  const file = String(given["--from"]);
  const specifier = JSON.stringify(path.resolve(context.folder, file));
  const code = `await import(${specifier})`;
  const { value } = await context.engine.run({ code, executionCount, lineOffset: line });
  const name = given["NAME"] === undefined ? null : String(given["NAME"]);
  const chosen = chosenExports(value as Record<string, unknown>, name);
  if (typeof chosen === "string") throw new UsageError(`%register_custom: ${file} ${chosen}.`);
  const kind = given["--kind"] as FunctionKind | undefined;
  for (const [key, item] of chosen) await register(key, item, kind);
  say(
    chosen.map(([key]) => key),
    context,
  );
  return undefined;
}

/** Takes layers of the known collection, by a word of their name, title or source. */
async function registerKnownLayers(word: string, context: MagicContext): Promise<undefined> {
  const { knownCollection, registerKnown } = await library();
  const wanted = word.toLowerCase();
  const found = knownCollection.filter(
    ({ className, title, source }) =>
      wanted === "all" || `${className} ${title} ${source}`.toLowerCase().includes(wanted),
  );
  if (wanted === "addons") {
    context.output.stream("stdout", "The layers of TensorFlow Addons are known without being registered.\n");
    return undefined;
  }
  if (found.length === 0) {
    const names = knownCollection.map(({ className }) => className).join(", ");
    throw new UsageError(`%register_custom: no known layer is about "${word}". Known: ${names}.`);
  }
  for (const { className, packages, definition } of found)
    for (const name of packages?.map((each) => `${each}>${className}`) ?? [className])
      registerKnown(name, definition);
  const lines = found.map(({ className, title, source }) => `${className}: ${title} (${source})`);
  context.output.stream("stdout", `${lines.join("\n")}\n`);
  say(
    found.map(({ className }) => className),
    context,
  );
  return undefined;
}

async function list({ output }: MagicContext): Promise<undefined> {
  const { customObjects, listFunctions } = await library();
  const rows = [
    ...[...customObjects().keys()].map((name) => `${name}  layer`),
    ...listFunctions().map(({ kind, name }) => `${name}  ${kind}`),
  ];
  output.stream("stdout", rows.length > 0 ? `${rows.join("\n")}\n` : "Nothing is registered.\n");
  return undefined;
}

async function remove(name: string, { output }: MagicContext): Promise<undefined> {
  const { unregisterCustom } = await library();
  if (!unregisterCustom(name))
    throw new UsageError(`%register_custom: ${name} is not registered; --list shows all.`);
  output.stream("stdout", `${name} is forgotten.\n`);
  return undefined;
}

function say(names: readonly string[], { engine, output }: MagicContext, kind?: FunctionKind): void {
  const session = currentLoadOrNull(engine)?.session ?? null;
  const are = names.length === 1 ? "is" : "are";
  const next = session ? registrationAdvice(names, kind, session) : "";
  output.stream("stdout", `${names.join(", ")} ${are} registered.${next === "" ? "" : ` ${next}`}\n`);
}

/** The last line of what is registered without code: a skeleton, or for a function of training an example. */
async function printSkeleton(
  name: string,
  kind: FunctionKind | undefined,
  { engine, output }: MagicContext,
): Promise<undefined> {
  const session = currentLoadOrNull(engine)?.session ?? null;
  const example = kind && EXAMPLES[kind];
  const text = example
    ? `%register_custom --kind ${kind} ${name} = ${example}\n`
    : await skeletonText(name, session);
  output.stream("stdout", text);
  const other = session && kind === undefined ? otherName(name, session) : null;
  if (other !== null) output.stream("stderr", `${other}\n`);
  return undefined;
}

/** The cell that a class, a function or an operation can be written in, with what the load knows about it. */
export async function skeletonText(name: string, session: LoadSession | null): Promise<string> {
  const { opSkeleton, skeleton } = await library();
  const op = session?.unknownOp(name) ?? null;
  return op !== null ? opSkeleton(op) : skeleton(name, session?.source(name) ?? null);
}
