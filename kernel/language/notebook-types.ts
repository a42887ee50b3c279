import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts = require("typescript");
import { hasJsx, jsxPragmas, projectOptions } from "../cells/modules/project-options.js";
import { joined, type Members, namespaceMembers } from "../cells/compile/namespace-members.js";
import type { Magic } from "../magics/magic.js";
import { declaredNames, exportedNames, writtenNames, type DeclaredName } from "./declared-names.js";
import type { Question } from "../cells/values/live-type.js";
import type { LiveValues } from "../runner/messages.js";
import { continueNamespace } from "./continue-namespace.js";
import { environmentTypes } from "./environment-types.js";
import { PREDECLARED } from "./predeclared.js";
import { SideFile } from "./side-file.js";
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

interface Origin extends DeclaredName {
  /** Empty for what a magic bound. */
  readonly file: string;
  /** Of a namespace: what it exports, with what it took over from earlier cells. */
  readonly members?: Members;
}

export interface SettledNames {
  readonly checker: ts.TypeChecker;
  readonly exports: ReadonlyMap<string, ts.Symbol>;
}

interface TextFile {
  readonly version: string;
  readonly snapshot: ts.IScriptSnapshot;
}

/** With the part of the interface that TypeScript uses and does not declare. */
interface ResolvingHost extends ts.LanguageServiceHost {
  /** Whether to look again for the imports of a file. */
  hasInvalidatedResolutions(file: string): boolean;
  /** What it knows of each package.json; else they are read for each file, each time. */
  getModuleResolutionCache(): ts.ModuleResolutionCache;
}

/** Packages whose types come from where the kernel's own copies are. */
const OWN = /^(?:@tensorflow\/tfjs(?:-[a-z-]+)?|loadlab|tslab)(?=$|\/)/;
const KERNEL_FILE = fileURLToPath(import.meta.url);

/** What cells get for `tslab`. */
const TSLAB: ts.ResolvedModuleFull = {
  resolvedFileName: fileURLToPath(new URL("../cells/modules/tslab.d.ts", import.meta.url)),
  extension: ts.Extension.Dts,
};

/** What names begin with that completion hides. */
const HIDDEN = "__";

/** Latest cells that can be asked for their type errors. */
const RECENT_CELLS = 100;
/** So many cells are added before those of no more use are looked for. */
const SWEEP_EACH = 50;
/** From cell to cell over so many the type of a name is followed, when all between them have been superseded. */
const MOST_STEPS = 20;

/** The latest results, as cells name them. */
const LATEST = ["_", "__", "___"];

/** How a cell exports what its last expression is. */
const RESULT = "__result";

/** Characters of a last expression that is written twice, to have a name for its type. */
const LONGEST_RESULT = 2000;

/** Latest names whose types are looked at before anyone asks. */
const WARM_NAMES = 100;

/** Characters of texts that one type checker sees while they are written; it remembers them all. */
const MOST_SEEN = 1_000_000;

/** Parsed files, shared by all notebooks of the process. */
const DOCUMENTS = ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames);

/** Counts texts over all notebooks, as versions for the shared files. */
let texts = 0;

/** The types of one notebook: TypeScript's language service over its cells. */
export class NotebookTypes {
  readonly service: ts.LanguageService;
  readonly #files = new Map<string, TextFile>();
  readonly #disk = new Map<string, TextFile>();
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
  readonly #live: LiveValues = {};
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
  /** Files with an import that was not found ... */
  #unresolved = new Set<string>();
  /** ... and those for which it is looked for again, since a cell may have installed it. */
  #sought = new Set<string>();
  #version = 0;
  readonly #tsconfig: ts.CompilerOptions;
  readonly #options: ts.CompilerOptions;

