import type { Constant, Expression, Floats } from "./expression.js";
import { ELLIPSIS, type MarshalValue } from "./marshal.js";
import { NotAnExpression } from "./not-an-expression.js";

/** A constant; since 3.14 slices are constants too, alone and in tuples. */
export function constantExpression(value: MarshalValue): Expression {
  if (isSlice(value)) {
    const parts = value.items.map(constantExpression);
    const [, , step] = value.items;
    return { kind: "slice", parts: step === null ? parts.slice(0, 2) : parts };
  }
  const tuple = typeof value === "object" && value !== null && "kind" in value && value.kind === "tuple";
  return tuple && value.items.some(isSlice)
    ? { kind: "sequence", list: false, items: value.items.map(constantExpression) }
    : { kind: "constant", value: constantOf(value), ...(hasFloat(value) ? { floats: floatsOf(value) } : {}) };
}

function floatsOf(value: MarshalValue): Floats {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  if (value.kind === "float") return true;
  return value.kind === "tuple" || value.kind === "list" ? value.items.map(floatsOf) : false;
}

function hasFloat(value: MarshalValue): boolean {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return (
    value.kind === "float" ||
    ((value.kind === "tuple" || value.kind === "list") && value.items.some(hasFloat))
  );
}

function isSlice(value: MarshalValue | undefined): value is Extract<MarshalValue, { kind: "slice" }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "slice";
}

function constantOf(value: MarshalValue): Constant {
  if (
    value === null ||
    typeof value === "boolean" ||
    typeof value === "number" ||
    typeof value === "string"
  ) {
    return value;
  }
  if (value === ELLIPSIS) return "...";
  if (typeof value === "object" && "kind" in value && value.kind === "float") return value.value;
  if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
  if (typeof value === "object" && (value.kind === "tuple" || value.kind === "list")) {
    return value.items.map(constantOf);
  }
  throw new NotAnExpression("it has a constant that is no number, string or tuple");
}
