import type { CellEngine } from "../../cells/cell-engine.js";
import { basename } from "node:path";
import { types } from "node:util";
import { loadStack } from "../../../src/loading/load-stack.js";
import { compiledFiles, compiledSource } from "../../cells/compile/compiled-sources.js";
import type { Bundle } from "../../runner/messages.js";
import { children, hasChildren, setter, type Child } from "./children.js";
import { className, describe, isLayer, type LayerLike } from "../../cells/values/describe.js";
import type { DebugHooks, DebugSource, RunningPart } from "./hooks.js";
import type { Variable } from "../dap.js";

/** What a value of the main thread is to front ends. */
export type DescribedValue = Pick<Variable, "value" | "type" | "variablesReference">;

/** What the debugger asks of the language of the cells. */
export interface DebugLanguage {
  /** As `rewrite-expression.ts` of the cells. */
  rewriteExpression(text: string, isNotebookName: (name: string) => boolean, scope: string): string;
  /** As `guarded-place.ts` of the cells. */
  isGuarded(text: string, line: number, column: number): boolean;
  /** As `yielding-place.ts` of the cells. */
  mayYield(text: string, line: number, column: number, calls: boolean): boolean;
  formatValue(value: unknown): Bundle | Promise<Bundle>;
}

/** Index of a layer that is called, not made. */
const LAYER = -2;

type Listing = () => readonly Child[];

/**
 * What the debugger calls in the main thread, through the inspector and also while that thread is paused. It hands
 * out numbers for values that can be opened; they end with `forget`.
 */
export class DebugTarget {
  readonly #listings = new Map<number, Listing>();
  /** Held weakly: a front end that once looked must not keep tensors alive. */
  readonly #values = new Map<number, WeakRef<object>>();
  #layer: object | null = null;
  /** Numbers go on after `forget`, so that an old one opens nothing else. */
  #next = 1;

  constructor(
    private readonly engine: CellEngine,
    private readonly language: DebugLanguage,
    private readonly hooks: DebugHooks,
  ) {}

  source(file: string): DebugSource | null {
    const source = compiledSource(file);
    return source ? this.hooks.debugSource(source) : null;
  }

  /** Names under which V8 knows the sources of a cell, by its hash, or of a file. */
  filesOf(cell: number | string): readonly string[] {
    return typeof cell === "string" ? [cell] : this.hooks.filesOfCell(cell);
  }

  /** The notebook's variables; expressions are rewritten to read and set them here. */
  get scope(): Record<string, unknown> {
    return this.engine.scope;
  }

  /** Values of the names in the latest expression: V8 takes a look at `scope`, a proxy, for a side effect. */
  seen: Record<string, unknown> = {};

  /** A number for the notebook's own variables, without what the kernel declares. */
  notebook(): number {
    const { scope } = this.engine;
    return this.#list(() => entries(scope, Object.keys(scope)));
  }

  /** A number for the variables of a scope of V8's, of which only the user's are shown; with `this` where it is one. */
  locals(scope: Record<string, unknown>, names: readonly string[], receiver?: unknown): number {
    const own: Child[] = receiver === undefined ? [] : [{ name: "this", value: receiver }];
    return this.#list(() => [...own, ...entries(scope, names)]);
  }

  /** @see DebugHooks.parts; first the layer whose code runs, where the load does not know it. */
  parts(receiver?: unknown): RunningPart[] {
    const parts = this.hooks.parts();
    const [inner] = parts;
    if (!inner?.name.startsWith("step ") || !isLayerLike(receiver)) return parts;
    this.#layer = receiver;
    return [{ ...inner, name: `layer ${receiver.name} (${className(receiver)})`, index: LAYER }, ...parts];
  }

  /** A number for what is at hand in a part of a load. */
  part(index: number): number {
    const layer = this.#layer;
    const view = index === LAYER ? { layer } : (loadStack.frames[index]?.view() ?? {});
    return this.#list(() => entries(view as Record<string, unknown>, Object.keys(view)));
  }

  /** Names in a scope of V8's. */
  names(scope: object): string[] {
    return Object.keys(scope);
  }

  withoutNotebook(names: readonly string[]): string[] {
    return names.filter((name) => !(name in this.engine.scope));
  }

