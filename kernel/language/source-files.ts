import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts = require("typescript");

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

/** Counts texts over all notebooks, as versions for the shared files. */
let texts = 0;

/** What cells get for some packages in place of their own (kernel/cells/modules/kernel-modules.ts). */
const INSTEAD: ReadonlyMap<string, ts.ResolvedModuleFull> = new Map([
  ["tslab", declared("../cells/modules/tslab.d.ts")],
  ["@tensorflow/tfjs", declared("../../src/tfjs/types.d.ts")],
  ["@tensorflow/tfjs-node", declared("../../src/tfjs-node/index.d.ts")],
  ["@tensorflow/tfjs-node-gpu", declared("../../src/tfjs-node/index.d.ts")],
]);

function declared(path: string): ts.ResolvedModuleFull {
  return { resolvedFileName: fileURLToPath(new URL(path, import.meta.url)), extension: ts.Extension.Dts };
}

/** What the compiler reads: cells in memory, files of the notebook's folder, packages; and where imports lead. */
export class SourceFiles {
  readonly #memory = new Map<string, TextFile>();
  readonly #disk = new Map<string, TextFile>();
  /** Files with an import that was not found ... */
  #unresolved = new Set<string>();
  /** ... and those for which it is looked for again, since a cell may have installed it. */
  #sought = new Set<string>();

  constructor(
    readonly folder: string,
    readonly options: ts.CompilerOptions,
  ) {}

  /** Whether a file is one in memory. */
  has(file: string): boolean {
    return this.#memory.has(file);
  }

  delete(file: string): void {
    this.#memory.delete(file);
    this.#unresolved.delete(file);
    this.#sought.delete(file);
  }

  /** Has what was not found looked for again. */
  seekAgain(): void {
    this.#sought = this.#unresolved;
    this.#unresolved = new Set();
  }

  /** Local files that have changed since they were read. */
  edited(): string[] {
    return [...this.#disk].flatMap(([file, { version }]) =>
      isPackaged(file) || modified(file) === version ? [] : [file],
    );
  }

  /** Has files read anew. */
  reread(files: readonly string[]): void {
    for (const file of files) this.#disk.delete(file);
  }

  /** Takes a file into memory. @returns false if it is there with this text. */
  write(file: string, text: string): boolean {
    const known = this.#memory.get(file)?.snapshot;
    if (known && known.getLength() === text.length && known.getText(0, text.length) === text) return false;
    this.#memory.set(file, { version: `memory ${++texts}`, snapshot: ts.ScriptSnapshot.fromString(text) });
    return true;
  }

  private read(file: string): TextFile | undefined {
    const known = this.#memory.get(file);
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

  /**
   * What the language service asks.
   * @param version of its project.
   * @param files where the project begins; the same while one types, lest the program is built from scratch.
   */
  host(version: () => number, files: () => string[]): ResolvingHost {
    const cache = ts.createModuleResolutionCache(this.folder, (name) => name, this.options);
    return {
      getCompilationSettings: () => this.options,
      getProjectVersion: () => String(version()),
      getScriptFileNames: files,
      getScriptVersion: (file) => this.read(file)?.version ?? "",
      getScriptSnapshot: (file) => this.read(file)?.snapshot,
      getCurrentDirectory: () => this.folder,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (file) => this.#memory.has(file) || ts.sys.fileExists(file),
      readFile: (file) => ts.sys.readFile(file),
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
      readDirectory: (...parameters) => ts.sys.readDirectory(...parameters),
      realpath: (file) => ts.sys.realpath?.(file) ?? file,
      resolveModuleNameLiterals: (literals, importer, redirect, options) =>
        literals.map(({ text }) => {
          const isCell = this.#memory.has(importer);
          // What a cell misses may be installed any time.
          const found = this.resolve(text, importer, options, isCell ? undefined : cache, redirect);
          if (isCell && !found.resolvedModule) this.#unresolved.add(importer);
          return found;
        }),
      getModuleResolutionCache: () => cache,
      hasInvalidatedResolutions: (file) => this.#sought.delete(file),
    };
  }

  /** Where an import of a file leads. */
  resolve(
    specifier: string,
    importer: string,
    options = this.options,
    cache?: ts.ModuleResolutionCache,
    redirect?: ts.ResolvedProjectReference,
  ): ts.ResolvedModuleWithFailedLookupLocations {
    const instead = INSTEAD.get(specifier);
    // What stands there instead may be made of the package.
    if (instead && importer !== instead.resolvedFileName) return { resolvedModule: instead };
    const cell = this.#cell(specifier, importer);
    if (cell) return { resolvedModule: cell };
    const from = OWN.test(specifier) ? KERNEL_FILE : importer;
    return ts.resolveModuleName(specifier, from, options, this.#resolutionHost, cache, redirect);
  }

  /** Cells import each other: found here, for the search that goes through folders takes most of a program's time. */
  #cell(specifier: string, importer: string): ts.ResolvedModuleFull | undefined {
    if (!specifier.startsWith("./")) return undefined;
    const file = path.join(path.dirname(importer), specifier);
    for (const extension of [ts.Extension.Ts, ts.Extension.Tsx])
      if (this.#memory.has(file + extension)) return { resolvedFileName: file + extension, extension };
    return undefined;
  }

  readonly #resolutionHost: ts.ModuleResolutionHost = {
    fileExists: (file) => this.#memory.has(file) || ts.sys.fileExists(file),
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
