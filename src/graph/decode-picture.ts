import fs from "node:fs";
import { createRequire } from "node:module";
import type { DecodedPng } from "fast-png";

/** Pixels of a picture, row by row, channels last. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** 16 where the file stores 16 bits a channel; then values go up to 65535. */
  readonly depth: 8 | 16;
  readonly pixels: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** Alpha of a picture that stores none, where it is asked for; the greatest value by default. */
  readonly opaque?: number;
  /** The colour whose pixels have alpha 0, where alpha is asked for (a PNG's tRNS). */
  readonly transparent?: readonly number[];
}

/** More pixels than any camera takes. */
const MOST_PIXELS = 2 ** 28;

interface Decoders {
  png(bytes: Uint8Array): DecodedPng;
  jpeg(bytes: Uint8Array): {
    readonly width: number;
    readonly height: number;
    readonly data: Uint8ClampedArray;
  };
  gif: new (bytes: Uint8Array) => GifReader;
}

interface GifReader {
  readonly width: number;
  readonly height: number;
  numFrames(): number;
  frameInfo(frame: number): { readonly disposal: number };
  decodeAndBlitFrameRGBA(frame: number, pixels: Uint8Array): void;
}

let decoders: Decoders | null = null;

/** Loads what decodes pictures: fast-png, libjpeg compiled to WebAssembly (`@jsquash/jpeg`), omggif. Once, when needed. */
export async function loadPictureDecoders(): Promise<void> {
  if (decoders !== null) return;
  const [png, jpeg, gif] = await Promise.all([
    import("fast-png"),
    jpegDecoder(),
    import("omggif") as Promise<{ GifReader: Decoders["gif"] }>,
  ]);
  decoders = { png: (bytes) => png.decode(bytes), jpeg, gif: gif.GifReader };
}

/** What is used of WebAssembly, whose types come with the browsers' only. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: object) => { readonly exports: object };
}

async function jpegDecoder(): Promise<Decoders["jpeg"]> {
  const { default: factory } = await import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js");
  const path = createRequire(import.meta.url).resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm");
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const compiled = await wasm.compile(fs.readFileSync(path));
  const codec = await factory({
    noInitialRun: true,
    instantiateWasm: (imports: object, done: (instance: object) => void) => {
      const instance = new wasm.Instance(compiled, imports);
      done(instance);
      return instance.exports;
    },
  });
  return (bytes) => withImageData(() => codec.decode(Uint8Array.from(bytes).buffer, false));
}

/** The codec makes its result with the browsers' class, which Node does not have. */
function withImageData<T>(run: () => T): T {
  const scope = globalThis as { ImageData?: unknown };
  if (scope.ImageData !== undefined) return run();
  scope.ImageData = class {
    constructor(
      readonly data: Uint8ClampedArray,
      readonly width: number,
      readonly height: number,
    ) {}
  };
  try {
    return run();
  } finally {
    delete scope.ImageData;
  }
}

export type PictureFormat = "png" | "jpeg" | "gif" | "bmp";

/** The format by the first bytes; null for none that is read here. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | null {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return "png";
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "jpeg";
  if (bytes[0] === 0x47 && bytes[1] === 0x49 && bytes[2] === 0x46) return "gif";
  return bytes[0] === 0x42 && bytes[1] === 0x4d ? "bmp" : null;
}

/**
 * Decodes a picture; of a GIF, all frames.
 * @throws Error when it is damaged or larger than the limit
 */
export function decodePicture(bytes: Uint8Array, format: PictureFormat): Picture[] {
  if (decoders === null) throw new Error("the decoders of pictures have not been loaded");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case "png":
      checkSize(view.getUint32(16), view.getUint32(20));
      return [fromPng(decoders.png(bytes))];
    case "jpeg": {
      const frame = jpegFrame(bytes);
      checkSize(frame.width, frame.height);
      return [fromJpeg(decoders.jpeg(bytes), bytes)];
    }
    case "gif":
      checkSize(view.getUint16(6, true), view.getUint16(8, true));
      return fromGif(new decoders.gif(bytes));
    case "bmp":
      return [fromBmp(view)];
  }
}

function checkSize(width: number, height: number): void {
  if (width * height > MOST_PIXELS || width === 0 || height === 0)
    throw new Error(`it is ${width} by ${height} pixels`);
}

