import type { LayerSpec } from "../keras/graph.js";
import { COMMON, TRAINING_ONLY } from "./arguments/common-arguments.js";
import type { LayerDefinition } from "./registry.js";
import { similarLayers } from "./resolve.js";
import { LAYERS } from "./table.js";

const BY_NAME = new Map(LAYERS.map((definition) => [definition.className, definition]));

/**
 * The class of Keras's that an unknown one may be, or may have extended: one name is the end or the beginning of the
 * other (`MyDense`, `DenseWithNoise`) or comes near, and most of what the config says are arguments of that class; else
 * the class that has all the arguments.
 */
export function likelyClass({ className, config }: LayerSpec): string | null {
  const name = className.slice(className.lastIndexOf(">") + 1);
  const parts = [...BY_NAME.keys()]
    .filter(
      (known) => known !== className && known.length >= 3 && (name.endsWith(known) || name.startsWith(known)),
    )
    .sort((a, b) => b.length - a.length);
  const said = Object.keys(config).filter((key) => !COMMON.has(key) && !TRAINING_ONLY.test(key));
  const fits = (known: string) => {
    const own = argumentsOf(BY_NAME.get(known));
    return said.length > 0 && said.filter((key) => own.has(key)).length * 2 > said.length;
  };
  return [...parts, ...similarLayers(className)].find(fits) ?? byArguments(said, className);
}

/** Fewer arguments than this could be those of many classes. */
const TELLING = 3;

/** The class, other than the one that cannot be made, that has all these arguments and the fewest beside them. */
function byArguments(said: readonly string[], className: string): string | null {
  if (said.length < TELLING) return null;
  const able = LAYERS.filter(
    (definition) =>
      definition.className !== className && said.every((key) => argumentsOf(definition).has(key)),
  );
  return able.sort((a, b) => a.arguments.length - b.arguments.length)[0]?.className ?? null;
}

function argumentsOf(definition: LayerDefinition | undefined): ReadonlySet<string> {
  return new Set([...(definition?.arguments ?? []), ...(definition?.inert ?? [])]);
}
