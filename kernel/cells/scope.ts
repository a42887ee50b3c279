/**
 * One top-level name of the notebook: an object with one property of that same name, absent while the name is
 * not declared. Compiled cells hold the box itself, so closures see every later value. One hidden class per
 * name lets V8 keep unboxed numbers and inline constant functions, which one shared `value` field would not.
 * A `const` is a property that cannot be written; an import is a getter on the module's namespace.
 */
export type Box = Record<string, unknown>;

const NO_PROPERTIES: object = Object.freeze(Object.create(null));
const NewBox = function () {
  // Nothing: the property appears with the declaration.
} as unknown as new () => Box;
NewBox.prototype = NO_PROPERTIES;

/** The top-level names of all cells: what each declares, shadows and reads. */
export class Scope {
  readonly #boxes = new Map<string, Box>();
  /** Predeclared names that no cell has declared itself; they are not listed as the user's. */
  readonly #predeclared = new Set<string>();

  /** The names as an ordinary object, for code that is not a cell (magics, the variable inspector). */
  readonly view: Record<string, unknown> = this.#createView();

  box(name: string): Box {
    let box = this.#boxes.get(name);
    if (!box) this.#boxes.set(name, (box = new NewBox()));
    return box;
  }

  has(name: string): boolean {
    const box = this.#boxes.get(name);
    return box !== undefined && Object.hasOwn(box, name);
  }

  isConstant(name: string): boolean {
    const box = this.#boxes.get(name);
    return box !== undefined && isConstant(box, name);
  }

  /** Gives cells a name that they may declare anew without anyone noticing. */
  predeclare(name: string, value: unknown): void {
    declare(this.box(name), name, value);
    this.#predeclared.add(name);
  }

  /** Whether a name is as `predeclare` left it, and not one of a cell's. */
  isPredeclared(name: string): boolean {
    return this.#predeclared.has(name);
  }

  readonly #captured = new Set<string>();

  /** Whether a function may read or change the name at any time, or it follows a module's live export. */
  isShared(name: string): boolean {
    return (
      this.#captured.has(name) || Object.getOwnPropertyDescriptor(this.box(name), name)?.get !== undefined
    );
  }

  /** Called for each name that a function of a cell refers to. */
  capture(name: string): void {
    this.#captured.add(name);
  }

  /** Of cells that failed. */
  readonly #failed = new Set<string>();
  readonly #namespaces = new Set<string>();

  namespaceOf(name: string): object | undefined {
    return this.#namespaces.has(name) ? (this.box(name)[name] as object | undefined) : undefined;
  }

  /** Called for each name that a cell declares. */
  claim(name: string, isNamespace = false): void {
    this.#predeclared.delete(name);
    this.#failed.delete(name);
    if (isNamespace) this.#namespaces.add(name);
    else this.#namespaces.delete(name);
  }

  /** Names that cells declared and that have a value now, oldest first. */
  names(): string[] {
    return [...this.#boxes.keys()].filter((name) => this.has(name) && !this.#predeclared.has(name));
  }

  /** Called for each name that a cell declares which failed. */
  fail(name: string): void {
    this.#failed.add(name);
  }

  /** Names that cells declare and that have no value: the cell failed above their declaration. */
  unset(): string[] {
    return [...this.#failed].filter((name) => !this.has(name));
  }

  #createView(): Record<string, unknown> {
    const own = (name: string | symbol): name is string =>
      typeof name === "string" && this.has(name) && !this.#predeclared.has(name);
    return new Proxy<Record<string, unknown>>(Object.create(null), {
      get: (_, name) => (typeof name === "string" && this.has(name) ? this.box(name)[name] : undefined),
      has: (_, name) => typeof name === "string" && this.has(name),
      set: (_, name, value) => {
        if (typeof name !== "string") return false;
        declare(this.box(name), name, value);
        this.claim(name);
        return true;
      },
      deleteProperty: (_, name) => typeof name !== "string" || undeclare(this.box(name), name),
      ownKeys: () => this.names(),
      getOwnPropertyDescriptor: (_, name) => {
        if (!own(name)) return undefined;
        const { get, value } = Object.getOwnPropertyDescriptor(this.box(name), name)!;
        const held = get ? { get } : { value: value as unknown, writable: true };
        return { ...held, enumerable: true, configurable: true };
      },
    });
  }
}

/** `let`, `var`, `function`, `class`: a new writable property, whatever was declared before. */
export function declare(box: Box, name: string, value: unknown): void {
  if (isConstant(box, name)) undeclare(box, name);
  box[name] = value;
}

export function undeclare(box: Box, name: string): boolean {
  return Reflect.deleteProperty(box, name);
}

/** `const`. */
export function declareConstant(box: Box, name: string, value: unknown): void {
  Object.defineProperty(box, name, { value, writable: false, enumerable: true, configurable: true });
}

/** An imported name: read through, so that a live export stays live. */
export function declareGetter(box: Box, name: string, get: () => unknown): void {
  Object.defineProperty(box, name, { get, enumerable: true, configurable: true });
}

export function isConstant(box: Box, name: string): boolean {
  const property = Object.getOwnPropertyDescriptor(box, name);
  return property !== undefined && property.writable !== true;
}
