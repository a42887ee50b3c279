import type { JsonValue } from "../model-file.js";
import { asList, asObject, type JsonObject } from "./json.js";

/** Before the names of the initializer's nodes, which may be those of the model's own; no name of TensorFlow has a `~`. */
export const INITIALIZER = "~initializer/";

/** A node of `modelInitializer` in one graph with the model's. */
export function inInitializer(node: JsonObject): JsonObject {
  const name = String(node["name"] ?? "");
  const input = asList(node["input"]).map((from) => {
    const text = String(from);
    return text.startsWith("^") ? `^${INITIALIZER}${text.slice(1)}` : INITIALIZER + text;
  });
  return { ...node, name: INITIALIZER + name, input, attr: tableNamed(node, name) };
}

/** Converters before 4.0 have the table in both graphs, and its node's name is what tells that it is one. */
function tableNamed(node: JsonObject, name: string): JsonValue {
  const attr = asObject(node["attr"]);
  const shared = asObject(attr["shared_name"])["s"];
  const named = typeof shared === "string" ? shared !== "" : Array.isArray(shared) && shared.length > 0;
  if (named || !/^(Mutable)?HashTable(V2)?$/.test(String(node["op"]))) return attr;
  return { ...attr, shared_name: { s: Buffer.from(name).toString("base64") } };
}

/**
 * Inputs of the signature that the initializer gives: tables, which both signatures number (`resourceId`).
 * @returns their names, and what stands in the graph for their placeholders
 */
export function filledTables(
  signature: JsonObject | null,
  initializer: JsonObject,
): { readonly inputs: ReadonlySet<string>; readonly nodes: ReadonlyMap<string, JsonObject> } {
  const given = new Map(
    Object.values(asObject(initializer["outputs"])).map((info) => [
      asObject(info)["resourceId"],
      asObject(info)["name"],
    ]),
  );
  const inputs = new Set<string>();
  const nodes = new Map<string, JsonObject>();
  for (const [name, info] of Object.entries(asObject(signature?.["inputs"]))) {
    const { resourceId, name: tensor } = asObject(info);
    const from = resourceId === undefined ? undefined : given.get(resourceId);
    if (typeof from !== "string" || typeof tensor !== "string") continue;
    const node = tensor.replace(/:0$/, "");
    inputs.add(name);
    nodes.set(node, { name: node, op: "Identity", input: [INITIALIZER + from] });
  }
  return { inputs, nodes };
}
