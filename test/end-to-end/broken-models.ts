import path from "node:path";
import { dense, type Parts, sequential } from "../src/loading/cases/parts.js";
import { writeHdf5 } from "../src/loading/cases/write.js";

/** Two layers of the same shapes, then one of another. */
function perceptron(): Parts {
  return sequential(2, [null, 6], [dense("first", 6, 6), dense("second", 6, 6), dense("out", 6, 3)]);
}

/** Models that the tests of the card repair, written into a folder. */
export async function writeBrokenModels(folder: string): Promise<void> {
  const whole = perceptron();
  await writeHdf5(path.join(folder, "whole.h5"), whole);
  await writeHdf5(path.join(folder, "shuffled.h5"), shuffled(whole));
  await writeHdf5(path.join(folder, "wide.h5"), wide(whole));
  await writeHdf5(path.join(folder, "alone.weights.h5"), whole, { weightsOnly: true });
}

/** The file's layers have other names, the first two stand the other way round, and one more stands between. */
function shuffled(parts: Parts): Parts {
  const [first, second, out] = structuredClone(parts.layers) as [LayerOf, LayerOf, LayerOf];
  const more = {
    name: "extra",
    className: "Dense",
    weights: [{ name: "extra/kernel", shape: [9, 9], values: new Float32Array(81) }],
  };
  const layers = [second, more, first, out].map((layer, i) => renamed(layer, `dense_${i + 11}`));
  return { ...parts, layers };
}

type LayerOf = Parts["layers"][number];

function renamed(layer: LayerOf, name: string): LayerOf {
  const weights = layer.weights.map((weight) => ({ ...weight, name: weight.name.replace(/^[^/]*/, name) }));
  return { ...layer, name, weights };
}

/** The config says other units than the weights have, in two layers. */
function wide(parts: Parts): Parts {
  const changed = structuredClone(parts);
  const { layers } = changed.config["config"] as { layers: { config: { name: string; units?: number } }[] };
  for (const { config } of layers) if (config.name === "second") config.units = 8;
  return changed;
}
