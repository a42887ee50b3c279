import { ROW_ARITHMETIC_CODE } from "./row-arithmetic-code.js";

/** The functions of row-arithmetic.wat. */
interface Functions {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  addProduct(z: number, row: number, matrix: number, rows: number, stride: number, count: number): void;
  activate(row: number, count: number, tanh: 0 | 1): void;
}

/** What is used of WebAssembly, whose types come with the browsers' only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

const PAGE = 64 * 1024;
/** Memory of WebAssembly cannot be given back: a kernel that needs more gets an instance of its own, which can. */
const MOST_KEPT = 64 * 2 ** 20;

let code: object | null = null;
let kept: Functions | null = null;

function instantiate(): Functions {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  code ??= new wasm.Module(Buffer.from(ROW_ARITHMETIC_CODE, "base64"));
  return new wasm.Instance(code).exports as Functions;
}

/**
 * Products of rows of numbers with one matrix (a recurrent kernel) and the functions of gates on them, by WebAssembly's
 * vectors of four numbers: about ten times as fast as a loop in JavaScript. The arrays are good until the next
 * `RowArithmetic` is made.
 */
export class RowArithmetic {
  /** What the products are added to, one number for each column of the matrix. */
  readonly z: Float32Array;
  /** Rows to be multiplied: all states, then one of scratch. */
  readonly rows: Float32Array;
  readonly #matrixAt: number;
  readonly #exports: Functions;

  /**
   * @param matrix [length of a row, columns]
   * @param rowNumbers how many numbers `rows` holds
   */
  constructor(
    matrix: Float32Array,
    readonly columns: number,
    rowNumbers: number,
  ) {
    const bytes = 4 * (matrix.length + columns + rowNumbers);
    this.#exports = bytes > MOST_KEPT ? instantiate() : (kept ??= instantiate());
    const { memory } = this.#exports;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    this.z = new Float32Array(memory.buffer, 0, columns);
    this.rows = new Float32Array(memory.buffer, 4 * columns, rowNumbers);
    this.#matrixAt = 4 * (columns + rowNumbers);
    new Float32Array(memory.buffer, this.#matrixAt, matrix.length).set(matrix);
  }

  /** z += row x matrix, for the columns between two. @param row a part of `rows`. */
  add(row: Float32Array, from: number, to: number): void {
    const { z, columns } = this;
    const [at, matrix] = [z.byteOffset + 4 * from, this.#matrixAt + 4 * from];
    this.#exports.addProduct(at, row.byteOffset, matrix, row.length, 4 * columns, to - from);
  }

  /** In place, to within 2e-7. @param row a part of `z` or `rows` */
  sigmoid(row: Float32Array): void {
    this.#exports.activate(row.byteOffset, row.length, 0);
  }

  /** In place, to within 2e-7. @param row a part of `z` or `rows` */
  tanh(row: Float32Array): void {
    this.#exports.activate(row.byteOffset, row.length, 1);
  }
}
