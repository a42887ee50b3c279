/**
 * What Node has of the web and `@types/node` does not declare, or more strictly than browsers' types and Deno's.
 * https://developer.mozilla.org/en-US/docs/WebAssembly/Reference/JavaScript_interface
 */
export const WEB_TYPES = `
declare module "*.wasm";
interface Response {
  /** The body, read as JSON. */
  json(): Promise<any>;
}
interface Request {
  /** The body, read as JSON. */
  json(): Promise<any>;
}
declare namespace WebAssembly {
  type BufferSource = ArrayBufferView | ArrayBuffer;
  type ExternalKind = "function" | "global" | "memory" | "table" | "tag";
  type ValueType = "anyfunc" | "externref" | "f32" | "f64" | "i32" | "i64" | "v128";
  type Exports = Record<string, any>;
  type Imports = Record<string, Record<string, any>>;
  interface Module {}
  interface Instance {
    readonly exports: Exports;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB; returns how many there were. */
    grow(pages: number): number;
  }
  interface Table {
    readonly length: number;
    get(index: number): any;
    set(index: number, value?: any): void;
    grow(by: number, value?: any): number;
  }
  interface Global {
    value: any;
    valueOf(): any;
  }
  interface WebAssemblyInstantiatedSource {
    readonly instance: Instance;
    readonly module: Module;
  }
  const Module: {
    new (bytes: BufferSource): Module;
    exports(module: Module): { name: string; kind: ExternalKind }[];
    imports(module: Module): { module: string; name: string; kind: ExternalKind }[];
    customSections(module: Module, name: string): ArrayBuffer[];
  };
  const Instance: { new (module: Module, imports?: Imports): Instance };
  const Memory: { new (size: { initial: number; maximum?: number; shared?: boolean }): Memory };
  const Table: { new (size: { element: "anyfunc" | "externref"; initial: number; maximum?: number }, value?: any): Table };
  const Global: { new (type: { value: ValueType; mutable?: boolean }, value?: any): Global };
  const CompileError: ErrorConstructor;
  const LinkError: ErrorConstructor;
  const RuntimeError: ErrorConstructor;
  function compile(bytes: BufferSource): Promise<Module>;
  function compileStreaming(source: Response | PromiseLike<Response>): Promise<Module>;
  function instantiate(bytes: BufferSource, imports?: Imports): Promise<WebAssemblyInstantiatedSource>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function instantiateStreaming(
    source: Response | PromiseLike<Response>,
    imports?: Imports,
  ): Promise<WebAssemblyInstantiatedSource>;
  function validate(bytes: BufferSource): boolean;
}
`;