  constructor(
    readonly folder: string,
    readonly magics: ReadonlyMap<string, Magic>,
    libraries: string[] = standardLibraries(),
  ) {
    this.#tsconfig = projectOptions(folder);
    this.#options = compilerOptions(folder, libraries, this.#tsconfig);
    this.#namesFile = path.join(folder, "Names of cells.ts");
    this.#predeclaredFile = path.join(folder, "predeclared.d.ts");
    this.#write(this.#predeclaredFile, PREDECLARED + WEB_TYPES + environmentTypes(process.env));
    this.#write(this.#namesFile, this.#allNames());
    this.#currentFile = path.join(folder, "Current cell.ts");
    this.#write(this.#currentFile, "export {};");
    this.service = ts.createLanguageService(this.#host(), DOCUMENTS);
  }

  /** Grows with each change of what answers depend on. */
  get version(): number {
    if (this.#editedFiles().length > 0) this.refresh();
    return this.#version;
  }

  /** Takes a cell that runs now; its names are known to all later ones. */
  add(code: string, executionCount: number): CellFile {
    this.#version++;
    this.#sought = this.#unresolved;
    this.#unresolved = new Set();
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
    for (const name of [...names.keys(), ...bound]) this.#newNames.add(name);
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
    const needed = this.#neededFiles();
    const dropped = [...this.#uses.keys()].filter((file) => !needed.has(file));
    for (const file of dropped) {
      this.#uses.delete(file);
      this.#files.delete(file);
      this.#unresolved.delete(file);
      this.#sought.delete(file);
    }
    for (const [executionCount, file] of this.#resultFiles)
      if (!this.#files.has(file)) this.#resultFiles.delete(executionCount);
    for (const key of this.#untyped.keys())
      if (!needed.has(key.slice(0, key.lastIndexOf(":")))) this.#untyped.delete(key);
    return dropped;
  }

  #neededFiles(): ReadonlySet<string> {
    const needed = new Set([...this.#recent, ...[...this.#origins.values()].map(({ file }) => file)]);
    let latest: readonly string[] = [...needed];
    for (let step = 0; step < MOST_STEPS && latest.length > 0; step++) {
      latest = [...new Set(latest.flatMap((file) => this.#uses.get(file) ?? []))].filter(
        (file) => !needed.has(file),
      );
      for (const file of latest) needed.add(file);
    }
    return needed;
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
    const bring = (used: UsedNames, declared: ReadonlyMap<string, DeclaredName>) => {
      this.#refreshFor(used.map(([name]) => name));
      return importFromOne(used, this.#namesFile, liveTypeOf) + this.#importResults(code, declared);
    };
    const file = path.join(this.folder, `Current cell${this.#extension(code)}`);
    const moduleOf = (_: Origin, name: string) => {
      this.#refreshFor([name]);
      return specifierOf(this.#namesFile);
    };
    const { cell, whole } = this.#cellFile(code, file, bring, moduleOf);
    if (this.#showAside(file, whole)) return cell;
    if (file !== this.#currentFile) this.#files.delete(this.#currentFile);
    this.#currentFile = file;
    this.#write(file, whole);
    this.refresh();
    return cell;
  }

  #showAside(file: string, text: string): boolean {
    const program = this.service.getProgram()!;
    const resolve = (specifier: string) => this.#resolve(specifier, file).resolvedModule;
    return this.#aside.show(program, file, text, resolve);
  }

  /** Brings the program up to date: with many cells and packages it takes a tenth of a second. */
  refresh(): void {
    const isFull = this.#aside.seen > MOST_SEEN;
    if (isFull) this.#write(this.#currentFile, `export {}; // ${this.#version} ${this.#project.version}`);
    const edited = this.#editedFiles();
    if (!this.#project.isStale && edited.length === 0) return;
    for (const file of edited) this.#disk.delete(file);
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
    if (this.#editedFiles().length > 0) this.refresh();
  }

  /** Local files that have changed since they were read. */
  #editedFiles(): string[] {
    return [...this.#disk].flatMap(([file, { version }]) =>
      isPackaged(file) || modified(file) === version ? [] : [file],
    );
  }

  #extension(code: string): string {
    return hasJsx(typeScriptOfCell(code, this.magics).text, this.#tsconfig) ? ".tsx" : ".ts";
  }

  /** Takes what variables hold now, for those whose declared type says nothing. */
  refine(values: LiveValues): void {
    this.#version++;
    Object.assign(this.#live, values);
  }

  /** Takes the number of a cell that had a result: it is `_` now. */
  result(executionCount: number): void {
    this.#version++;
    this.#results = [executionCount, ...this.#results].slice(0, LATEST.length);
  }

  /** Declares `_` and `Out`, if a text has them, by the types of the cells that they come from. */
  #importResults(text: string, declared: ReadonlyMap<string, DeclaredName>): string {
    const typeOf = (executionCount: number | undefined) => {
      const file = executionCount === undefined ? undefined : this.#resultFiles.get(executionCount);
      return file === undefined ? "any" : `typeof import(${specifierOf(file)}).${RESULT}`;
    };
    const isUsed = (name: string) =>
      !declared.has(name) && !this.#origins.has(name) && new RegExp(`\\b${name}\\b`).test(text);
    const latest = LATEST.map((name, at) =>
      isUsed(name) ? `declare let ${name}: ${typeOf(this.#results[at])};` : "",
    );
    if (!isUsed("Out")) return latest.join("");
    const numbers = new Set([...text.matchAll(/\bOut\[(\d+)\]/g)].map(([, number]) => Number(number)));
    const members = [...numbers].map((number) => `${number}: ${typeOf(number)};`);
    return `${latest.join("")}declare const Out: { ${members.join(" ")} [n: number]: any };`;
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
    return [...this.#origins].map(([name, { kind }]) => [name, kind] as const);
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
      const origin = names.has(name) || bound.includes(name) ? undefined : this.#origins.get(name);
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
      const origin = this.#origins.get(name);
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
    const known = this.#files.get(file)?.snapshot;
    if (known && known.getLength() === text.length && known.getText(0, text.length) === text) return;
    this.#project.isStale = true;
    this.#files.set(file, { version: `memory ${++texts}`, snapshot: ts.ScriptSnapshot.fromString(text) });
  }

  #read(file: string): TextFile | undefined {
    const known = this.#files.get(file);
    if (known) return known;
    const cached = this.#disk.get(file);
    if (cached && isPackaged(file)) return cached;
    const version = modified(file);
    if (version === "") return undefined;
    if (cached?.version === version) return cached;
    const text = fs.readFileSync(file, "utf8");
    const read = { version, snapshot: ts.ScriptSnapshot.fromString(text) };
    this.#disk.set(file, read);
    return read;
  }

  #host(): ResolvingHost {
    const cache = ts.createModuleResolutionCache(this.folder, (name) => name, this.#options);
    return {
      getCompilationSettings: () => this.#options,
      getProjectVersion: () => String(this.#project.version),
      // The same while one types, lest the program is built from scratch: cells come in by imports.
      getScriptFileNames: () => [this.#predeclaredFile, this.#namesFile, this.#currentFile],
      getScriptVersion: (file) => this.#read(file)?.version ?? "",
      getScriptSnapshot: (file) => this.#read(file)?.snapshot,
      getCurrentDirectory: () => this.folder,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (file) => this.#files.has(file) || ts.sys.fileExists(file),
      readFile: (file) => ts.sys.readFile(file),
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
      readDirectory: (...parameters) => ts.sys.readDirectory(...parameters),
      realpath: (file) => ts.sys.realpath?.(file) ?? file,
      resolveModuleNameLiterals: (literals, importer, redirect, options) =>
        literals.map(({ text }) => {
          const isCell = this.#files.has(importer);
          // What a cell misses may be installed any time.
          const found = this.#resolve(text, importer, options, isCell ? undefined : cache, redirect);
          if (isCell && !found.resolvedModule) this.#unresolved.add(importer);
          return found;
        }),
      getModuleResolutionCache: () => cache,
      hasInvalidatedResolutions: (file) => this.#sought.delete(file),
    };
  }

  #resolve(
    specifier: string,
    importer: string,
    options = this.#options,
    cache?: ts.ModuleResolutionCache,
    redirect?: ts.ResolvedProjectReference,
  ): ts.ResolvedModuleWithFailedLookupLocations {
    if (specifier === "tslab") return { resolvedModule: TSLAB };
    const from = OWN.test(specifier) ? KERNEL_FILE : importer;
    return ts.resolveModuleName(specifier, from, options, this.#resolutionHost, cache, redirect);
  }

  readonly #resolutionHost: ts.ModuleResolutionHost = {
    fileExists: (file) => this.#files.has(file) || ts.sys.fileExists(file),
    readFile: (file) => ts.sys.readFile(file),
    directoryExists: (folder) => ts.sys.directoryExists(folder),
    realpath: (file) => ts.sys.realpath?.(file) ?? file,
    getCurrentDirectory: () => this.folder,
  };
}

/** Of a package, whose files do not change. */
function isPackaged(file: string): boolean {
  return file.includes(`${path.sep}node_modules${path.sep}`);
}

/** When a file was changed last; empty where there is none. */
function modified(file: string): string {
  return String(fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? "");
}

type UsedNames = readonly (readonly [name: string, origin: Origin])[];

/** Exports the value of a cell: of its last expression. */
function resultOf(cell: ts.SourceFile): string {
  const last = cell.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return "";
  const text = last.expression.getText(cell);
  return text.length > LONGEST_RESULT ? "" : `export const ${RESULT} = (${text});\n`;
}

/** For a cell that runs: each name from the cell that declared it last. */
function importEach(used: UsedNames): string {
  return used
    .map(([name, { file, access }]) => {
      if (file === "") return untyped(name);
      const from = specifierOf(file);
      return access === "import"
        ? `import { ${name} } from ${from};`
        : `declare let ${name}: typeof import(${from}).${name};`;
    })
    .join("");
}

/** For the cell that is being written: one import, whatever it uses. */
function importFromOne(
  used: UsedNames,
  namesFile: string,
  liveTypeOf: (name: string, origin: Origin) => string | undefined,
): string {
  const imported: string[] = [];
  let variables = "";
  for (const [name, origin] of used) {
    const { file, access } = origin;
    const live = liveTypeOf(name, origin);
    if (live !== undefined) variables += `declare let ${name}: ${live};`;
    else if (file === "") variables += untyped(name);
    else if (access === "import") imported.push(name);
    else {
      imported.push(`${name} as ${HIDDEN}${name}`);
      variables += `declare let ${name}: typeof ${HIDDEN}${name};`;
    }
  }
  return `import { ${imported.join(", ")} } from ${specifierOf(namesFile)};${variables}`;
}

function untyped(name: string): string {
  return `declare let ${name}: any;`;
}

/** Without the extension, lest completion of the user's own imports imitates it. */
function specifierOf(file: string): string {
  return JSON.stringify(`./${path.parse(file).name}`);
}

/** The tsconfig's options, over what a notebook takes for granted. */
function compilerOptions(folder: string, lib: string[], project: ts.CompilerOptions): ts.CompilerOptions {
  return {
    strict: true,
    noImplicitAny: false,
    lib,
    // Allowed, without an import of React's in every file.
    jsx: ts.JsxEmit.Preserve,
    ...project,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ["node"],
    typeRoots: [path.join(folder, "node_modules/@types"), kernelTypes()],
    allowJs: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
    isolatedModules: false,
    composite: false,
    incremental: false,
    declaration: false,
  };
}

function kernelTypes(): string {
  const node = ts.resolveTypeReferenceDirective(
    "node",
    KERNEL_FILE,
    {},
    ts.sys,
  ).resolvedTypeReferenceDirective;
  return path.dirname(path.dirname(node?.resolvedFileName ?? KERNEL_FILE));
}
