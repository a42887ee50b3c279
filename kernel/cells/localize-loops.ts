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
  readonly bodies: readonly ts.Statement[];
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
      bodies: loopBodies(statement),
    });
  }
  return loops;
}

/** Loops that are in no function and no other loop, and that never give way to other code. */
function outermostLoops(file: ts.SourceFile): ts.Statement[] {
  const loops: ts.Statement[] = [];
  const walk = (node: ts.Node, labelled: ts.Statement | null): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
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

function loopBodies(loop: ts.Statement): ts.Statement[] {
  const bodies: ts.Statement[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isIterationStatement(node, false)) bodies.push(node.statement);
    ts.forEachChild(node, walk);
  };
  walk(loop);
  return bodies;
}
