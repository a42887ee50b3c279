import type { LayerSpec } from "../../keras/graph.js";
import { ACTIVATION_CLASSES } from "./activation-classes.js";
import { ATTENTION_CLASSES } from "./attention-classes.js";
import { CAPSULES } from "./capsules.js";
import { IMAGE_SCALING } from "./image-scaling.js";
import { KAPRE } from "./kapre.js";
import { KERAS_BERT } from "./keras-bert.js";
import { KERAS_CONTRIB } from "./keras-contrib.js";
import { KERAS_HUB } from "./keras-hub.js";
import { KERAS_RETINANET } from "./keras-retinanet.js";
import { MULTI_HEAD_ATTENTION } from "./keras-multi-head.js";
import { SELF_ATTENTION } from "./keras-self-attention.js";
import { TCN } from "./keras-tcn.js";
import { KERAS_TUTORIALS } from "./keras-tutorials.js";
import { KERAS_VISION_TUTORIALS } from "./keras-vision-tutorials.js";
import type { KnownLayer } from "./known-layer.js";
import { MODEL_OPTIMIZATION } from "./model-optimization.js";
import { PUBLIC_PROJECTS } from "./public-projects.js";
import { QKERAS } from "./qkeras.js";
import { VISION } from "./vision.js";
import { VIT_KERAS } from "./vit-keras.js";

export type { KnownLayer } from "./known-layer.js";

/**
 * Classes of public packages that files often carry. None is used by itself: a class of the same name may be
 * another one, so that they are offered, each with the source it follows, and taken when the user says so.
 */
export const knownCollection: readonly KnownLayer[] = [
  TCN,
  ...SELF_ATTENTION,
  MULTI_HEAD_ATTENTION,
  ...KERAS_BERT,
  ...KERAS_TUTORIALS,
  ...KERAS_CONTRIB,
  ...KERAS_HUB,
  ...KAPRE,
  ...QKERAS,
  ...MODEL_OPTIMIZATION,
  ...VISION,
  ...VIT_KERAS,
  ...KERAS_VISION_TUTORIALS,
  ...KERAS_RETINANET,
  ...IMAGE_SCALING,
  ...ATTENTION_CLASSES,
  ...CAPSULES,
  ...ACTIVATION_CLASSES,
  ...PUBLIC_PROJECTS,
];

/** The known layer of a saved class, `TCN` or `Custom>TCN`; null where there is none. */
export function knownLayerFor(spec: KnownBy): KnownLayer | null {
  const { className, registeredName, config = {} } = spec;
  const name = className.slice(className.lastIndexOf(">") + 1);
  const named = knownCollection
    .filter((known) => known.className === name || known.definition.aliases?.includes(name))
    .filter(({ toldBy }, _, all) =>
      toldBy ? toldBy in config : !all.some((other) => other.toldBy && other.toldBy in config),
    );
  const registered = (className.includes(">") ? className : (registeredName ?? "")).split(">")[0]!;
  return (
    named.find(({ packages }) => packages?.includes(registered)) ??
    (PACKAGES.has(registered) ? null : (named.find(({ packages }) => !packages) ?? null))
  );
}

type KnownBy = Pick<LayerSpec, "className"> & Partial<Pick<LayerSpec, "registeredName" | "config">>;

/** Classes registered under these are theirs alone. */
const PACKAGES: ReadonlySet<string> = new Set(knownCollection.flatMap(({ packages = [] }) => packages));
