import { nearestNames } from "../../src/names/nearest-names.js";
import type { CellSource } from "../cells/cell-engine.js";
import { magicHook } from "./magic-hook.js";
import type { Magic, MagicContext } from "./magic.js";
import { insteadOf } from "./magics-of-ipython.js";
import { parseArguments } from "./parse-arguments.js";
import { runCode } from "./run-code.js";
import { helpText } from "./show-help.js";
import { splitCell, type CellPart } from "./split-cell.js";
import { UsageError } from "./usage-error.js";

/** What a cell ended with, as `CellEngine.run` says it. */
export interface CellValue {
  readonly hasValue: boolean;
  readonly value: unknown;
}

const NOTHING: CellValue = { hasValue: false, value: undefined };

/**
 * Runs a cell that may hold magics: its parts in order, code through the engine, magics from `context.magics`.
 * A cell without magics goes to the engine as it stands.
 * @returns the value of the last part.
 * @throws UsageError for a magic that does not exist or was typed wrongly; whatever the cell throws.
 */
export async function runCell(cell: CellSource, context: MagicContext): Promise<CellValue> {
  let last = NOTHING;
  for (const part of splitCell(cell.code)) {
    last =
      part.kind === "code"
        ? await runCode({ ...cell, code: part.code, lineOffset: (cell.lineOffset ?? 0) + part.line }, context)
        : await debuggable(part, cell, () => runMagic(part, cell, context));
  }
  return last;
}

/** A breakpoint can stand at a magic too. */
function debuggable<T>(
  part: CellPart & { readonly name: string },
  cell: CellSource,
  run: () => Promise<T>,
): Promise<T> {
  const hook = magicHook.current;
  return hook?.on ? hook.magic(part.name, (cell.lineOffset ?? 0) + part.line, run) : run();
}

async function runMagic(
  part: Exclude<CellPart, { kind: "code" }>,
  cell: CellSource,
  context: MagicContext,
): Promise<CellValue> {
  const magic = context.magics.get(part.name) ?? unknown(part.name, context.magics);
  if (asksForHelp(part.text)) {
    context.output.stream("stdout", helpText(magic));
    return NOTHING;
  }
  if (!magic.kinds.includes(part.kind)) throw wrongKind(magic, part);
  const result = await magic.run(
    {
      kind: part.kind,
      arguments: parseArguments(magic, part.text),
      body: part.kind === "cell" ? part.body : null,
      executionCount: cell.executionCount,
      line: (cell.lineOffset ?? 0) + part.line,
    },
    context,
  );
  return result ? { hasValue: result.value !== undefined, value: result.value } : NOTHING;
}

function asksForHelp(text: string): boolean {
  return text === "-h" || text === "--help";
}

function unknown(name: string, magics: ReadonlyMap<string, Magic>): never {
  const near = nearestNames(name, magics.keys(), 2).map((found) => `%${found}`);
  const instead = insteadOf(name) || (near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "");
  const meant = instead && ` ${instead}`;
  throw new UsageError(`There is no magic %${name}.${meant} %lsmagic lists all of them.`);
}

function wrongKind(magic: Magic, part: CellPart): UsageError {
  return part.kind === "cell"
    ? new UsageError(
        `%${magic.name} takes one line: type it with one percent sign. %${magic.name} -h says more.`,
      )
    : new UsageError(`%%${magic.name} takes a whole cell: type it with two percent signs on the first line.`);
}
