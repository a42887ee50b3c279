import ts = require("typescript");
import { forEachCodeChild } from "./data-literals.js";
import type { EmittedJavaScript } from "./emit-javascript.js";
import { lineOf, lineStarts, type Mapping } from "./source-map.js";

const { SyntaxKind } = ts;

/** What JavaScript has as Node 20 runs it; types, enums, decorators, `using`, JSX, imports and exports are not here. */
const JAVASCRIPT: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[SyntaxKind.Identifier, SyntaxKind.PrivateIdentifier, SyntaxKind.ComputedPropertyName],
  ...[SyntaxKind.NumericLiteral, SyntaxKind.BigIntLiteral, SyntaxKind.StringLiteral],
  ...[SyntaxKind.RegularExpressionLiteral, SyntaxKind.NoSubstitutionTemplateLiteral],
  ...[SyntaxKind.TemplateHead, SyntaxKind.TemplateMiddle, SyntaxKind.TemplateTail],
  ...[SyntaxKind.TemplateExpression, SyntaxKind.TemplateSpan, SyntaxKind.TaggedTemplateExpression],
  ...[SyntaxKind.TrueKeyword, SyntaxKind.FalseKeyword, SyntaxKind.NullKeyword, SyntaxKind.ThisKeyword],
  ...[SyntaxKind.SuperKeyword, SyntaxKind.ImportKeyword, SyntaxKind.InKeyword, SyntaxKind.InstanceOfKeyword],
  ...[SyntaxKind.AsyncKeyword, SyntaxKind.StaticKeyword, SyntaxKind.AwaitKeyword],
  ...[SyntaxKind.ArrayLiteralExpression, SyntaxKind.ObjectLiteralExpression, SyntaxKind.PropertyAssignment],
  ...[SyntaxKind.ShorthandPropertyAssignment, SyntaxKind.SpreadAssignment, SyntaxKind.SpreadElement],
  ...[SyntaxKind.MethodDeclaration, SyntaxKind.GetAccessor, SyntaxKind.SetAccessor, SyntaxKind.Constructor],
  ...[SyntaxKind.PropertyDeclaration, SyntaxKind.ClassStaticBlockDeclaration],
  ...[SyntaxKind.SemicolonClassElement, SyntaxKind.HeritageClause, SyntaxKind.ExpressionWithTypeArguments],
  ...[SyntaxKind.PropertyAccessExpression, SyntaxKind.ElementAccessExpression, SyntaxKind.CallExpression],
  ...[SyntaxKind.NewExpression, SyntaxKind.ParenthesizedExpression, SyntaxKind.FunctionExpression],
  ...[SyntaxKind.ArrowFunction, SyntaxKind.DeleteExpression, SyntaxKind.TypeOfExpression],
  ...[SyntaxKind.VoidExpression, SyntaxKind.AwaitExpression, SyntaxKind.PrefixUnaryExpression],
  ...[SyntaxKind.PostfixUnaryExpression, SyntaxKind.BinaryExpression, SyntaxKind.ConditionalExpression],
  ...[SyntaxKind.YieldExpression, SyntaxKind.ClassExpression, SyntaxKind.OmittedExpression],
  ...[SyntaxKind.MetaProperty, SyntaxKind.Parameter, SyntaxKind.BindingElement],
  ...[SyntaxKind.ObjectBindingPattern, SyntaxKind.ArrayBindingPattern, SyntaxKind.VariableStatement],
  ...[SyntaxKind.VariableDeclarationList, SyntaxKind.VariableDeclaration, SyntaxKind.Block],
  ...[SyntaxKind.EmptyStatement, SyntaxKind.ExpressionStatement, SyntaxKind.IfStatement],
  ...[SyntaxKind.DoStatement, SyntaxKind.WhileStatement, SyntaxKind.ForStatement, SyntaxKind.ForInStatement],
  ...[SyntaxKind.ForOfStatement, SyntaxKind.ContinueStatement, SyntaxKind.BreakStatement],
  ...[SyntaxKind.ReturnStatement, SyntaxKind.SwitchStatement, SyntaxKind.CaseBlock, SyntaxKind.CaseClause],
  ...[SyntaxKind.DefaultClause, SyntaxKind.LabeledStatement, SyntaxKind.ThrowStatement],
  ...[SyntaxKind.TryStatement, SyntaxKind.CatchClause, SyntaxKind.DebuggerStatement],
  ...[SyntaxKind.FunctionDeclaration, SyntaxKind.ClassDeclaration, SyntaxKind.EndOfFileToken],
]);

/**
 * A file without anything that TypeScript would change is its own JavaScript. Null for others: the compiler prints
 * them. Printing takes most of the time of a short cell.
 * @param file parsed with parents, without errors.
 */
export function plainJavaScript(file: ts.SourceFile, options: ts.CompilerOptions): EmittedJavaScript | null {
  const { text } = file;
  // Line breaks that V8 counts and maps do not, and what may only stand at the very beginning.
  if (/^#!|^\uFEFF|\r(?!\n)|[\u2028\u2029]/.test(text)) return null;
  const places: number[] = [];
  const isPlain = (node: ts.Node): boolean => {
    places.push(node.getStart(file));
    if (ts.isBlock(node)) places.push(node.end - 1);
    return isJavaScript(node, options) && forEachCodeChild(node, (child) => !isPlain(child)) !== true;
  };
  if (!file.statements.every(isPlain)) return null;
  return { text, mappings: sameMappings(text, places), diagnostics: [], plain: file };
}

function isJavaScript(node: ts.Node, options: ts.CompilerOptions): boolean {
  if (!JAVASCRIPT.has(node.kind)) return isOperator(node);
  if (ts.isVariableDeclarationList(node)) return (node.flags & ts.NodeFlags.Using) === 0;
  if (ts.isHeritageClause(node)) return node.token === SyntaxKind.ExtendsKeyword;
  if (ts.isParameter(node)) return !(ts.isIdentifier(node.name) && node.name.text === "this");
  if (ts.isPropertyDeclaration(node)) return options.useDefineForClassFields !== false;
  return !ts.isFunctionLike(node) || (node as ts.FunctionLikeDeclaration).body !== undefined;
}

/** Punctuation; of `?` and `!` only what no type is behind. */
function isOperator({ kind, parent }: ts.Node): boolean {
  if (kind === SyntaxKind.QuestionToken) return ts.isConditionalExpression(parent);
  const isPunctuation = kind >= SyntaxKind.FirstPunctuation && kind <= SyntaxKind.LastPunctuation;
  return isPunctuation && kind !== SyntaxKind.ExclamationToken && kind !== SyntaxKind.AtToken;
}

/** A map of a text to itself. */
function sameMappings(text: string, places: number[]): Mapping[] {
  const starts = lineStarts(text);
  return [...new Set(places)]
    .sort((a, b) => a - b)
    .map((offset) => {
      const line = lineOf(starts, offset);
      const column = offset - starts[line]!;
      return { line, column, sourceLine: line, sourceColumn: column };
    });
}
