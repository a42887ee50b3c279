import type * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../../formats/model-file.js";
import { plural } from "../../notation.js";

/**
 * A note on kernels that the file has in a type of whole numbers, or of true and false. Keras stores such only for a
 * quantized layer, beside the scales that make numbers of them; in any other layer they are bound as they stand, as
 * Keras does too, and something outside Keras rounded them and kept the scale for itself.
 * @param sources from which stored tensor each variable came
 * @param converted paths of the layers whose weights were put together from several arrays, as quantized ones are
 */
export function wholeNumberKernels(
  sources: ReadonlyMap<tf.LayerVariable, StoredWeight>,
  layers: ReadonlyMap<string, tf.layers.Layer>,
  converted: ReadonlySet<string>,
): string[] {
  const found = [...layers].flatMap(([path, layer]) =>
    converted.has(path) || "layers" in layer
      ? []
      : layer.weights.flatMap((variable) => {
          const weight = sources.get(variable);
          const isOdd =
            weight !== undefined &&
            variable.dtype === "float32" &&
            /^u?int\d+$|^bool$/.test(weight.dtype) &&
            /(kernel|embeddings)(:0)?$/.test(variable.originalName);
          return isOdd ? [{ path, weight }] : [];
        }),
  );
  const [first, ...others] = found;
  if (!first) return [];
  const { path, weight } = first;
  const more =
    others.length === 0
      ? ""
      : `, and so ${others.length === 1 ? "is" : "are"} ${plural(others.length, "other kernel")}`;
  return [
    `${path}: ${weight.name} is stored as ${weight.dtype}${more}. Keras stores kernels so only in quantized layers, with ` +
      "their scales; here there is no scale, and the numbers were taken as they stand. If a tool rounded them, " +
      "multiply them by its scale, or take the file that it was made from.",
  ];
}
