import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument } from "./graph.js";
import { isObject, plain, stringAt, type JsonObject } from "./json.js";

interface ReadCall {
  readonly args: CallArgument[];
  readonly kwargs: Record<string, CallArgument>;
  /** Parts that are no tensor and no constant. */
  readonly refused: JsonValue[];
}

/** Arguments that were saved each under a name of its own, `arg1` and `shape__0`, as they were before. */
export function gathered({ args, kwargs, refused }: ReadCall): ReadCall {
  const placed = [...args];
  const named: Record<string, CallArgument> = {};
  for (const [key, argument] of Object.entries(kwargs)) {
    const [, name = key, index] = /^(.+?)__(\d+)$/.exec(key) ?? [];
    const place = /^arg(\d+)$/.exec(name)?.[1];
    const before = place === undefined ? named[name] : placed[Number(place)];
    const items = before?.kind === "list" ? before.items : [];
    const whole: CallArgument =
      index === undefined ? argument : { kind: "list", items: [...items, argument] };
    if (place === undefined) named[name] = whole;
    else placed[Number(place)] = whole;
  }
  const gaps = Array.from(placed, (argument): CallArgument => argument ?? { kind: "constant", value: null });
  return { args: gaps, kwargs: named, refused };
}

/** Reads one entry of `inbound_nodes` as any major writes it. */
export class CallReader {
  /** @param layers names of the model's layers: they tell a tensor in a keyword argument from a plain list */
  constructor(private readonly layers: ReadonlySet<string>) {}

  read(node: JsonValue): ReadCall {
    return isObject(node) && ("args" in node || "kwargs" in node) ? this.keras3(node) : this.keras2(node);
  }

  /** `{"args": [...], "kwargs": {...}}`, tensors as `__keras_tensor__` (keras/ops/node.py, functional.py). */
  private keras3(node: JsonObject): ReadCall {
    const refused: JsonValue[] = [];
    const args = Array.isArray(node["args"]) ? node["args"] : [];
    const kwargs = isObject(node["kwargs"]) ? node["kwargs"] : {};
    return {
      args: args.map((value) => keras3Argument(value, refused)),
      kwargs: mapValues(kwargs, (value) => keras3Argument(value, refused)),
      refused,
    };
  }

  /**
   * `[["x", 0, 0, {kwargs}], ...]`: the tensors of the first argument, with the call's keyword arguments in the
   * first of them (tf_keras/engine/node.py `serialize`). One tensor un-nested, `["x", 0, 0, {}]`, and a dict of
   * tensors occur where the layer keeps the structure of its inputs.
   */
  private keras2(node: JsonValue): ReadCall {
    const refused: JsonValue[] = [];
    const found: { kwargs: JsonObject | null } = { kwargs: null };
    const first = this.keras2Argument(node, refused, found);
    const unwrapped = first.kind === "list" && first.items.length === 1 ? first.items[0]! : first;
    const kwargs = mapValues(found.kwargs ?? {}, (value) => this.keyword(value));
    return { args: [unwrapped], kwargs, refused };
  }

  private keras2Argument(
    value: JsonValue,
    refused: JsonValue[],
    found: { kwargs: JsonObject | null },
  ): CallArgument {
    if (Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number") {
      const [layer, nodeIndex, third, kwargs] = value;
      if (isObject(kwargs)) found.kwargs ??= kwargs;
      if (layer === "_CONSTANT_VALUE") return { kind: "constant", value: plain(third ?? null) };
      if (typeof third === "number") {
        return { kind: "tensor", ref: { layer, nodeIndex, tensorIndex: third } };
      }
    } else if (Array.isArray(value)) {
      return { kind: "list", items: value.map((item) => this.keras2Argument(item, refused, found)) };
    } else if (isObject(value)) {
      return { kind: "dict", items: mapValues(value, (item) => this.keras2Argument(item, refused, found)) };
    }
    refused.push(value);
    return { kind: "constant", value: null };
  }

  /** A keyword argument: a tensor where a layer of the model is named, `[layer, node, tensor]`, else a constant. */
  private keyword(value: JsonValue): CallArgument {
    if (Array.isArray(value)) {
      const [layer, nodeIndex, tensorIndex] = value;
      if (
        typeof layer === "string" &&
        this.layers.has(layer) &&
        typeof nodeIndex === "number" &&
        typeof tensorIndex === "number"
      ) {
        return { kind: "tensor", ref: { layer, nodeIndex, tensorIndex } };
      }
      if (layer === "_CONSTANT_VALUE") return { kind: "constant", value: plain(value[2] ?? null) };
      const items = value.map((item) => this.keyword(item));
      if (items.some((item) => item.kind !== "constant")) return { kind: "list", items };
    } else if (isObject(value)) {
      const items = mapValues(value, (item) => this.keyword(item));
      if (Object.values(items).some((item) => item.kind !== "constant")) return { kind: "dict", items };
    }
    return { kind: "constant", value: plain(value) };
  }
}

function keras3Argument(value: JsonValue, refused: JsonValue[]): CallArgument {
  if (Array.isArray(value)) {
    const items = value.map((item) => keras3Argument(item, refused));
    return items.some((item) => item.kind !== "constant")
      ? { kind: "list", items }
      : { kind: "constant", value: plain(value) };
  }
  if (!isObject(value)) return { kind: "constant", value };
  if (value["class_name"] === "__keras_tensor__") {
    const config = isObject(value["config"]) ? value["config"] : {};
    const history = config["keras_history"];
    const [layer, nodeIndex, tensorIndex] = Array.isArray(history) ? history : [];
    if (typeof layer === "string" && typeof nodeIndex === "number" && typeof tensorIndex === "number") {
      const type = stringAt(config, "dtype");
      return { kind: "tensor", ref: { layer, nodeIndex, tensorIndex }, ...(type === null ? {} : { type }) };
    }
    refused.push(value);
    return { kind: "constant", value: null };
  }
  if (value["class_name"] === "__tuple__" && Array.isArray(value["items"])) {
    return keras3Argument(value["items"], refused);
  }
  if ("class_name" in value) return { kind: "constant", value: plain(value), ...elementsOf(value) };
  const items = mapValues(value, (item) => keras3Argument(item, refused));
  return Object.values(items).some((item) => item.kind !== "constant")
    ? { kind: "dict", items }
    : { kind: "constant", value: plain(value) };
}

function elementsOf({ class_name: wrapper, config }: JsonObject): { array?: string } {
  const isArray = wrapper === "__numpy__" || wrapper === "__tensor__";
  const array = isArray && isObject(config) ? stringAt(config, "dtype") : null;
  return array === null ? {} : { array };
}

function mapValues<T>(object: JsonObject, change: (value: JsonValue) => T): Record<string, T> {
  const result = Object.create(null) as Record<string, T>;
  for (const [key, value] of Object.entries(object)) result[key] = change(value);
  return result;
}
