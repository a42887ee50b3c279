import * as tf from "@tensorflow/tfjs";
import { asNumber, asTensor, constantTerm, NotTranslated, type Term, type Value } from "./value.js";

/** Python's own functions of numbers and lists. */
export const BUILTINS: Readonly<Record<string, (given: readonly Term[]) => Term>> = Object.assign(
  Object.create(null) as Record<string, (given: readonly Term[]) => Term>,
  {
    int: ([x]: readonly Term[]) => numeric(x, "Math.trunc", Math.trunc),
    float: ([x]: readonly Term[]) => numeric(x, "", (value) => value),
    len: ([x]: readonly Term[]): Term => ({
      kind: "number",
      text: `${x!.text}.length`,
      run: (inputs) => (x!.run(inputs) as readonly Value[]).length,
    }),
    max: (given: readonly Term[]) => extreme("max", Math.max, given),
    min: (given: readonly Term[]) => extreme("min", Math.min, given),
    sum: ([x]: readonly Term[]) => total(x),
    range: (given: readonly Term[]) => rangeTerm(given),
    tuple: ([x]: readonly Term[]) => listed(x!),
    list: ([x]: readonly Term[]) => listed(x!),
  },
);

/** A tensor's rows one by one; a list as it is. */
function listed(of: Term): Term {
  if (of.kind !== "tensor") return of;
  return {
    kind: "tensors",
    text: `tf.unstack(${of.text})`,
    run: (inputs) => tf.unstack(asTensor(of.run(inputs))),
  };
}

/** `max(2, x.shape[1])`: of numbers alone. */
function extreme(name: string, run: (...values: number[]) => number, given: readonly Term[]): Term {
  if (given.length < 2 || given.some(({ kind }) => kind !== "number"))
    throw new NotTranslated(`\`${name}\` of what are no numbers`);
  return {
    kind: "number",
    text: `Math.${name}(${given.map(({ text }) => text).join(", ")})`,
    run: (inputs) => run(...given.map((term) => asNumber(term.run(inputs)))),
  };
}

/** `sum([a, b])` of tensors. */
function total(list: Term | undefined): Term {
  if (!list || (list.kind !== "list" && list.kind !== "tensors"))
    throw new NotTranslated("a sum of what is no list");
  return {
    kind: "tensor",
    text: `tf.addN(${list.text})`,
    run: (inputs) => tf.addN((list.run(inputs) as readonly Value[]).map(asTensor)),
  };
}

function rangeTerm(given: readonly Term[]): Term {
  const [start, stop, step] = given.length === 1 ? [undefined, given[0], undefined] : given;
  if (!stop || given.some(({ kind }) => kind !== "number"))
    throw new NotTranslated("a range of what is no number");
  if (step && step.constant !== 1) throw new NotTranslated("a range by steps");
  const from = start?.text ?? "0";
  return {
    kind: "list",
    text: `Array.from({ length: ${from === "0" ? stop.text : `${stop.text} - ${from}`} }, (_, i) => ${from === "0" ? "i" : `i + ${from}`})`,
    run: (inputs) => {
      const [first, end] = [start ? asNumber(start.run(inputs)) : 0, asNumber(stop.run(inputs))];
      if (end - first > MOST_ITEMS) throw new NotTranslated(`a range of ${end - first} numbers`);
      return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
    },
  };
}

/** No tensor has as many axes. */
const MOST_ITEMS = 1 << 12;

function numeric(term: Term | undefined, name: string, run: (value: number) => number): Term {
  if (!term || term.kind !== "number") throw new NotTranslated("a number made of what is none");
  if (typeof term.constant === "number") return constantTerm(run(term.constant));
  return {
    kind: "number",
    text: name === "" ? term.text : `${name}(${term.text})`,
    run: (i) => run(asNumber(term.run(i))),
  };
}
