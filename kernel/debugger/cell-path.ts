import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { murmur2 } from "./murmur2.js";

/**
 * How front ends name the source of a cell: by a hash of its text, between these two.
 * JupyterLab shows `Cell [3]` in place of the path only where it holds `ipykernel_`.
 */
export const CELL_PATHS = {
  hashMethod: "Murmur2",
  hashSeed: 0xc70f6907,
  tmpFilePrefix: join(tmpdir(), `ipykernel_loadlab_${process.pid}`) + sep,
  tmpFileSuffix: ".ts",
} as const;

export function cellPath(code: string): string {
  return cellPathOfHash(cellHash(code));
}

export function cellHash(code: string): number {
  return murmur2(code, CELL_PATHS.hashSeed);
}

export function cellPathOfHash(hash: number): string {
  return `${CELL_PATHS.tmpFilePrefix}${hash}${CELL_PATHS.tmpFileSuffix}`;
}
