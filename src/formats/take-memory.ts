/** Gives zeros of so many bytes, at an offset that fits any typed array. */
export type TakeMemory = (bytes: number) => Uint8Array;

/** Memory of its own for each array. */
export const ownMemory: TakeMemory = (bytes) => new Uint8Array(bytes);

/** Pages that nobody writes to take no memory, so what is left over of a piece costs nothing. */
const PIECE = 256 * 2 ** 20;
const ALIGNED = 64;

/**
 * Memory for many arrays in few pieces: V8 looks through its whole heap after every 32 to 64 MB that are taken
 * outside of it, which takes longer than to read as many. A piece is freed with the last of its arrays.
 * @param total bytes that will be asked for; more is given, too
 */
export function sharedMemory(total: number): TakeMemory {
  let left = total;
  let piece = new ArrayBuffer(0);
  let at = 0;
  return (bytes) => {
    left -= bytes;
    if (bytes >= PIECE) return ownMemory(bytes);
    if (at + bytes > piece.byteLength) {
      piece = new ArrayBuffer(Math.max(bytes, Math.min(PIECE, left + bytes)));
      at = 0;
    }
    const taken = new Uint8Array(piece, at, bytes);
    at += Math.ceil(bytes / ALIGNED) * ALIGNED;
    return taken;
  };
}
