import type { ByteSource } from "../byte-source.js";
import type { WeightArray, WeightDtype } from "../model-file.js";

export async function readThroughLibrary(
  _source: ByteSource,
  _path: string,
  _dtype: WeightDtype,
): Promise<WeightArray> {
  throw new Error("pending");
}
