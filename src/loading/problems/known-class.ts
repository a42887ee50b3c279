import { COMMON, TRAINING_ONLY } from "../../layers/arguments/common-arguments.js";
import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";
import { knownLayerFor } from "../../layers/known/index.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { storedWeights } from "../report/evidence.js";
import type { Remedy } from "../problem.js";
import type { Work } from "../work.js";

const KNOWN = "known";

/**
 * The class of a public package that has the name of an unknown one. Offered and never taken by itself: somebody
 * else's class of the same name may compute something else.
 * @returns of fidelity `equivalent` where it takes the layer as the file has it; null where no class is known
 */
export function knownClassRemedy(spec: LayerSpec, work: Work): Remedy | null {
  const known = knownLayerFor(spec);
  const { fits, passedOver } = knownClassFit(spec, work);
  const lacks = passedOver.length === 0 ? "" : `, which has no \`${passedOver.join("`, `")}\``;
  const but = fits ? lacks : ", which failed on the shapes and weights here";
  return (
    known && {
      id: KNOWN,
      title: `Take ${known.className} as ${known.source} has it${but}`,
      fidelity: but === "" ? "equivalent" : "approximate",
      command: "%step fix # known",
      code: `session.fix(${JSON.stringify(spec.className)}, "known")`,
    }
  );
}

/** How the known class takes a layer. */
interface KnownFit {
  /** False where it is another one: tried on the shapes that reach the layer and its stored weights, it fails. */
  readonly fits: boolean;
  /** Arguments that it has no use for and that no shape explains: the file's class computes something more. */
  readonly passedOver: readonly string[];
}

function knownClassFit(spec: LayerSpec, work: Work): KnownFit {
  const known = knownLayerFor(spec);
  const definition = known?.definition;
  const shapes = work.connection?.inputShapes(spec.path);
  const stored = storedWeights(work, spec);
  const withoutWeights =
    stored.length === 0 && work.file?.layers.every(({ weights }) => weights.length === 0);
  // A class that its package registered is that package's, whatever of its arguments counts here.
  if (!definition || !shapes || withoutWeights || known?.packages) return { fits: true, passedOver: [] };
  let holdsOthers = false;
  const read = new Set<string>();
  try {
    const layer = definition.create(
      { ...spec, config: recorded(spec.config, read) },
      {
        origin: work.origin!,
        storedShapes: stored.map(({ shape }) => shape),
        stored,
        asset: () => null,
        build() {
          holdsOthers = true; // which only a connection makes
          throw new Error("not made in a trial");
        },
        adjust: () => undefined,
      },
    );
    const outputs = layer.computeOutputShape(
      shapes.length === 1 ? [...shapes[0]!] : shapes.map((shape) => [...shape]),
    );
    const sizes = new Set([shapes, stored.map(({ shape }) => shape), outputs].flat(3));
    const unread = Object.entries(spec.config).filter(([name]) => !read.has(name));
    return {
      fits: true,
      passedOver: unread.flatMap(([name, value]) => (says(name, value, sizes) ? [name] : [])),
    };
  } catch {
    return { fits: holdsOthers, passedOver: [] };
  }
}

/** Biases are stored or not; the others change nothing when the model predicts. */
const OF_TRAINING_OR_WEIGHTS = /bias|dropout|^(drop_\w+|rate|momentum|mask_zero|block_pooling_type)$/;

/** Whether an argument says more than its absence, and than the layer's shapes and weights do. */
function says(name: string, value: JsonValue, sizes: ReadonlySet<JsonValue>): boolean {
  if (COMMON.has(name) || TRAINING_ONLY.test(name) || OF_TRAINING_OR_WEIGHTS.test(name)) return false;
  return !(value === null || value === false || value === 1 || sizes.has(value) || typeof value === "object");
}

/** A config that notes which of its arguments are read. */
function recorded(config: LayerSpec["config"], read: Set<string>): LayerSpec["config"] {
  return new Proxy(config, {
    get(target, key, receiver) {
      if (typeof key === "string") read.add(key);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

/** What a layer is made by where the user took that remedy. */
export function chosenKnownClass(spec: LayerSpec, work: Work): LayerDefinition | null {
  const taken = work.decisions.some(({ subject, remedy }) => remedy === KNOWN && subject === spec.className);
  return taken ? (knownLayerFor(spec)?.definition ?? null) : null;
}
