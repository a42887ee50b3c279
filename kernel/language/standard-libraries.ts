/** Of newer standards, the parts that this Node has: what runs is no type error, and what does not is offered to nobody. */
const NEWER: readonly (readonly [library: string, object: object, member: string])[] = [
  ["es2024.collection", Map, "groupBy"],
  ["es2024.object", Object, "groupBy"],
  ["es2024.promise", Promise, "withResolvers"],
  ["es2024.arraybuffer", ArrayBuffer.prototype, "transfer"],
  ["es2024.sharedmemory", Atomics, "waitAsync"],
  ["es2024.string", String.prototype, "isWellFormed"],
  ["es2025.collection", Set.prototype, "union"],
  ["es2025.float16", globalThis, "Float16Array"],
  ["es2025.iterator", globalThis, "Iterator"],
  ["es2025.promise", Promise, "try"],
  ["es2025.regexp", RegExp, "escape"],
  ["esnext.array", Array, "fromAsync"],
  ["esnext.error", Error, "isError"],
  ["esnext.typedarrays", Uint8Array, "fromBase64"],
  ["esnext.temporal", globalThis, "Temporal"],
];

/** What every Node has that runs this kernel. */
export const OLDEST_LIBRARIES = ["es2023", "esnext.disposable", "esnext.decorators"].map(libraryFile);

/** Files of TypeScript's declarations of the language, for the Node that runs cells. */
export function standardLibraries(): string[] {
  const newer = NEWER.filter(([, object, member]) => member in object);
  return [...OLDEST_LIBRARIES, ...newer.map(([library]) => libraryFile(library))];
}

function libraryFile(library: string): string {
  return `lib.${library}.d.ts`;
}
