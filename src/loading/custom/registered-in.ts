import type { JsonValue } from "../../formats/model-file.js";
import { isObject } from "../../keras/json.js";
import { eachLayer, layerAndParts } from "../../keras/read-graph.js";
import { customObjects, isWrittenByUser } from "./custom-objects.js";
import { listFunctions } from "./custom-functions.js";
import { registeredDefinition, subjectOf } from "./definitions.js";
import type { Work } from "../work.js";

/** What a load has of the user's own: the classes of layers, and functions that layers or the training name. */
export function registeredIn({ graph, file }: Work): string[] {
  const layers = graph ? [...eachLayer(graph)].flatMap((layer) => [...layerAndParts(layer)]) : [];
  const classes = layers.filter((layer) => registeredDefinition(layer) !== null).map(subjectOf);
  const texts = [...layers.map(({ config }) => config), file?.trainingConfig].flatMap(textsIn);
  const named = new Set(texts.map(withoutPackage));
  const own = [
    ...[...customObjects().keys()].filter(isWrittenByUser),
    ...listFunctions().map(({ name }) => name),
  ];
  return [...new Set([...classes, ...own.filter((name) => named.has(withoutPackage(name)))])];
}

/** A file may have it or leave it out. */
function withoutPackage(name: string): string {
  return name.slice(name.lastIndexOf(">") + 1);
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
