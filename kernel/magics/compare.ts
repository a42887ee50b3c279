import { existsSync } from "node:fs";
import path from "node:path";
import { library } from "./library.js";
import { modelVariable } from "./model-variable.js";
import type { Magic, MagicContext } from "./magic.js";
import { UsageError } from "./usage-error.js";

export const compare: Magic = {
  name: "compare",
  kinds: ["line"],
  summary: "Compares a model with reference outputs, or two models layer by layer.",
  arguments: [
    {
      name: "WHAT",
      summary: "a file with inputs and outputs (.npz, .h5, .json), or a variable of a model",
      type: "path",
      required: true,
    },
    { name: "OTHER", summary: "a second model: a variable", type: "identifier" },
    { name: "--model", summary: "the model for a file, `model` if left out", type: "identifier" },
    {
      name: "--input",
      summary: "a variable with the input, a tensor or a list; random if left out",
      type: "identifier",
    },
    {
      name: "--tolerance",
      summary: "largest difference that counts as none, 1e-5 if left out",
      type: "number",
    },
  ],
  examples: [
    "%compare reference.npz",
    "%compare model fixed",
    "%compare model fixed --input x --tolerance 1e-4",
  ],
  async run({ arguments: given }, context) {
    const { comparisonBundle } = await library();
    const what = String(given["WHAT"]);
    const file = path.resolve(context.folder, what);
    const tolerance = typeof given["--tolerance"] === "number" ? given["--tolerance"] : undefined;
    const comparison =
      given["OTHER"] === undefined && (what.includes(".") || existsSync(file))
        ? await withReference(file, what, given["--model"], tolerance, context)
        : await twoModels(what, given["OTHER"], given["--input"], tolerance, context);
    context.output.display(comparisonBundle(comparison));
    return undefined;
  },
};

async function withReference(
  file: string,
  shown: string,
  name: unknown,
  tolerance: number | undefined,
  { engine }: MagicContext,
) {
  const { compareWithReference, readReference, FormatError } = await library();
  const { isLoadedGraph } = await library();
  const graph = engine.scope[String(name ?? "model")];
  const model = isLoadedGraph(graph) ? graph : await modelVariable("compare", name, engine);
  try {
    return compareWithReference(
      model,
      await readReference(file),
      [String(name ?? "model"), shown],
      tolerance,
    );
  } catch (error) {
    if (
      error instanceof RangeError ||
      error instanceof FormatError ||
      (error as NodeJS.ErrnoException).code
    ) {
      throw new UsageError(`%compare: ${shown}: ${(error as Error).message}`);
    }
    throw error;
  }
}

async function twoModels(
  first: string,
  second: unknown,
  input: unknown,
  tolerance: number | undefined,
  { engine }: MagicContext,
) {
  const { compareModels, tf } = await library();
  if (second === undefined)
    throw new UsageError(`%compare: there is no file ${first}; two models are compared by two variables.`);
  const [a, b] = [
    await modelVariable("compare", first, engine),
    await modelVariable("compare", second, engine),
  ];
  const given = input === undefined ? null : [engine.scope[String(input)]].flat();
  if (given?.some((item) => !(item instanceof tf.Tensor))) {
    throw new UsageError(`%compare: ${String(input)} is neither a tensor nor a list of tensors.`);
  }
  return compareModels(a, b, [first, String(second)], given as never, tolerance);
}
