import ts = require("typescript");
import type { Reference } from "./resolve-names.js";

/** The function that TypeScript makes of a namespace's block. */
interface Block {
  readonly body: ts.Block;
  /** What the function calls the namespace: `N`, or `N_1` where the block has an `N` of its own. */
  readonly parameter: string;
  /** What earlier cells have put into the namespace. */
  readonly members: object;
  readonly around: Block | null;
}

/**
 * Names in a block that goes on with a namespace of earlier cells, for what those export: TypeScript knows the blocks of
 * one file only, and leaves such a name as it stands.
 * @param namespaceOf the namespace of that name that the cell goes on with, as it is now
 * @returns what each reference is in place of the bare name: `N.a`
 */
export function namespaceReferences(
  file: ts.SourceFile,
  references: readonly Reference[],
  namespaceOf: (name: string) => object | undefined,
): Map<Reference, string> {
  const blocks = continuedBlocks(file, namespaceOf);
  const found = new Map<Reference, string>();
  if (blocks.length === 0) return found;
  for (const reference of references) {
    const { node } = reference;
    // the inner ones come behind those around them
    const inside = blocks.findLast(({ body }) => node.pos >= body.pos && node.end <= body.end) ?? null;
    for (let block = inside; block; block = block.around)
      if (Object.hasOwn(block.members, node.text)) {
        found.set(reference, `${block.parameter}.${node.text}`);
        break;
      }
  }
  return found;
}

function continuedBlocks(file: ts.SourceFile, namespaceOf: (name: string) => object | undefined): Block[] {
  const found: Block[] = [];
  const search = (statements: readonly ts.Statement[], around: Block | null): void => {
    for (const statement of statements) {
      const call = ts.isExpressionStatement(statement) ? statement.expression : null;
      const block = call && blockOf(call, around, namespaceOf);
      if (!block) continue;
      found.push(block);
      search(block.body.statements, block);
    }
  };
  search(file.statements, null);
  return found;
}

/** `(function (N) { ... })(N || (N = {}))`, within another block `(function (M) { ... })(M = N.M || (N.M = {}))`. */
function blockOf(
  call: ts.Expression,
  around: Block | null,
  namespaceOf: (name: string) => object | undefined,
): Block | null {
  if (!ts.isCallExpression(call) || !ts.isParenthesizedExpression(call.expression)) return null;
  const { expression: made } = call.expression;
  const [given] = call.arguments;
  const name = ts.isFunctionExpression(made) ? made.parameters[0]?.name : undefined;
  if (!ts.isFunctionExpression(made) || !name || !ts.isIdentifier(name) || !given) return null;
  const members = around ? membersWithin(around, given) : membersOf(given, namespaceOf);
  return members ? { body: made.body, parameter: name.text, members, around } : null;
}

function membersOf(given: ts.Expression, namespaceOf: (name: string) => object | undefined) {
  const before = ts.isBinaryExpression(given) ? given.left : null;
  return before && ts.isIdentifier(before) ? namespaceOf(before.text) : undefined;
}

function membersWithin({ parameter, members }: Block, given: ts.Expression): object | undefined {
  const either = ts.isBinaryExpression(given) ? given.right : null;
  const before = either && ts.isBinaryExpression(either) ? either.left : null;
  if (!before || !ts.isPropertyAccessExpression(before)) return undefined;
  if (!ts.isIdentifier(before.expression) || before.expression.text !== parameter) return undefined;
  const inner = (members as Record<string, unknown>)[before.name.text];
  return typeof inner === "object" && inner !== null ? inner : undefined;
}
