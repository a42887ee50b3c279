import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument } from "./graph.js";
import { isObject, plain, stringAt, type JsonObject } from "./json.js";
import { kerasTensor, type ReferenceReader } from "./read-reference.js";

interface ReadCall {
  readonly args: CallArgument[];
  readonly kwargs: Record<string, CallArgument>;
}

/** Arguments that were saved each under a name of its own, `arg1` and `shape__0`, as they were before. */
export function gathered({ args, kwargs }: ReadCall): ReadCall {
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
  return { args: gaps, kwargs: named };
}

/** Reads one entry of `inbound_nodes` as any major writes it. */
export class CallReader {
  /**
   * @param layers names of the model's layers: they tell a tensor in a keyword argument from a plain list
   * @param references what reads the tensors that a call names
   */
  constructor(
    private readonly layers: ReadonlySet<string>,
    private readonly references: ReferenceReader,
  ) {}

  read(node: JsonValue): ReadCall {
    return isObject(node) && ("args" in node || "kwargs" in node) ? this.keras3(node) : this.keras2(node);
  }

  /** `{"args": [...], "kwargs": {...}}`, tensors as `__keras_tensor__` (keras/ops/node.py, functional.py). */
  private keras3(node: JsonObject): ReadCall {
    const args = Array.isArray(node["args"]) ? node["args"] : [];
    const kwargs = isObject(node["kwargs"]) ? node["kwargs"] : {};
    return {
      args: args.map((value) => this.keras3Argument(value)),
      kwargs: mapValues(kwargs, (value) => this.keras3Argument(value)),
    };
  }

  /**
   * `[["x", 0, 0, {kwargs}], ...]`: the tensors of the first argument, with the call's keyword arguments in the
   * first of them (tf_keras/engine/node.py `serialize`). One tensor un-nested, `["x", 0, 0, {}]`, and a dict of
   * tensors occur where the layer keeps the structure of its inputs.
   */
  private keras2(node: JsonValue): ReadCall {
    const found: { kwargs: JsonObject | null } = { kwargs: null };
    const first = this.keras2Argument(node, found);
    const unwrapped = first.kind === "list" && first.items.length === 1 ? first.items[0]! : first;
    const kwargs = mapValues(found.kwargs ?? {}, (value) => this.keyword(value));
    return { args: [unwrapped], kwargs };
  }

  private keras2Argument(value: JsonValue, found: { kwargs: JsonObject | null }): CallArgument {
    if (Array.isArray(value) && value[0] === "_CONSTANT_VALUE" && typeof value[1] === "number") {
      if (isObject(value[3])) found.kwargs ??= value[3];
      return { kind: "constant", value: plain(value[2] ?? null) };
    }
    const ref = this.references.read(value);
    if (ref) {
      if (Array.isArray(value) && isObject(value[3])) found.kwargs ??= value[3];
      return { kind: "tensor", ref };
    }
    if (Array.isArray(value))
      return { kind: "list", items: value.map((item) => this.keras2Argument(item, found)) };
    if (isObject(value))
      return { kind: "dict", items: mapValues(value, (item) => this.keras2Argument(item, found)) };
    return { kind: "tensor", ref: this.references.unreadable(value) };
  }

  private keras3Argument(value: JsonValue): CallArgument {
    if (Array.isArray(value)) {
      const items = value.map((item) => this.keras3Argument(item));
      return items.some((item) => item.kind !== "constant")
        ? { kind: "list", items }
        : { kind: "constant", value: plain(value) };
    }
    if (!isObject(value)) return { kind: "constant", value };
    const tensor = kerasTensor(value);
    if (tensor) {
      const { history, type } = tensor;
      const ref = this.references.read(history) ?? this.references.unreadable(history);
      return { kind: "tensor", ref, ...(type === null ? {} : { type }) };
    }
    if (value["class_name"] === "__tuple__" && Array.isArray(value["items"]))
      return this.keras3Argument(value["items"]);
    if ("class_name" in value) return { kind: "constant", value: plain(value), ...elementsOf(value) };
    const items = mapValues(value, (item) => this.keras3Argument(item));
    return Object.values(items).some((item) => item.kind !== "constant")
      ? { kind: "dict", items }
      : { kind: "constant", value: plain(value) };
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
