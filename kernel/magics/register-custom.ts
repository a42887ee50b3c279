import type { CustomObject } from "../../src/index.js";
import { lastDeclaredName } from "./declared-name.js";
import { currentLoadOrNull } from "./load-state.js";
import { library } from "./library.js";
import type { Magic, MagicCall, MagicContext } from "./magic.js";
import { UsageError } from "./usage-error.js";

export const registerCustomMagic: Magic = {
  name: "register_custom",
  kinds: ["line", "cell"],
  summary: "Registers a class or function that model files name; without one, prints a skeleton for it.",
  arguments: [
    {
      name: "NAME",
      summary: "the class as the file has it (MyAttention, package>MyAttention), or a Lambda's layer name",
      type: "word",
      required: true,
    },
    { name: "EXPRESSION", summary: "after an equals sign: the class or function", type: "rest" },
  ],
  examples: [
    "%register_custom MyAttention",
    "%register_custom lambda_1 = (x) => x.div(255)",
    "%%register_custom MyAttention\nclass MyAttention extends tf.layers.Layer { ... }",
  ],
  async run(call, context) {
    const name = String(call.arguments["NAME"]);
    const expression = expressionOf(call);
    if (call.kind === "line" && expression === null) return printSkeleton(name, context);
    if (call.kind === "cell" && call.body!.trim() === "") return printSkeleton(name, context);
    await register(name, await evaluate(call, expression, context));
    const waiting = currentLoadOrNull(context.engine)?.session.state === "waiting";
    context.output.stream(
      "stdout",
      `${name} is registered.${waiting ? " %step goes on with the load." : ""}\n`,
    );
    return undefined;
  },
};

/** `%register_custom NAME = EXPRESSION`: the text behind the equals sign. */
function expressionOf({ arguments: given }: MagicCall): string | null {
  const text = given["EXPRESSION"];
  if (text === undefined) return null;
  const match = /^=\s*(.+)$/s.exec(String(text));
  if (!match)
    throw new UsageError(`%register_custom: an equals sign belongs between the name and "${text}".`);
  return match[1]!;
}

/** Runs the body or the expression as a cell; its last value, or what it declares last, is what is registered. */
async function evaluate(
  call: MagicCall,
  expression: string | null,
  { engine }: MagicContext,
): Promise<unknown> {
  const { executionCount, line, body } = call;
  const code = expression === null ? body! : `(${expression})`;
  const lineOffset = expression === null ? line + 1 : line;
  const { hasValue, value } = await engine.run({ code, executionCount, lineOffset });
  if (hasValue && typeof value === "function") return value;
  const declared = lastDeclaredName(code);
  return declared === null ? value : engine.scope[declared];
}

async function register(name: string, value: unknown): Promise<void> {
  const { registerCustom } = await library();
  if (typeof value !== "function") {
    throw new UsageError(
      `%register_custom ${name}: the cell ends in ${value === undefined ? "nothing" : `a ${typeof value}`}; ` +
        "it takes a class that extends tf.layers.Layer, or a function.",
    );
  }
  registerCustom(name, value as CustomObject);
}

async function printSkeleton(name: string, { engine, output }: MagicContext): Promise<undefined> {
  const { skeleton } = await library();
  const load = currentLoadOrNull(engine);
  output.stream("stdout", skeleton(name, load?.session.source(name) ?? null));
  return undefined;
}
