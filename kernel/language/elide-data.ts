import ts = require("typescript");

/** Characters from which on a text, and a list in it, is looked at. */
const BIG = 5000;
/** Elements of one shape that a list keeps: more say nothing new of its type. */
const KEPT = 50;

/** Each key that is typed asks more than once. */
let last = { text: "", elided: "" };

/**
 * The text with blanks for most of the data in it, as long and with the same lines. A list of 100,000 numbers has the
 * type of its first ones, and costs the compiler seconds for each key that is typed. A list keeps the first elements
 * of each shape, and all that are not data; one that is `as const` keeps all.
 */
export function elideData(text: string): string {
  if (text.length < BIG) return text;
  if (last.text !== text) last = { text, elided: withBlanks(text, dataIn(text)) };
  return last.elided;
}

interface Range {
  readonly start: number;
  end: number;
}

function withBlanks(text: string, ranges: readonly Range[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of ranges) {
    pieces.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n\u2028\u2029]+/g, blanks));
    from = end;
  }
  return pieces.join("") + text.slice(from);
}

function dataIn(text: string): Range[] {
  const ranges: Range[] = [];
  const elide = (start: number, end: number): void => {
    const before = ranges.at(-1);
    if (before?.end === start) before.end = end;
    else ranges.push({ start, end });
  };
  const walk = (node: ts.Node): void => {
    if (node.end - node.pos < BIG || isConst(node)) return;
    if (ts.isArrayLiteralExpression(node)) elideElements(node, elide, walk);
    else ts.forEachChild(node, walk);
  };
  walk(
    ts.createSourceFile("cell.ts", text, {
      languageVersion: ts.ScriptTarget.Latest,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    }),
  );
  return ranges;
}

/** Each with the comma behind it: two commas in a row would be an element that is missing. */
function elideElements(
  { elements }: ts.ArrayLiteralExpression,
  elide: (start: number, end: number) => void,
  walk: (node: ts.Node) => void,
): void {
  const seen = new Map<string, number>();
  for (const [i, element] of elements.entries()) {
    const shape = shapeOf(element);
    const count = shape === null ? 0 : (seen.get(shape) ?? 0) + 1;
    if (shape !== null) seen.set(shape, count);
    if (count > KEPT) elide(element.pos, elements[i + 1]?.pos ?? elements.end);
    else walk(element);
  }
}

/** Equal for data of one type; null for what is not data. */
function shapeOf(node: ts.Node): string | null {
  if (ts.isPrefixUnaryExpression(node)) return shapeOf(node.operand);
  if (ts.isArrayLiteralExpression(node)) return listed(node.elements.map(shapeOf), "[]");
  if (ts.isObjectLiteralExpression(node)) return listed(node.properties.map(shapeOfProperty), "{}");
  return SIMPLE.has(node.kind) ? String(node.kind) : null;
}

function shapeOfProperty(node: ts.ObjectLiteralElementLike): string | null {
  if (!ts.isPropertyAssignment(node) || ts.isComputedPropertyName(node.name)) return null;
  const value = shapeOf(node.initializer);
  return value && `${JSON.stringify((node.name as ts.Identifier | ts.StringLiteral).text)}:${value}`;
}

function listed(shapes: readonly (string | null)[], brackets: string): string | null {
  if (shapes.includes(null)) return null;
  return brackets[0] + [...new Set(shapes)].join() + brackets[1];
}

const SIMPLE = new Set([
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.BigIntLiteral,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword,
]);

function isConst(node: ts.Node): boolean {
  return (
    (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) && ts.isConstTypeReference(node.type)
  );
}

function blanks(text: string): string {
  return " ".repeat(text.length);
}
