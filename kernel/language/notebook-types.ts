import path from "node:path";
import ts = require("typescript");
import { hasJsx, jsxPragmas, projectOptions } from "../cells/modules/project-options.js";
import { joined, type Members, namespaceMembers } from "../cells/compile/namespace-members.js";
import type { Magic } from "../magics/magic.js";
import { declaredNames, exportedNames, writtenNames, type DeclaredName } from "./declared-names.js";
import type { Question } from "../cells/values/live-type.js";
import type { LiveValues } from "../runner/messages.js";
import {
  importEach,
  importFromOne,
  importResults,
  LATEST,
  type Origin,
  RESULT,
  resultOf,
  specifierOf,
  untyped,
  type UsedNames,
} from "./cell-imports.js";
import { compilerOptions } from "./compiler-options.js";
import { continueNamespace } from "./continue-namespace.js";
import { environmentTypes } from "./environment-types.js";
import { neededFiles } from "./needed-files.js";
import { PREDECLARED } from "./predeclared.js";
import { SideFile } from "./side-file.js";
import { SourceFiles } from "./source-files.js";
import { standardLibraries } from "./standard-libraries.js";
import { typeScriptOfCell } from "./typescript-of-cell.js";
import { WEB_TYPES } from "./web-types.js";

/** A cell as the compiler sees it: a module that gets the names of earlier cells and exports its own. */
export interface CellFile {
  readonly path: string;
  /** Length of what stands before the cell's text. */
  readonly start: number;
  /** The cell's text with blanks for magics. */
  readonly code: string;
}

export interface SettledNames {
  readonly checker: ts.TypeChecker;
  readonly exports: ReadonlyMap<string, ts.Symbol>;
}

/** Latest cells that can be asked for their type errors. */
const RECENT_CELLS = 100;
/** So many cells are added before those of no more use are looked for. */
const SWEEP_EACH = 50;
/** Latest names whose types are looked at before anyone asks. */
const WARM_NAMES = 100;

/** Characters of texts that one type checker sees while they are written; it remembers them all. */
const MOST_SEEN = 1_000_000;

/** Parsed files, shared by all notebooks of the process. */
const DOCUMENTS = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);

/** The types of one notebook: TypeScript's language service over its cells. */
export class NotebookTypes {
  readonly service: ts.LanguageService;
  readonly #sources: SourceFiles;
  /** Cells with an expression at their end. */
  readonly #resultFiles = new Map<number, string>();
  /** Names of all cells that ran: where each was declared last. */
  readonly #origins = new Map<string, Origin>();
  readonly #predeclaredFile: string;
  #currentFile = "";
  /** The text that the user is writing, where the program need not be built anew for it. */
  readonly #aside = new SideFile();
  readonly #namesFile: string;
  #recent: readonly string[] = [];
  #live: LiveValues = {};
  /** Names that cells declare and that have no value: the cell failed above their declaration. */
  #unset: ReadonlySet<string> = new Set();
  /** Cells that had the latest results, the last one first. */
  #results: readonly number[] = [];
  #settled: SettledNames | null = null;
  /** What the language service goes by to see whether its program is up to date. */
  #project = { version: 0, isStale: true, namesText: "" };
  /** Names declared since. */
  readonly #newNames = new Set<string>();
  readonly #untyped = new Map<string, boolean>();
  /** Files of the cells, each with the files that it has names from. */
  readonly #uses = new Map<string, readonly string[]>();
  #sinceSweep = 0;
  #version = 0;
  readonly #tsconfig: ts.CompilerOptions;
  /** Only where the project asks for it. */
  readonly reportsImplicitAny: boolean;

