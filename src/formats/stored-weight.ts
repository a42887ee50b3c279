import type { Dataset } from "./hdf5/dataset.js";
import type { StoredWeight } from "./model-file.js";

/** A dataset of an HDF5 file as a tensor of a model. */
export function storedWeight(dataset: Dataset, name: string): StoredWeight {
  const { byteOffset } = dataset;
  return {
    name,
    path: dataset.path,
    shape: dataset.shape,
    dtype: dataset.dtype ?? "uint8",
    byteLength: dataset.byteLength,
    ...(byteOffset === undefined ? {} : { byteOffset }),
    whole: dataset.whole,
    read: (take) => dataset.read(take),
  };
}
