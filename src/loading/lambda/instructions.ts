import type { CodeLayout, CodeObject } from "./marshal.js";
import { OPCODES } from "./opcodes/opcodes.js";

/** 3.5 stands for 3.4 too: the numbers of 3.6, in the older form. */
export type PythonVersion = keyof typeof OPCODES | "3.5";

export interface Instruction {
  /** `LOAD_FAST`, or `op 113` for one that expressions do not have. */
  readonly name: string;
  readonly argument: number;
}

interface Table {
  readonly version: PythonVersion;
  readonly haveArgument: number;
  readonly names: ReadonlyMap<number, string>;
  readonly caches: ReadonlyMap<number, number>;
}

const TABLES: readonly Table[] = (Object.keys(OPCODES) as (keyof typeof OPCODES)[]).map((version) => {
  const { numbers, caches, haveArgument } = OPCODES[version];
  return {
    version,
    haveArgument,
    names: new Map(Object.entries(numbers).map(([name, number]) => [number, name])),
    caches: new Map(Object.entries(caches).map(([number, count]) => [Number(number), count])),
  };
});

const VERSIONS: Readonly<Record<CodeLayout, readonly PythonVersion[]>> = {
  "2.7": ["2.7"],
  "3.0": ["3.7", "3.6", "3.5"],
  "3.8": ["3.10", "3.9", "3.8"],
  "3.11": ["3.13", "3.12", "3.11", "3.14"],
};

/** The ways to read a code object's bytecode: one for each Python whose numbers and caches fit it. */
export function readings(code: CodeObject): { version: PythonVersion; instructions: Instruction[] }[] {
  return VERSIONS[code.layout].flatMap((version) => {
    const table = TABLES.find((candidate) => candidate.version === (version === "3.5" ? "3.6" : version))!;
    const old = version === "2.7" || version === "3.5";
    const instructions = old ? readOld(code.code, table) : readWords(code.code, table);
    return instructions ? [{ version, instructions }] : [];
  });
}

/** Python 2.7 and 3.5: one byte, and two more for an argument. */
function readOld(code: Uint8Array, table: Table): Instruction[] | null {
  const instructions: Instruction[] = [];
  for (let at = 0; at < code.length;) {
    const number = code[at++]!;
    const name = table.names.get(number) ?? `op ${number}`;
    if (number < table.haveArgument) {
      instructions.push({ name, argument: 0 });
      continue;
    }
    if (at + 2 > code.length || name === "EXTENDED_ARG") return null;
    instructions.push({ name, argument: code[at]! | (code[at + 1]! << 8) });
    at += 2;
  }
  return instructions;
}

/** Python 3.6 and later: two bytes each; from 3.11 on with empty room for caches behind some. */
function readWords(code: Uint8Array, table: Table): Instruction[] | null {
  const instructions: Instruction[] = [];
  let extended = 0;
  for (let at = 0; at + 1 < code.length; at += 2) {
    const number = code[at]!;
    const name = table.names.get(number) ?? `op ${number}`;
    const argument = (extended << 8) | code[at + 1]!;
    if (name === "EXTENDED_ARG") {
      extended = argument;
      continue;
    }
    extended = 0;
    if (name !== "CACHE") instructions.push({ name, argument });
    // What a file holds was compiled and never run, so that its caches are zeros: another number is another Python.
    for (let left = table.caches.get(number) ?? 0; left > 0; left--) {
      at += 2;
      if (code[at] !== 0 || code[at + 1] !== 0) return null;
    }
  }
  return instructions;
}
