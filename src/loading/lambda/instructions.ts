import type { CodeLayout, CodeObject } from "./marshal.js";
import { OPCODES } from "./opcodes/opcodes.js";

/** 3.5 stands for 3.4 too: the numbers of 3.6, in the older form. */
export type PythonVersion = keyof typeof OPCODES | "3.5";

export interface Instruction {
  /** `LOAD_FAST`, or `op 113` for one that is not followed. */
  readonly name: string;
  readonly argument: number;
  /** Where it begins, with the bytes that extend its argument. */
  readonly at: number;
  /** Where the next one begins, behind its caches. */
  readonly next: number;
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

/** The Pythons whose numbers and caches fit a code object's bytecode. */
export function versionsOf(code: CodeObject): PythonVersion[] {
  return VERSIONS[code.layout].filter(
    (version) =>
      (code.layout !== "3.8" || (version === "3.10") === coversAll(code)) &&
      readInstructions(code, version) !== null,
  );
}

/** A code object's bytecode as a Python reads it; null where it is of another one. */
export function readInstructions(code: CodeObject, version: PythonVersion): Instruction[] | null {
  const table = TABLES.find((candidate) => candidate.version === (version === "3.5" ? "3.6" : version))!;
  const old = version === "2.7" || version === "3.5";
  return old ? readOld(code.code, table) : readWords(code.code, table);
}

/** Python 3.10's line table accounts for every byte of the code, those before it for less: their jumps count otherwise. */
function coversAll({ code, lines }: CodeObject): boolean {
  const covered = lines.reduce((sum, byte, i) => (i % 2 === 0 ? sum + byte : sum), 0);
  return covered === code.length;
}

/** Python 2.7 and 3.5: one byte, and two more for an argument. */
function readOld(code: Uint8Array, table: Table): Instruction[] | null {
  const instructions: Instruction[] = [];
  for (let at = 0; at < code.length;) {
    const number = code[at]!;
    const name = table.names.get(number) ?? `op ${number}`;
    const next = number < table.haveArgument ? at + 1 : at + 3;
    if (next > code.length || name === "EXTENDED_ARG") return null;
    const argument = next === at + 1 ? 0 : code[at + 1]! | (code[at + 2]! << 8);
    instructions.push({ name, argument, at, next });
    at = next;
  }
  return instructions;
}

/** Python 3.6 and later: two bytes each; from 3.11 on with empty room for caches behind some. */
function readWords(code: Uint8Array, table: Table): Instruction[] | null {
  const instructions: Instruction[] = [];
  let extended = 0;
  let start = 0;
  for (let at = 0; at + 1 < code.length; at += 2) {
    const number = code[at]!;
    const name = table.names.get(number) ?? `op ${number}`;
    const argument = (extended << 8) | code[at + 1]!;
    if (name === "EXTENDED_ARG") {
      extended = argument;
      continue;
    }
    extended = 0;
    const caches = table.caches.get(number) ?? 0;
    const next = at + 2 + 2 * caches;
    // Room that no instruction has here: it is of a Python whose instructions have more of it.
    if (name === "CACHE") return null;
    instructions.push({ name, argument, at: start, next });
    start = next;
    // What a file holds was compiled and never run, so that its caches are zeros: another number is another Python.
    for (let left = caches; left > 0; left--) {
      at += 2;
      if (code[at] !== 0 || code[at + 1] !== 0) return null;
    }
  }
  return instructions;
}
