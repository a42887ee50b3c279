import type { JsonValue } from "../formats/model-file.js";
import type { KerasFinding } from "./finding.js";
import type { TensorRef } from "./graph.js";
import { brief, isObject, stringAt, type JsonObject } from "./json.js";

/**
 * Reads what names a tensor, `[layer, node, tensor]`. Indices that are written as text, or left out where the layer is
 * called once, leave no doubt: they are read and told. What names no tensor becomes a reference to a layer that is not
 * there, so that the hole is asked about where it is, and never closed by leaving it out.
 */
export class ReferenceReader {
  private mended: KerasFinding[] = [];

  /** @param calls how often each of the model's layers is called, an input once */
  constructor(private readonly calls: ReadonlyMap<string, number>) {}

  /** The tensor that a value names; null for what has not the form of a reference. */
  read(value: JsonValue | undefined): TensorRef | null {
    if (typeof value === "string") {
      if (!this.knows(value)) return null;
      return this.calls.get(value) === 1 ? this.told(value, value, 0, 0) : this.unreadable(value);
    }
    if (!Array.isArray(value) || typeof value[0] !== "string") return null;
    const [layer, ...indices] = value as [string, ...JsonValue[]];
    const [node, tensor] = [indexOf(indices[0]), indexOf(indices[1])];
    if (isIndex(indices[0]) && isIndex(indices[1])) return { layer, nodeIndex: node!, tensorIndex: tensor! };
    const isList = indices.some((item) => Array.isArray(item) || this.knows(item));
    if (!this.knows(layer) || isList) return null;
    const given = indices.slice(0, 2).every((index) => indexOf(index) !== null);
    const whole = indices.length >= 2 || this.calls.get(layer) === 1;
    return given && whole ? this.told(value, layer, node ?? 0, tensor ?? 0) : this.unreadable(value);
  }

  /** A reference that leads nowhere, in place of one that cannot be read. */
  unreadable(value: JsonValue): TensorRef {
    return { layer: brief(value), nodeIndex: -1, tensorIndex: 0, unreadable: true };
  }

  /** What was read otherwise than it is written since the last call, as findings about a layer or the model. */
  take(layer: string | null, argument: string): KerasFinding[] {
    const taken = this.mended.map((finding) => ({ ...finding, layer, argument }));
    this.mended = [];
    return taken;
  }

  private knows(name: JsonValue): boolean {
    return typeof name === "string" && this.calls.has(name);
  }

  private told(value: JsonValue, layer: string, nodeIndex: number, tensorIndex: number): TensorRef {
    this.mended.push({
      code: "G02",
      title: "A connection is written otherwise",
      layer: null,
      found: `${brief(value)} is read as ${JSON.stringify([layer, nodeIndex, tensorIndex])}`,
      why: "a tensor is named as [layer, node, tensor], the two indices as whole numbers",
      advice: "",
      blocking: false,
    });
    return { layer, nodeIndex, tensorIndex };
  }
}

/** How often each saved layer is called, as its `inbound_nodes` say. */
export function savedCalls(
  layers: Iterable<readonly [name: string, saved: JsonObject]>,
): Map<string, number> {
  return new Map(
    Array.from(layers, ([name, saved]) => {
      const nodes = saved["inbound_nodes"];
      return [name, Math.max(1, Array.isArray(nodes) ? nodes.length : 1)];
    }),
  );
}

/** What a saved `__keras_tensor__` says of itself (Keras 3); null for any other value. */
export function kerasTensor(value: JsonValue): { history: JsonValue; type: string | null } | null {
  if (!isObject(value) || value["class_name"] !== "__keras_tensor__") return null;
  const config = isObject(value["config"]) ? value["config"] : {};
  return { history: config["keras_history"] ?? null, type: stringAt(config, "dtype") };
}

function isIndex(value: JsonValue | undefined): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function indexOf(value: JsonValue | undefined): number | null {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return isIndex(number) ? (number as number) : null;
}
