import ts = require("typescript");

/** What TypeScript has and does not declare. */
interface Binding {
  bindSourceFile?(file: ts.SourceFile, options: ts.CompilerOptions): void;
}

interface Resolving {
  getResolvedModule?(file: ts.SourceFile, name: string, mode: unknown): unknown;
  getResolvedModuleFromModuleSpecifier?(specifier: ts.StringLiteralLike, file: ts.SourceFile): unknown;
  getFileIncludeReasons?(): IncludeReasons;
}

/** Why a program has a file: which file imports it, as the how many-th of its imports. */
interface IncludeReasons {
  get(path: string): readonly { readonly file?: string }[] | undefined;
}

type PatchedProgram = ts.Program & Resolving;

/** Where an import of a file leads. */
export type Resolve = (specifier: string) => ts.ResolvedModuleFull | undefined;

/** Said of texts that change more than themselves, or bring files by other means than imports. */
const FAR_REACHING = /\bdeclare\s+(?:global|module)\b|^[^\S\n]*\/\/\/\s*</mu;

/**
 * A text that TypeScript answers questions about with the program it has. A changed file means a new program and,
 * what takes long, a new type checker, which forgets all types; a text that only imports can be seen by the checker of
 * a program that holds its imports. So each program is told of one more file than it was made of.
 */
export class SideFile {
  #file: ts.SourceFile | null = null;
  #resolve: Resolve = () => undefined;
  readonly #told = new WeakSet<ts.Program>();
  /** Characters of all texts that the checker of the current program has seen; it keeps what it knows of them. */
  seen = 0;

  /**
   * Lets a program see a text in place of the file at this path.
   * @returns whether it can; if not, it sees none.
   */
  show(program: ts.Program, path: string, text: string, resolve: Resolve): boolean {
    this.hide();
    const { bindSourceFile } = ts as unknown as Binding;
    if (!bindSourceFile || FAR_REACHING.test(text) || !holdsImports(program, text, resolve)) return false;
    if (!this.#told.has(program) && !this.#tell(program)) return false;
    const file = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.ES2023 }, true);
    Object.assign(file, {
      path,
      resolvedPath: path,
      originalFileName: path,
      version: "aside",
      imports: specifiersOf(file),
      moduleAugmentations: [],
      ambientModuleNames: [],
    });
    bindSourceFile(file, program.getCompilerOptions());
    this.#file = file;
    this.#resolve = resolve;
    this.seen += text.length;
    return true;
  }

  hide(): void {
    this.#file = null;
  }

  #tell(program: PatchedProgram): boolean {
    const { getSourceFile, getSourceFileByPath, getResolvedModule, getResolvedModuleFromModuleSpecifier } =
      program;
    const { getFileIncludeReasons } = program;
    if (!getResolvedModule || !getResolvedModuleFromModuleSpecifier || !getFileIncludeReasons) return false;
    const resolved = (specifier: string) => ({ resolvedModule: this.#resolve(specifier) });
    program.getSourceFile = (name) => (this.#file?.fileName === name ? this.#file : getSourceFile(name));
    program.getSourceFileByPath = (path) =>
      this.#file?.fileName === path ? this.#file : getSourceFileByPath(path);
    program.getResolvedModule = (file, name, mode) =>
      file === this.#file ? resolved(name) : getResolvedModule(file, name, mode);
    program.getResolvedModuleFromModuleSpecifier = (specifier, file) =>
      file === this.#file ? resolved(specifier.text) : getResolvedModuleFromModuleSpecifier(specifier, file);
    // Those of the text that it stands for count imports that it may not have.
    program.getFileIncludeReasons = () => ({
      get: (path) =>
        getFileIncludeReasons()
          .get(path)
          ?.filter(({ file }) => file !== this.#file?.fileName),
    });
    this.#told.add(program);
    this.seen = 0;
    return true;
  }
}

/** Whether all files that a text imports are in the program. What is found nowhere is no obstacle. */
function holdsImports(program: ts.Program, text: string, resolve: Resolve): boolean {
  return ts.preProcessFile(text, true, true).importedFiles.every(({ fileName }) => {
    const found = resolve(fileName);
    return !found || program.getSourceFile(found.resolvedFileName) !== undefined;
  });
}

/** Of import and export declarations, as a program would note them. */
function specifiersOf(file: ts.SourceFile): ts.Expression[] {
  return file.statements.flatMap((statement) =>
    (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier
      ? [statement.moduleSpecifier]
      : [],
  );
}
