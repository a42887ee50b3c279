import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import wabt from "wabt";
import { ROW_ARITHMETIC_CODE } from "../../../src/layers/recurrent/row-arithmetic-code.js";
import { RowArithmetic } from "../../../src/layers/recurrent/row-arithmetic.js";

const SOURCE = new URL("../../../../src/layers/recurrent/row-arithmetic.wat", import.meta.url);

describe("RowArithmetic", () => {
  it("run the code that is written in row-arithmetic.wat", async () => {
    const tools = await wabt();
    const { buffer } = tools
      .parseWat("row-arithmetic.wat", readFileSync(SOURCE, "utf8"), { simd: true })
      .toBinary({});
    assert.equal(ROW_ARITHMETIC_CODE, Buffer.from(buffer).toString("base64"), "npm run wasm makes it anew");
  });

  for (const [rows, columns] of [
    [1, 1],
    [3, 5],
    [4, 4],
    [7, 18],
    [33, 66],
  ] as const)
    it(`add [${rows}] x [${rows}, ${columns}] to what is there, between any columns`, () => {
      const matrix = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i + 1));
      for (const [from, to] of [
        [0, columns],
        [Math.floor(columns / 3), columns],
        [0, Math.ceil(columns / 2)],
      ] as const) {
        const products = new RowArithmetic(matrix, columns, 2 * rows);
        products.z.forEach((_, k, z) => (z[k] = k));
        products.rows.forEach((_, i, all) => (all[i] = Math.cos(i)));
        const row = products.rows.subarray(rows);
        products.add(row, from, to);
        for (let k = 0; k < columns; k++) {
          const product = row.reduce((sum, value, i) => sum + value * matrix[i * columns + k]!, 0);
          const wanted = k + (k >= from && k < to ? product : 0);
          assert.ok(
            Math.abs(products.z[k]! - wanted) < 1e-6 * (10 + Math.abs(wanted)),
            `column ${k}: ${products.z[k]}, not ${wanted}`,
          );
        }
      }
    });

  it("take a larger matrix than the memory holds, and a smaller one after it", () => {
    const large = new RowArithmetic(new Float32Array(300_000).fill(1), 1000, 600);
    large.z.fill(0);
    large.rows.fill(2);
    large.add(large.rows.subarray(0, 300), 0, 1000);
    assert.deepEqual(new Set(large.z), new Set([600]));
    const small = new RowArithmetic(Float32Array.of(5), 1, 1);
    small.z[0] = 1;
    small.rows[0] = 3;
    small.add(small.rows, 0, 1);
    assert.equal(small.z[0], 16);
  });

  for (const [name, exact] of [
    ["sigmoid", (x: number) => 1 / (1 + Math.exp(-x))],
    ["tanh", Math.tanh],
  ] as const)
    it(`has ${name} as float32 has it, for any number and any length`, () => {
      const edges = [0, -0, 1e-30, -1e-30, 0.625, -0.625, 0.6249999, 9, -9, 88, 89, -89, 200, -200, 1e38];
      const values = [
        ...edges,
        Infinity,
        -Infinity,
        NaN,
        ...Array.from({ length: 4001 }, (_, i) => (i - 2000) / 150),
      ];
      const arithmetic = new RowArithmetic(new Float32Array(1), 1, values.length);
      arithmetic.rows.set(values);
      const given = arithmetic.rows.slice();
      // The last ones lie after the row and stay.
      arithmetic[name](arithmetic.rows.subarray(0, values.length - 2));
      given.forEach((x, i) => {
        const found = arithmetic.rows[i]!;
        const wanted = i < values.length - 2 ? exact(x) : x;
        assert.ok(
          Object.is(found, NaN) ? Number.isNaN(wanted) : Math.abs(found - wanted) < 2e-7,
          `${x}: ${found}`,
        );
      });
    });
});