  constructor(
    readonly folder: string,
    readonly magics: ReadonlyMap<string, Magic>,
    libraries: string[] = standardLibraries(),
  ) {
    this.#tsconfig = projectOptions(folder);
    this.reportsImplicitAny = this.#tsconfig.noImplicitAny === true;
    this.#sources = new SourceFiles(folder, compilerOptions(folder, libraries, this.#tsconfig));
    this.#namesFile = path.join(folder, "Names of cells.ts");
    this.#predeclaredFile = path.join(folder, "predeclared.d.ts");
    this.#write(this.#predeclaredFile, PREDECLARED + WEB_TYPES + environmentTypes(process.env));
    this.#write(this.#namesFile, this.#allNames());
    this.#currentFile = path.join(folder, "Current cell.ts");
    this.#write(this.#currentFile, "export {};");
    // Cells come in by imports.
    const files = () => [this.#predeclaredFile, this.#namesFile, this.#currentFile];
    this.service = ts.createLanguageService(
      this.#sources.host(() => this.#project.version, files),
      DOCUMENTS,
    );
  }

  /** Grows with each change of what answers depend on. */
  get version(): number {
    if (this.#sources.edited().length > 0) this.refresh();
    return this.#version;
  }

  /** Takes a cell that runs now; its names are known to all later ones. */
  add(code: string, executionCount: number): CellFile {
    this.#version++;
    this.#sources.seekAgain();
    const file = path.join(this.folder, `Cell [${executionCount}]${this.#extension(code)}`);
    const { cell, names, bound, used, continued, namespaces, whole } = this.#cellFile(
      code,
      file,
      importEach,
      (origin) => specifierOf(origin.file),
    );
    this.#write(file, whole);
    this.#uses.set(
      file,
      [...used, ...continued].map(([, origin]) => origin.file),
    );
    const before = new Map(continued.map(([name, { members }]) => [name, members]));
    if (whole.includes(`const ${RESULT} =`)) this.#resultFiles.set(executionCount, file);
    for (const [name, declared] of names) {
      const own = namespaces.get(name);
      const members = own && { members: joined(before.get(name), own) };
      this.#origins.set(name, { file, ...declared, ...members });
    }
    for (const name of bound) this.#origins.set(name, { file: "", access: "variable", kind: "variable" });
    const declared = [...names.keys(), ...bound];
    for (const name of declared) this.#newNames.add(name);
    this.#unset = new Set([...this.#unset].filter((name) => !declared.includes(name)));
    this.#recent = [...this.#recent, file].slice(-RECENT_CELLS);
    this.#write(this.#namesFile, this.#allNames());
    return cell;
  }

