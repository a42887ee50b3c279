import ts = require("typescript");
import { boundNames, type Reference, type ResolvedNames } from "./resolve-names.js";

/**
 * A loop at the top level of a cell whose variables can be kept in locals while it runs, which makes it as fast as
 * in a script. Sound because no other code can see them meanwhile: the loop does not await, and no function of any
 * cell refers to them.
 */
export interface LocalLoop {
  /** The loop with its labels. */
  readonly statement: ts.Statement;
  /** Names that become locals. */
  readonly names: ReadonlySet<string>;
  /** Those of them that the loop assigns. */
  readonly assigned: ReadonlySet<string>;
  /** Bodies of the loop and of the loops in it, where the locals are written back now and then. */
  readonly bodies: readonly LoopBody[];
}

export interface LoopBody {
  readonly statement: ts.Statement;
  /** A variable of the loop that is one more or one less at each turn; null if there is none. */
  readonly counter: string | null;
}

export function findLocalLoops(
  file: ts.SourceFile,
  resolved: ResolvedNames,
  isAssigned: (node: ts.Identifier) => boolean,
  mayBeLocal: (reference: Reference) => boolean,
): LocalLoop[] {
  const captured = new Set(resolved.references.filter(({ nested }) => nested).map(({ node }) => node.text));
  const loops: LocalLoop[] = [];
  for (const statement of outermostLoops(file)) {
    const inside = ({ pos, end }: ts.Node) => pos >= statement.pos && end <= statement.end;
    const references = resolved.references.filter(({ node }) => inside(node));
    const excluded = new Set(
      references.filter((reference) => !mayBeLocal(reference)).map(({ node }) => node.text),
    );
    const vars = resolved.topLevelVars.filter(inside).flatMap(boundNames);
    const free = (name: string) => !captured.has(name) && !excluded.has(name);
    const assigned = references.filter(({ node }) => isAssigned(node)).map(({ node }) => node.text);
    const names = new Set([...references.map(({ node }) => node.text), ...vars].filter(free));
    if (names.size === 0) continue;
    loops.push({
      statement,
      names,
      assigned: new Set([...assigned, ...vars].filter(free)),
      bodies: loopBodies(statement, isAssigned),
    });
  }
  return loops;
}

/** Loops that are in no function and no other loop, and that never give way to other code. */
function outermostLoops(file: ts.SourceFile): ts.Statement[] {
  const loops: ts.Statement[] = [];
  const walk = (node: ts.Node, labelled: ts.Statement | null): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isExpression(node)) return;
    if (ts.isLabeledStatement(node)) walk(node.statement, labelled ?? node);
    else if (ts.isIterationStatement(node, false)) {
      if (awaits(node)) ts.forEachChild(node, (child) => walk(child, null));
      else loops.push(labelled ?? node);
    } else ts.forEachChild(node, (child) => walk(child, null));
  };
  walk(file, null);
  return loops;
}

function awaits(node: ts.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, awaits) ?? false;
}

function loopBodies(loop: ts.Statement, isAssigned: (node: ts.Identifier) => boolean): LoopBody[] {
  const bodies: LoopBody[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isIterationStatement(node, false)) {
      const isOuter = bodies.length === 0; // an inner one may begin at 0 every other moment
      bodies.push({ statement: node.statement, counter: isOuter ? counterOf(node, isAssigned) : null });
    }
    ts.forEachChild(node, walk);
  };
  walk(loop);
  return bodies;
}

/** `i` of `for (let i = 0; ...; i++)`, if nothing else assigns it. */
function counterOf(loop: ts.IterationStatement, isAssigned: (node: ts.Identifier) => boolean): string | null {
  if (!ts.isForStatement(loop) || !loop.initializer || !loop.incrementor) return null;
  const { initializer, incrementor } = loop;
  const isStep = ts.isPostfixUnaryExpression(incrementor) || ts.isPrefixUnaryExpression(incrementor);
  if (!isStep || !ts.isIdentifier(incrementor.operand) || !ts.isVariableDeclarationList(initializer))
    return null;
  if (!(initializer.flags & ts.NodeFlags.Let)) return null;
  const { text } = incrementor.operand;
  const declared = initializer.declarations.find(({ name }) => ts.isIdentifier(name) && name.text === text);
  // Of a bigint the turns cannot be told in the same way.
  if (!declared?.initializer || !ts.isNumericLiteral(declared.initializer)) return null;
  const assigns = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === text && node !== incrementor.operand && isAssigned(node)) ||
    ts.forEachChild(node, assigns) === true;
  return assigns(loop.statement) || (loop.condition && assigns(loop.condition)) ? null : text;
}
