import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { byteText } from "../notation.js";
import { isVariable, type OpCall } from "./kernel.js";
import { LIMITS } from "./limits.js";
import { ComplexTensor, StringTensor, tensorsOf, WideIntegers, type GraphValue } from "./value.js";

/** Elements of one result (64 MiB) from which it is worth asking what memory is left. */
const LARGE = 2 ** 24;
const BYTES_EACH = 4;

/**
 * What one run makes, in elements over all its ops: a size that is wrong ends in an error, not in minutes of waiting
 * or without memory.
 */
export class Work {
  private made = 0;
  /** Elements that the run may make. */
  private readonly allowed: number;

  /**
   * @param given elements that were fed and that the file stores: what a sound model makes grows with them
   * @param most what the user allows in place of the limits
   */
  constructor(
    private readonly given: number,
    private readonly most?: number,
  ) {
    this.allowed = most ?? LIMITS.elementsOfRun + LIMITS.elementsPerGiven * given;
  }

  get left(): number {
    return Math.max(0, this.allowed - this.made);
  }

  /** @throws GraphError F18 for an op that is about to make more than is left. */
  expect(call: OpCall): void {
    const size = call.step.kernel?.work?.(call) ?? 0;
    if (size > this.left) throw this.tooMuch(call, size);
  }

  /**
   * Counts what an op has given.
   * @throws GraphError F18 when that is more than was left
   */
  count(call: OpCall, outputs: readonly GraphValue[]): void {
    const known = new Set(call.inputs.flatMap(dataOf));
    const made = outputs.filter((value) => !dataOf(value).every((data) => known.has(data)));
    const size = made.reduce((sum, value) => sum + sizeOf(value), 0);
    const work = Math.max(size, call.step.kernel?.work?.(call) ?? 0);
    if (work > this.left) throw this.tooMuch(call, work);
    this.made += work;
    if (size >= LARGE) this.checkMemory(call, size);
  }

  /** The system ends a process that takes the last of its memory, and all variables with it. */
  private checkMemory(call: OpCall, size: number): void {
    // Of the container's limit, where there is one.
    const left = process.availableMemory();
    const twice = 2 * BYTES_EACH * size;
    if (left >= twice) return;
    throw call.error(
      "F18",
      `its result of ${byteText(twice / 2)} leaves ${byteText(left)} of the machine's memory: another of twice its size ` +
        `would be too much`,
      "Feed fewer rows at once, or dispose() of what is not needed (%memory lists it).",
    );
  }

  private tooMuch(call: OpCall, size: number): Error {
    const shapes = call.inputs.map((_, i) => `[${call.shapeOf(i).join(", ")}]`).join(", ");
    const given = this.most === undefined ? `, for ${amount(this.given)} fed and stored` : "";
    return call.error(
      "F18",
      `it comes to ${amount(size)} elements from inputs of shape ${shapes || "none"}; after ` +
        `${amount(this.made)} before it the run may make ${amount(this.left)} more${given}`,
      "Feed fewer rows at once; if there are few, a size in the graph is damaged. " +
        'To let it run: openGraph(file, "serving_default", { elements: 1e12 }).',
    );
  }
}

/** What holds the elements of a value: a view has that of another value. */
function dataOf(value: GraphValue): object[] {
  if (isVariable(value)) return value.value === null ? [] : dataOf(value.value);
  if (value instanceof StringTensor || value instanceof WideIntegers) return [value.values];
  return tensorsOf(value).map(({ dataId }) => dataId);
}

/** Elements of a value; 0 for one that is none of tensors. */
export function sizeOf(value: GraphValue): number {
  if (value instanceof tf.Tensor) return value.size;
  if (value instanceof StringTensor) return value.values.reduce((sum, { length }) => sum + 1 + length / 4, 0);
  if (value instanceof WideIntegers) return value.values.length;
  return value instanceof ComplexTensor ? 2 * value.real.size : 0;
}

/** Work of an op whose inputs are broadcast to each other: the elements of its result. */
export function broadcastWork(call: OpCall): number {
  const shapes = call.inputs.map((_, i) => call.shapeOf(i));
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  let size = 1;
  for (let axis = 1; axis <= rank; axis++) {
    const dims = shapes.map((shape) => shape.at(-axis) ?? 1);
    size *= dims.includes(0) ? 0 : Math.max(...dims);
  }
  return size;
}

/** Multiply-adds as work: so many take about as long as one element of other ops. */
export function productWork(products: number): number {
  return products / 32;
}

function amount(elements: number): string {
  const [unit, name] =
    elements >= 1e9 ? [1e9, " thousand million"] : elements >= 1e6 ? [1e6, " million"] : [1, ""];
  return `${Number((elements / unit).toPrecision(3))}${name}`;
}