function fromPng(png: DecodedPng): Picture {
  const depth = png.depth === 16 ? 16 : 8;
  const steps = png.depth < 8 ? 255 / (2 ** png.depth - 1) : 1;
  // TensorFlow has libpng fill alpha with the greatest value of the file's own depth, which nothing widens then.
  const filled = png.depth < 8 ? { opaque: 2 ** png.depth - 1 } : {};
  if (png.palette === undefined) {
    const pixels = png.depth < 8 ? unpackedGray(png) : (png.data as Uint8Array | Uint16Array);
    const transparent = png.transparency && Array.from(png.transparency, (value) => value * steps);
    // Where libpng makes alpha of a colour, nothing is left to fill.
    const alpha = transparent === undefined ? filled : { transparent };
    return { width: png.width, height: png.height, channels: png.channels, depth, pixels, ...alpha };
  }
  const { palette } = png;
  const channels = palette[0]?.length ?? 3;
  const indices = png.depth < 8 ? unpacked(png) : (png.data as Uint8Array);
  const pixels = new Uint8Array(indices.length * channels);
  indices.forEach((index, i) => pixels.set(palette[index] ?? [], i * channels));
  return { width: png.width, height: png.height, channels, depth: 8, pixels, ...filled };
}

/** Samples of 1, 2 or 4 bits, each row starting at a byte. */
function unpacked({ width, height, depth, data }: DecodedPng): Uint8Array {
  const row = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    return (data[Math.floor(i / width) * row + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask;
  });
}

function unpackedGray(png: DecodedPng): Uint8Array {
  const steps = 255 / (2 ** png.depth - 1);
  return unpacked(png).map((value) => value * steps);
}

/** Of a JPEG, from its frame header. */
interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** By component, 1 of gray: how often it is sampled down and across, four bits each. */
  readonly sampling: readonly number[];
}

function jpegFrame(bytes: Uint8Array): JpegFrame {
  const word = (at: number): number => (bytes[at]! << 8) + bytes[at + 1]!;
  for (let at = 2; at + 9 < bytes.length;) {
    const marker = bytes[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return {
        width: word(at + 7),
        height: word(at + 5),
        sampling: Array.from({ length: bytes[at + 9]! }, (_, i) => bytes[at + 11 + 3 * i] ?? 0x11),
      };
    at += marker === 0xff ? 1 : 2 + word(at + 2);
  }
  throw new Error("it has no frame header");
}

/** Whether a JPEG holds its colours in fewer pixels than its brightness. */
export function hasFewerColors(bytes: Uint8Array): boolean {
  const { sampling } = jpegFrame(bytes);
  return sampling.some((own) => own !== sampling[0]);
}

function fromJpeg(
  made: { width: number; height: number; data: Uint8ClampedArray },
  bytes: Uint8Array,
): Picture {
  const { width, height, data } = made;
  const channels = jpegFrame(bytes).sampling.length === 1 ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < channels; c++) pixels[i * channels + c] = data[4 * i + c]!;
  return { width, height, channels, depth: 8, pixels };
}

/** Frames drawn over each other, as a viewer shows them. */
function fromGif(gif: GifReader): Picture[] {
  const { width, height } = gif;
  if (gif.numFrames() * width * height > MOST_PIXELS) throw new Error(`it has ${gif.numFrames()} frames`);
  const canvas = new Uint8Array(width * height * 4);
  return Array.from({ length: gif.numFrames() }, (_, frame) => {
    gif.decodeAndBlitFrameRGBA(frame, canvas);
    const pixels = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) pixels.set(canvas.subarray(4 * i, 4 * i + 3), 3 * i);
    return { width, height, channels: 3, depth: 8 as const, pixels };
  });
}

/** Uncompressed bitmaps of 8, 24 and 32 bits; a negative height stands for rows from the top. */
function fromBmp(view: DataView): Picture {
  const [start, width, signed] = [view.getUint32(10, true), view.getInt32(18, true), view.getInt32(22, true)];
  const height = Math.abs(signed);
  const channels = view.getUint16(28, true) / 8;
  checkSize(width, height);
  if (![1, 3, 4].includes(channels)) throw new Error(`it has ${8 * channels} bits a pixel`);
  const row = Math.ceil((width * channels) / 4) * 4;
  if (start + row * height > view.byteLength) throw new Error("it is truncated");
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = start + (signed > 0 ? height - 1 - y : y) * row;
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) {
        // Blue comes first in the file.
        const channel = channels > 1 && c < 3 ? 2 - c : c;
        pixels[(y * width + x) * channels + c] = view.getUint8(from + x * channels + channel);
      }
  }
  return { width, height, channels, depth: 8, pixels };
}
