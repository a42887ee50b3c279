/**
 * The WebAssembly module of `crc32c-folding.ts`, assembled here: JavaScript has no vectors. It has a memory and
 * one function,
 *
 *     add(end): for (at = 0; at < end; at += 16)
 *                 for (place of places) memory[start + at] ^= memory[start + at - place]
 *
 * with vectors of 16 bytes, several in a turn of its loop. Opcodes: https://webassembly.github.io/spec/core/binary/
 */
export interface AddFolder {
  readonly memory: Uint8Array;
  /** @param end bytes behind `start` to which those in front of them are added, a multiple of `step` */
  readonly add: (end: number) => void;
}

/** The one thing of WebAssembly's JavaScript interface that is used. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: {
      readonly memory: { readonly buffer: ArrayBuffer };
      readonly add: (end: number) => void;
    };
  };
}

/**
 * @param bytes of its memory
 * @param step bytes of a turn of the loop: fewer than the least of the places
 * @returns null where WebAssembly, or its vectors, cannot be had
 */
export function addFolder(
  bytes: number,
  start: number,
  step: number,
  places: readonly number[],
): AddFolder | null {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyInterface };
  if (WebAssembly === undefined) return null;
  try {
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(moduleBytes(bytes, addBody(start, step, places))),
    );
    return { memory: new Uint8Array(exports.memory.buffer), add: exports.add };
  } catch {
    return null;
  }
}

const PAGE = 65_536;
const [I32, FUNCTION, EMPTY] = [0x7f, 0x60, 0x40];
const SECTION = { type: 1, function: 3, memory: 5, export: 7, code: 10 };
const EXPORT = { function: 0, memory: 2 };
const LOOP = [0x03, EMPTY];
const END = [0x0b];
const BRANCH_IF = [0x0d, 0];
const I32_ADD = [0x6a];
const I32_LESS = [0x49];
const V128_LOAD = [0xfd, 0x00];
const V128_STORE = [0xfd, 0x0b];
const V128_XOR = [0xfd, 0x51];

const get = (local: number): number[] => [0x20, local];
const tee = (local: number): number[] => [0x22, local];
const i32 = (value: number): number[] => [0x41, ...signed(value)];

function moduleBytes(bytes: number, body: readonly number[]): Uint8Array {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(SECTION.type, [1, FUNCTION, 1, I32, 0]),
    ...section(SECTION.function, [1, 0]),
    ...section(SECTION.memory, [1, 0, ...unsigned(Math.ceil(bytes / PAGE))]),
    ...section(SECTION.export, [2, ...text("memory"), EXPORT.memory, 0, ...text("add"), EXPORT.function, 0]),
    ...section(SECTION.code, [1, ...sized(body)]),
  ]);
}

/** The body of `add`: `end` is its parameter, `at` its variable. */
function addBody(start: number, step: number, places: readonly number[]): number[] {
  const [end, at] = [0, 1];
  const load = (offset: number) => [...get(at), ...V128_LOAD, ...address(offset)];
  const vectors = Array.from({ length: step / 16 }, (_, i) => start + 16 * i);
  const adding = vectors.flatMap((here) => [
    ...get(at),
    ...load(here),
    ...places.flatMap((place) => [...load(here - place), ...V128_XOR]),
    ...[...V128_STORE, ...address(here)],
  ]);
  return [
    ...[1, ...[1, I32]],
    ...LOOP,
    ...adding,
    ...[...get(at), ...i32(step), ...I32_ADD, ...tee(at), ...get(end), ...I32_LESS, ...BRANCH_IF],
    ...END,
    ...END,
  ];
}

/** Aligned to 2^4 bytes, this far behind the address on the stack. */
function address(offset: number): number[] {
  return [4, ...unsigned(offset)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function text(name: string): number[] {
  return sized([...Buffer.from(name)]);
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

/** LEB128 of a number that is not negative; of a signed one, a bit of the last byte stays free for its sign. */
function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
