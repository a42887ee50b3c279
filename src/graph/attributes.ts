import { decodeText } from "./byte-text.js";
import { baseType } from "../formats/proto/data-type.js";
import type { AttrEntry, AttrValue, DataType, TensorProto } from "../formats/proto/tensorflow_pb.js";

/** The attributes of one op, read with the defaults of its definition. */
export class Attributes {
  private readonly values: ReadonlyMap<string, AttrValue["value"]>;

  constructor(entries: readonly AttrEntry[]) {
    this.values = new Map(entries.map(({ key, value }) => [key, value?.value ?? { case: undefined }]));
  }

  has(name: string): boolean {
    return this.values.get(name)?.case !== undefined;
  }

  /** Those that say something: not the marks of TensorFlow's own passes. */
  names(): string[] {
    return [...this.values.keys()].filter((name) => !name.startsWith("_"));
  }

  int(name: string, otherwise = 0): number {
    const value = this.values.get(name);
    return value?.case === "i" ? Number(value.value) : otherwise;
  }

  ints(name: string): number[] {
    const value = this.values.get(name);
    return value?.case === "list" ? value.value.i.map(Number) : [];
  }

  /** Integers beyond 53 bits, as keys of hashes are. */
  bigints(name: string): bigint[] {
    const value = this.values.get(name);
    return value?.case === "list" ? [...value.value.i] : [];
  }

  bigint(name: string): bigint {
    const value = this.values.get(name);
    return value?.case === "i" ? value.value : 0n;
  }

  float(name: string, otherwise = 0): number {
    const value = this.values.get(name);
    return value?.case === "f" ? value.value : otherwise;
  }

  floats(name: string): number[] {
    const value = this.values.get(name);
    return value?.case === "list" ? value.value.f : [];
  }

  bool(name: string, otherwise = false): boolean {
    const value = this.values.get(name);
    return value?.case === "b" ? value.value : otherwise;
  }

  text(name: string, otherwise = ""): string {
    const value = this.values.get(name);
    return value?.case === "s" ? decodeText(value.value) : otherwise;
  }

  texts(name: string): string[] {
    const value = this.values.get(name);
    return value?.case === "list" ? value.value.s.map(decodeText) : [];
  }

  type(name: string): DataType | null {
    const value = this.values.get(name);
    return value?.case === "type" ? baseType(value.value) : null;
  }

  types(name: string): DataType[] {
    const value = this.values.get(name);
    return value?.case === "list" ? value.value.type.map(baseType) : [];
  }

  /** Unknown dimensions are -1; null without a known rank. */
  shape(name: string): number[] | null {
    const value = this.values.get(name);
    if (value?.case !== "shape" || value.value.unknownRank) return null;
    return value.value.dim.map(({ size }) => Number(size));
  }

  shapes(name: string): number[][] {
    const value = this.values.get(name);
    return value?.case === "list"
      ? value.value.shape.map(({ dim }) => dim.map(({ size }) => Number(size)))
      : [];
  }

  /** The name of a function. */
  func(name: string): string | null {
    const value = this.values.get(name);
    return value?.case === "func" ? value.value.name : null;
  }

  funcs(name: string): string[] {
    const value = this.values.get(name);
    return value?.case === "list" ? value.value.func.map((function_) => function_.name) : [];
  }

  tensor(name: string): TensorProto | null {
    const value = this.values.get(name);
    return value?.case === "tensor" ? value.value : null;
  }

  /** Elements that a tensor has in the file, where a repeated one stands once. */
  elementsStored(name: string): number {
    const tensor = this.tensor(name);
    if (tensor === null) return 0;
    const listed = [tensor.floatVal, tensor.doubleVal, tensor.intVal, tensor.int64Val, tensor.halfVal];
    return tensor.tensorContent.length / 4 + listed.reduce((sum, { length }) => sum + length, 0);
  }

  /** Names of all functions that any attribute names. */
  functions(): string[] {
    return [...this.values.values()].flatMap((value) => {
      if (value.case === "func") return [value.value.name];
      return value.case === "list" ? value.value.func.map(({ name }) => name) : [];
    });
  }
}
