import { numpyText } from "./numpy-text.js";
import { pngOf } from "./png.js";
import type { TensorReport } from "./shown-tensor.js";
import { planesOf } from "./tensor-planes.js";
import { pictureOf } from "./tensor-picture.js";
import { histogramOf, statisticsOf, statisticsText } from "./tensor-statistics.js";

/** @param values in C order; complex64 as pairs */
export function tensorReport(
  values: ArrayLike<unknown>,
  shape: readonly number[],
  dtype: string,
): TensorReport {
  const isNumber = dtype === "float32" || dtype === "int32";
  const statistics = isNumber ? statisticsOf(values as ArrayLike<number>) : null;
  const picture = pictureOf(values, shape, dtype);
  return {
    heading: headingOf(shape, dtype),
    shape,
    dtype,
    statistics: statisticsText(values, dtype),
    histogram: statistics && histogramOf(values as ArrayLike<number>, statistics),
    printed: numpyText(values, shape, dtype),
    picture: picture && {
      png: pngOf(picture).toString("base64"),
      width: picture.width,
      height: picture.height,
    },
    planes: planesOf(shape, dtype),
  };
}

export function headingOf(shape: readonly number[], dtype: string): string {
  return `Tensor ${dtype} [${shape.join(", ")}]`;
}
