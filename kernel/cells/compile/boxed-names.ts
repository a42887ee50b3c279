import ts = require("typescript");
import { isTarget } from "./assignment-target.js";
import type { LocalLoop } from "./localize-loops.js";
import { patternNames, type Reference, type ResolvedNames } from "./resolve-names.js";

/** What the rewriting asks about names that other cells declared. */
export interface KnownNames {
  has(name: string): boolean;
  isConstant(name: string): boolean;
  /** Whether code other than the cell may read or change the name while a loop runs. */
  isShared(name: string): boolean;
  /** The namespace of that name that earlier cells declared. */
  namespaceOf(name: string): object | undefined;
}

export interface CellNames {
  /** Identifiers of the user's text; what TypeScript adds (`env_1`, `__esDecorate`) stays local to the cell. */
  readonly written: ReadonlySet<string>;
  /** Enums, and namespaces that go on with none of an earlier cell: declared afresh. */
  readonly fresh: ReadonlySet<string>;
  /** Namespaces that go on with those of earlier cells. */
  readonly goesOn: ReadonlySet<string>;
  /** Starts every identifier that the rewriting adds; occurs nowhere in the user's text. */
  readonly prefix: string;
}

/** What each name of a cell is in the rewritten text. */
export class BoxedNames {
  /** The runtime object, and what every added identifier starts with. */
  readonly runtime: string;
  /** Names whose boxes the text needs so far. */
  readonly boxes = new Set<string>();
  /** Loops that keep names in locals. */
  loops: readonly LocalLoop[] = [];
  /** Where a `let`, `const` or `class` of this cell has its value. */
  readonly #initialized = new Map<string, number>();

  constructor(
    file: ts.SourceFile,
    readonly resolved: ResolvedNames,
    readonly cell: CellNames,
    readonly known: KnownNames,
  ) {
    this.runtime = cell.prefix;
    this.#findInitializers(file);
  }

  isFresh(name: string): boolean {
    return this.cell.fresh.has(name);
  }

  isOurs(name: string): boolean {
    return this.cell.written.has(name);
  }

  /** The box's parameter. */
  parameter(name: string): string {
    return this.runtime + name;
  }

  box(name: string): string {
    this.boxes.add(name);
    return this.parameter(name);
  }

  /** `$_x.x` */
  property(name: string): string {
    return `${this.box(name)}.${name}`;
  }

  /** Where a name's value is for code at `node`: its box, or a local of the loop around it. */
  place(node: ts.Node, name: string): string {
    return this.#isInLoop(node, name) ? this.local(name) : this.property(name);
  }

  #isInLoop(node: ts.Node, name: string): boolean {
    return this.loops.some(
      ({ names, statement }) => names.has(name) && node.pos >= statement.pos && node.end <= statement.end,
    );
  }

  /** No box has this name: it would be that of a variable that starts with a digit. */
  local(name: string): string {
    return `${this.runtime}0${name}`;
  }

  /** `$_x,"x"`: how a box and its name are passed to the runtime. */
  pair(name: string): string {
    return `${this.box(name)},${JSON.stringify(name)}`;
  }

  #findInitializers(file: ts.SourceFile): void {
    for (const statement of file.statements) {
      if (ts.isClassDeclaration(statement) && statement.name)
        this.#initialized.set(statement.name.text, statement.end);
      if (ts.isVariableStatement(statement))
        for (const { name, end } of statement.declarationList.declarations)
          for (const bound of patternNames(name)) this.#initialized.set(bound, end);
    }
  }

  mayBeLocal(reference: Reference): boolean {
    const name = reference.node.text;
    if (this.known.isShared(name) || name.startsWith(this.runtime)) return false;
    const kind = this.resolved.declared.get(name);
    if (kind === "import" || (kind && !this.isOurs(name))) return false;
    if (isTarget(reference.node) && !this.isWritable(name)) return false;
    return this.fallback(reference.node, reference.hoisted) === null;
  }

  isWritable(name: string): boolean {
    const kind = this.resolved.declared.get(name);
    return kind
      ? kind !== "const" && kind !== "import"
      : this.known.has(name) && !this.known.isConstant(name);
  }

  /** What is read while the box is empty; null where it cannot be. */
  fallback(node: ts.Identifier, hoisted: boolean): string | null {
    const name = node.text;
    if (this.known.has(name)) return null;
    const kind = this.resolved.declared.get(name);
    // The function that holds the cell has arguments, and the cell none.
    if (kind === undefined)
      return name === "arguments" ? `${this.runtime}.ref(${this.pair(name)}).value` : name;
    if (kind === "function" || kind === "var" || kind === "import") return null;
    const initialized = this.#initialized.get(name) ?? Infinity;
    return !hoisted && node.pos >= initialized ? null : `${this.runtime}.early(${JSON.stringify(name)})`;
  }
}