  describe(value: unknown): DescribedValue {
    return { ...describe(value), variablesReference: hasChildren(value) ? this.#open(value) : 0 };
  }

  variables(reference: number, start = 0, count?: number): Variable[] {
    const list = this.#children(reference);
    return list.slice(start, count ? start + count : undefined).map((child) => this.#variable(child));
  }

  #children(reference: number): readonly Child[] {
    const held = this.#values.get(reference)?.deref();
    return held ? children(held) : (this.#listings.get(reference)?.() ?? []);
  }

  /**
   * An expression as the user wrote it, in terms of what the paused code can see.
   * @param scope expression for the object that has the notebook's names, `scope` or `seen` of this one.
   */
  rewrite(text: string, hidden: readonly string[], scope: string): string {
    this.seen = {};
    const isNotebookName = (name: string) => {
      if (hidden.includes(name) || !(name in this.engine.scope)) return false;
      Object.defineProperty(this.seen, name, { value: this.#valueOf(name), enumerable: true });
      return true;
    };
    return this.language.rewriteExpression(text, isNotebookName, scope);
  }

  /** An imported name may fail to be read; the expression that reads it is to say so. */
  #valueOf(name: string): unknown {
    try {
      return this.engine.scope[name];
    } catch {
      return undefined;
    }
  }

  /** The object behind a number where V8 alone sees all of it: private fields, the result of a promise. */
  instance(reference: number): object | undefined {
    const object = this.#values.get(reference)?.deref();
    if (types.isPromise(object)) return object;
    const constructor: unknown = object && Object.getPrototypeOf(object)?.constructor;
    const isUsers =
      typeof constructor === "function" && /#\w/.test(Function.prototype.toString.call(constructor));
    return isUsers ? object : undefined;
  }

  isGuarded(text: string, line: number, column: number): boolean {
    return this.language.isGuarded(text, line, column);
  }

  mayYield(text: string, line: number, column: number, calls: boolean): boolean {
    return this.language.mayYield(text, line, column, calls);
  }

  /** Prints below the cell that runs. */
  log(text: string): void {
    console.log(text);
  }

  /** A variable of the notebook as a cell would show it. */
  rich(name: string): Bundle {
    if (!(name in this.scope)) throw new ReferenceError(`${name} is not defined`);
    return this.richValue(this.scope[name]);
  }

  /** What takes its time to show itself is told in words: the thread may be paused. */
  richValue(value: unknown): Bundle {
    const bundle = this.language.formatValue(value);
    if (!(bundle instanceof Promise)) return bundle;
    bundle.catch(() => {});
    return { data: { "text/plain": describeAtLength(value) }, metadata: {} };
  }

  /** Modules in local files that cells have imported. */
  modules() {
    const files = compiledFiles().filter((file) => compiledSource(file)!.executionCount === null);
    return files.map((file) => ({ id: file, name: basename(file), path: file }));
  }

  /** Sets what stands under a name in an opened value or scope. */
  assign(reference: number, name: string, value: unknown): DescribedValue {
    const child = this.#children(reference).find((one) => one.name === name);
    if (!child) throw new ReferenceError(`There is no '${name}' here.`);
    if (!child.set) throw new TypeError(`'${name}' cannot be set.`);
    child.set(value);
    return this.describe(value);
  }

  /** Sets a variable of the notebook, which may be new. */
  assignGlobal(name: string, value: unknown): void {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name))
      throw new SyntaxError(`'${name}' is no name for a variable.`);
    this.engine.scope[name] = value;
  }

  /** Keeps a value for the next expression, which reads `held`. */
  hold(value: unknown): void {
    this.held = value;
  }

  held: unknown;

  forget(): void {
    this.#layer = null;
    this.held = undefined;
    this.seen = {};
    this.#listings.clear();
    this.#values.clear();
  }

  #variable(child: Child): Variable {
    if ("value" in child) return { name: child.name, ...this.describe(child.value) };
    if ("group" in child)
      return { name: child.name, value: child.text, variablesReference: this.#list(child.group) };
    const run: Listing = () => [{ name: "value", value: tried(child.getter) }];
    return {
      name: child.name,
      value: "(…)",
      variablesReference: this.#list(run),
      presentationHint: { lazy: true },
    };
  }

  #open(value: object): number {
    this.#values.set(this.#next, new WeakRef(value));
    return this.#next++;
  }

  #list(listing: Listing): number {
    this.#listings.set(this.#next, listing);
    return this.#next++;
  }
}

/** A value with what it consists of, as plain text. */
function describeAtLength(value: unknown): string {
  if (typeof value !== "object" || value === null) return describe(value).value;
  const lines = children(value)
    .slice(0, 20)
    .map((child) => ("value" in child ? `  ${child.name}: ${describe(child.value).value}` : ""));
  return [describe(value).value, ...lines.filter((line) => line !== "")].join("\n");
}

function isLayerLike(value: unknown): value is LayerLike {
  return typeof value === "object" && value !== null && isLayer(value);
}

function entries(scope: Record<string, unknown>, names: readonly string[]): Child[] {
  return names.map((name) => ({ name, value: tried(() => scope[name]), set: setter(scope, name) }));
}

/** A variable that has no value yet is undefined: V8 of Node 20 says so itself, later ones throw a ReferenceError. */
function tried(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error instanceof ReferenceError ? undefined : error;
  }
}