  /**
   * Now and then, forgets the cells that nothing refers to: no name is as they declared it, and no cell that is
   * needed has a name from them.
   * @returns their files.
   */
  sweep(): readonly string[] {
    if (++this.#sinceSweep < SWEEP_EACH) return [];
    this.#sinceSweep = 0;
    const origins = [...this.#origins.values()].map(({ file }) => file);
    const needed = neededFiles([...this.#recent, ...origins], this.#uses);
    const dropped = [...this.#uses.keys()].filter((file) => !needed.has(file));
    for (const file of dropped) {
      this.#uses.delete(file);
      this.#sources.delete(file);
    }
    for (const [executionCount, file] of this.#resultFiles)
      if (!this.#sources.has(file)) this.#resultFiles.delete(executionCount);
    for (const key of this.#untyped.keys())
      if (!needed.has(key.slice(0, key.lastIndexOf(":")))) this.#untyped.delete(key);
    return dropped;
  }

  /**
   * The text that the user is writing.
   * @param live a variable that is taken for what it holds now, whatever its declaration says.
   */
  current(code: string, live?: string): CellFile {
    const liveTypeOf = (name: string, origin: Origin) =>
      this.isLive(name) && (name === live || this.#isUntyped(name, origin))
        ? this.#live[name]?.type
        : undefined;
    const results = (declared: ReadonlyMap<string, DeclaredName>) =>
      importResults(
        code,
        (name) => declared.has(name) || this.#origins.has(name),
        this.#results,
        this.#resultFiles,
      );
    const bring = (used: UsedNames, declared: ReadonlyMap<string, DeclaredName>) => {
      this.#refreshFor(used.map(([name]) => name));
      return importFromOne(used, this.#namesFile, liveTypeOf) + results(declared);
    };
    const file = path.join(this.folder, `Current cell${this.#extension(code)}`);
    const moduleOf = (_: Origin, name: string) => {
      this.#refreshFor([name]);
      return specifierOf(this.#namesFile);
    };
    const { cell, whole } = this.#cellFile(code, file, bring, moduleOf);
    if (this.#showAside(file, whole)) return cell;
    if (file !== this.#currentFile) this.#sources.delete(this.#currentFile);
    this.#currentFile = file;
    this.#write(file, whole);
    this.refresh();
    return cell;
  }

  #showAside(file: string, text: string): boolean {
    const program = this.service.getProgram()!;
    const resolve = (specifier: string) => this.#sources.resolve(specifier, file).resolvedModule;
    return this.#aside.show(program, file, text, resolve);
  }

  /** Brings the program up to date: with many cells and packages it takes a tenth of a second. */
  refresh(): void {
    const isFull = this.#aside.seen > MOST_SEEN;
    if (isFull) this.#write(this.#currentFile, `export {}; // ${this.#version} ${this.#project.version}`);
    const edited = this.#sources.edited();
    if (!this.#project.isStale && edited.length === 0) return;
    this.#sources.reread(edited);
    const version = this.#project.version + 1;
    this.#version++;
    this.#project = { version, isStale: false, namesText: this.#allNames() };
    this.#newNames.clear();
    this.#settled = null;
    this.#aside.hide();
  }

  /** The same, unless the program that there is knows these names. */
  #refreshFor(names: Iterable<string>): void {
    for (const name of names) if (this.#newNames.has(name)) return this.refresh();
    if (this.#sources.edited().length > 0) this.refresh();
  }

  #extension(code: string): string {
    return hasJsx(typeScriptOfCell(code, this.magics).text, this.#tsconfig) ? ".tsx" : ".ts";
  }

  /** Takes what variables hold now, for those whose declared type says nothing, and which names have no value. */
  refine(values: LiveValues, unset: readonly string[] = []): void {
    this.#version++;
    Object.assign(this.#live, values);
    this.#unset = new Set(unset);
  }

  /** All cells and what they declared. */
  forget(): void {
    for (const file of this.#uses.keys()) this.#sources.delete(file);
    for (const known of [this.#origins, this.#uses, this.#resultFiles, this.#untyped, this.#newNames])
      known.clear();
    this.#recent = [];
    this.#results = [];
    this.#live = {};
    this.#unset = new Set();
    this.#version++;
    this.#project.isStale = true;
    this.#write(this.#namesFile, this.#allNames());
  }

  /** Of a name that has a value, or had one when it was last told. */
  #originOf(name: string): Origin | undefined {
    return this.#unset.has(name) ? undefined : this.#origins.get(name);
  }

  /** Takes the number of a cell that had a result: it is `_` now. */
  result(executionCount: number): void {
    this.#version++;
    this.#results = [executionCount, ...this.#results].slice(0, LATEST.length);
  }

  /** Whether anything is known of what a variable holds now. */
  isLive(name: string): boolean {
    return this.#live[name]?.type !== undefined;
  }

  /** Layers of the model that a variable holds. */
  layersOf(name: string): readonly string[] {
    return this.#live[name]?.layers ?? [];
  }

  /** What the loads of the notebook wait for. */
  questions(): readonly Question[] {
    return Object.values(this.#live).flatMap((live) => live?.questions ?? []);
  }

  /** Whether the declaration of a name leaves it `any` or `unknown`. */
  #isUntyped(name: string, { file }: Origin): boolean {
    if (file === "") return true;
    const key = `${file}:${name}`;
    const known = this.#untyped.get(key);
    if (known !== undefined) return known;
    const program = this.service.getProgram();
    const source = program?.getSourceFile(file);
    const checker = program?.getTypeChecker();
    const module = source && checker?.getSymbolAtLocation(source);
    const exported = module && checker?.getExportsOfModule(module).find((symbol) => symbol.name === name);
    const type = exported && checker?.getTypeOfSymbol(exported);
    const untyped = type !== undefined && (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
    this.#untyped.set(key, untyped);
    return untyped;
  }

  /** The names of all cells as one checker knows them, this one among them. */
  settled(name: string): SettledNames {
    this.#refreshFor([name]);
    if (this.#settled) return this.#settled;
    const program = this.service.getProgram()!;
    const checker = program.getTypeChecker();
    const file = program.getSourceFile(this.#namesFile);
    const module = file && checker.getSymbolAtLocation(file);
    const all = module ? checker.getExportsOfModule(module) : [];
    this.#settled = { checker, exports: new Map(all.map((symbol) => [symbol.name, symbol])) };
    return this.#settled;
  }

  /** Looks at the types of the latest names, one with each step: the first question about a type takes long. */
  *warm(): Generator<void> {
    const { checker, exports } = this.settled("");
    const latest = [...this.#origins.keys()].reverse().slice(0, WARM_NAMES);
    for (const name of latest) {
      const symbol = exports.get(name);
      if (this.#settled?.checker !== checker) return;
      const resolved =
        symbol && (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
      if (resolved) checker.getTypeOfSymbol(resolved).getApparentProperties();
      yield;
    }
  }

  /** Where a name of an earlier cell stands in a file that does not change while one types. */
  placeOf(name: string): { readonly path: string; readonly position: number } | null {
    const text = `export { ${name} } from`;
    const at = this.#project.namesText.indexOf(text);
    return at < 0 ? null : { path: this.#namesFile, position: at + "export { ".length };
  }

  /** Names of cells that ran, with their kinds, oldest first. */
  names(): (readonly [name: string, kind: string])[] {
    return [...this.#origins].flatMap(([name, { kind }]) =>
      this.#unset.has(name) ? [] : [[name, kind] as const],
    );
  }

  /**
   * @param bring declares names of earlier cells that this one uses.
   * @param moduleOf the module that has what an earlier cell declared.
   */
  #cellFile(
    code: string,
    file: string,
    bring: (used: UsedNames, declared: ReadonlyMap<string, DeclaredName>) => string,
    moduleOf: (origin: Origin, name: string) => string,
  ) {
    const { text, bound, open, close } = typeScriptOfCell(code, this.magics);
    const parsed = ts.createSourceFile(file, open + text + close, ts.ScriptTarget.Latest);
    const names = declaredNames(parsed);
    const used = [...writtenNames(parsed)].flatMap((name) => {
      const origin = names.has(name) || bound.includes(name) ? undefined : this.#originOf(name);
      return origin ? [[name, origin] as const] : [];
    });
    const namespaces = namespaceMembers(parsed);
    const continued = this.#continued(namespaces);
    const taken = continued.map(([name, origin]) => {
      const from = moduleOf(origin, name);
      return continueNamespace(name, origin.members ?? new Map(), namespaces.get(name)!, from);
    });
    // The last semicolon: right behind an import, completion believes that it is to be completed.
    const prelude = `${jsxPragmas(text)}${bound.map(untyped).join("")}${bring(used, names)}${taken.join("")};\n${open}`;
    const own = exportedNames(parsed);
    const end = `\nexport { ${[...names.keys()].filter((name) => !own.has(name)).join(", ")} };\n`;
    const result = names.has(RESULT) ? "" : resultOf(parsed);
    const cell: CellFile = { path: file, start: prelude.length, code: text };
    const whole = prelude + text + close + end + result;
    return { cell, whole, names, bound, used, continued, namespaces };
  }

  /** Namespaces of earlier cells that a cell goes on with. */
  #continued(namespaces: ReadonlyMap<string, Members>): UsedNames {
    return [...namespaces.keys()].flatMap((name) => {
      const origin = this.#originOf(name);
      return origin?.members ? [[name, origin] as const] : [];
    });
  }

  /**
   * A module with the names of all cells. The cell that is being written imports from it alone, so that typing
   * changes no structure of the program; it also keeps the latest cells in the program, to be checked.
   */
  #allNames(): string {
    const exported = [...this.#origins].filter(([, { file }]) => file !== "");
    const lines = exported.map(([name, { file }]) => `export { ${name} } from ${specifierOf(file)};`);
    return [...lines, ...this.#recent.map((file) => `import ${specifierOf(file)};`), "export {};"].join("\n");
  }

  #write(file: string, text: string): void {
    if (this.#sources.write(file, text)) this.#project.isStale = true;
  }
}
