import { ADD_PRODUCT_CODE } from "./add-product-code.js";

/** The functions of add-product.wat. */
interface AddProduct {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void };
  addProduct(z: number, row: number, matrix: number, rows: number, stride: number, count: number): void;
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
let kept: AddProduct | null = null;

function instantiate(): AddProduct {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  code ??= new wasm.Module(Buffer.from(ADD_PRODUCT_CODE, "base64"));
  return new wasm.Instance(code).exports as AddProduct;
}

/**
 * Products of rows of numbers with one matrix (a recurrent kernel), by WebAssembly's vectors of four numbers: about ten
 * times as fast as a loop in JavaScript. The arrays are good until the next `Products` is made.
 */
export class Products {
  /** What the products are added to, one number for each column of the matrix. */
  readonly z: Float32Array;
  /** Rows to be multiplied: all states, then one of scratch. */
  readonly rows: Float32Array;
  readonly #matrixAt: number;
  readonly #exports: AddProduct;

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
}
