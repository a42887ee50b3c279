import { LayerError } from "./finding.js";
import type { LayerSpec } from "./graph.js";
import type { BatchShape } from "./input-layer.js";

/** Layers over one, two or three axes of space or time take the batch before these and the features behind. */
const OVER_SPACE =
  /^(?:(?:Separable|Depthwise)?Conv|LocallyConnected|(?:Global)?(?:Max|Average)Pooling|UpSampling|ZeroPadding|Cropping)([123])D/;

/**
 * Keras's own check of what a layer gets (`InputSpec(min_ndim)`), for those where tfjs takes fewer axes unsaid: a
 * shape without the batch would give a model that no input fits.
 * @throws LayerError G11
 */
export function checkAxes(spec: LayerSpec, shape: BatchShape | undefined): void {
  const found = OVER_SPACE.exec(spec.className)?.[1];
  if (found === undefined || !shape) return;
  const fewest = Number(found) + 2;
  if (shape.length >= fewest) return;
  throw new LayerError(
    "G11",
    undefined,
    `"${spec.name}" gets [${shape.map((n) => n ?? "open").join(", ")}], ${shape.length} axes of the ${fewest} that it takes`,
    `${spec.className} takes the batch first, then ${found === "1" ? "an axis" : `${found} axes`} and the features`,
    "Say the shape that the model takes, batch first.",
  );
}
