import { pythonJson } from "./python-floats.js";
import { keras2Config, keras2Parts, namedWeights } from "./save-h5.js";
import type { ModelParts } from "./saved-model-parts.js";
import { savedArray } from "./write-hdf5.js";

/** `model.json` and the file with its weights, as TensorFlow.js's converter writes them. */
export async function tfjsModel(
  given: ModelParts,
  weightsName: string,
): Promise<{ json: string; weights: Uint8Array }> {
  const parts = keras2Parts(given);
  const { graph, layers } = parts;
  const specs: { name: string; shape: number[]; dtype: string }[] = [];
  const data: Buffer[] = [];
  for (const { name, variable } of graph.layers.flatMap((spec) => namedWeights(spec, layers))) {
    const { shape, values } = await savedArray(variable);
    const dtype = variable.dtype === "int32" ? "int32" : "float32";
    specs.push({ name: name.replace(/:0$/, ""), shape: [...shape], dtype });
    data.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }
  const json = pythonJson({
    format: "layers-model",
    generatedBy: "keras v2.15.0",
    convertedBy: "loadlab",
    modelTopology: {
      keras_version: "2.15.0",
      backend: "tensorflow",
      model_config: keras2Config(parts, false),
    },
    weightsManifest: [{ paths: [weightsName], weights: specs }],
  });
  return { json, weights: Buffer.concat(data) };
}
