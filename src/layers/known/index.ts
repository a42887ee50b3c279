import type { LayerSpec } from "../../keras/graph.js";
import { KAPRE } from "./kapre.js";
import { KERAS_BERT } from "./keras-bert.js";
import { KERAS_CONTRIB } from "./keras-contrib.js";
import { SELF_ATTENTION } from "./keras-self-attention.js";
import { TCN } from "./keras-tcn.js";
import { KERAS_TUTORIALS } from "./keras-tutorials.js";
import type { KnownLayer } from "./known-layer.js";
import { MODEL_OPTIMIZATION } from "./model-optimization.js";
import { QKERAS } from "./qkeras.js";
import { VISION } from "./vision.js";

export type { KnownLayer } from "./known-layer.js";

/**
 * Classes of public packages that files often carry. None is used by itself: a class of the same name may be
 * another one, so that they are offered, each with the source it follows, and taken when the user says so.
 */
export const knownCollection: readonly KnownLayer[] = [
  TCN,
  ...SELF_ATTENTION,
  ...KERAS_BERT,
  ...KERAS_TUTORIALS,
  ...KERAS_CONTRIB,
  ...KAPRE,
  ...QKERAS,
  ...MODEL_OPTIMIZATION,
  ...VISION,
];

const BY_NAME: ReadonlyMap<string, KnownLayer> = new Map(
  knownCollection.flatMap((known) =>
    [known.className, ...(known.definition.aliases ?? [])].map((name) => [name, known] as const),
  ),
);

/** The known layer of a saved class, `TCN` or `Custom>TCN`; null where there is none. */
export function knownLayerFor(spec: Pick<LayerSpec, "className">): KnownLayer | null {
  return BY_NAME.get(spec.className.slice(spec.className.lastIndexOf(">") + 1)) ?? null;
}
