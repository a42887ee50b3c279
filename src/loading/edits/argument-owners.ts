import type { LayerSpec } from "../../keras/graph.js";
import { COMMON } from "../../layers/arguments/common-arguments.js";
import { nearestNames } from "../../names/nearest-names.js";
import { knownDefinition } from "../custom/definitions.js";

/**
 * The layers that take an argument which is set for a layer: itself, or, where it only wraps others (`units` of a
 * Bidirectional), those that it holds.
 * @returns none where nobody knows such an argument
 */
export function argumentOwners(spec: LayerSpec, argument: string): LayerSpec[] {
  if (takes(spec, argument)) return [spec];
  return Object.values(spec.inner)
    .flat()
    .flatMap((part) => argumentOwners(part, argument));
}

/** @throws RangeError that names the nearest argument where neither the layer nor what it holds has this one */
export function checkOwned(spec: LayerSpec, argument: string): void {
  if (argumentOwners(spec, argument).length > 0) return;
  const [near] = nearestNames(argument, everyArgument(spec), 1);
  throw new RangeError(
    `set: ${spec.className} has no argument ${argument}.${near === undefined ? ` It has ${everyArgument(spec).slice(0, 12).join(", ")}.` : ` The nearest is ${near}.`}`,
  );
}

function takes(spec: LayerSpec, argument: string): boolean {
  const definition = knownDefinition(spec);
  if (definition === null || argument in spec.config || COMMON.has(argument)) return true;
  const known = [...definition.arguments, ...(definition.inert ?? [])];
  return known.includes(argument) || known.includes("*");
}

function everyArgument(spec: LayerSpec): string[] {
  const own = knownDefinition(spec)?.arguments ?? [];
  return [...own, ...Object.values(spec.inner).flat().flatMap(everyArgument)];
}
