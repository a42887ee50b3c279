import * as tf from "@tensorflow/tfjs";
import type { Expression } from "./expression.js";
import { asTensor, NotTranslated, type Inputs, type Term, type Value } from "./value.js";

export type Each = Extract<Expression, { kind: "each" }>;

/** The translated parts of a loop over rows. */
export interface LoopParts {
  readonly of: Term;
  readonly initial: Term | null;
  readonly body: Term;
  /** What the body computes once for each row before its result. */
  readonly statements: readonly string[];
}

/** `tf.map_fn`, `tf.scan` and `tf.foldl` over the first axis, row by row. */
export function loopTerm(loop: Each, parts: LoopParts): Term {
  const { of, body } = parts;
  if (body.kind !== "tensor" && body.kind !== "number")
    throw new NotTranslated("a loop that gives several tensors for each row");
  if (!loop.several && of.kind !== "tensor") throw new NotTranslated("a loop over what is no tensor");
  if (loop.several && loop.way !== "map")
    throw new NotTranslated("a loop that joins rows of several tensors");
  return { kind: "tensor", text: loopText(loop, parts), run: (inputs) => runLoop(loop, parts, inputs) };
}

function loopText(loop: Each, { of, initial, body, statements }: LoopParts): string {
  const given = loop.way === "map" ? loop.row : `${loop.state}, ${loop.row}`;
  const block = statements.length > 0 ? `{ ${statements.join(" ")} return ${body.text}; }` : body.text;
  const step = `(${given}) => ${block}`;
  const rows = loop.several
    ? `((all) => all[0].map((_, i) => all.map((one) => one[i])))(${of.text}.map((one) => tf.unstack(one)))`
    : `tf.unstack(${of.text})`;
  if (loop.way === "map") return `tf.stack(${rows}.map(${step}))`;
  const joined = `(all, row) => [...all, (${step})(all.at(-1), row)]`;
  const states = initial
    ? `${rows}.reduce(${joined}, [${initial.kind === "number" ? `tf.scalar(${initial.text})` : initial.text}])`
    : `((rows) => rows.slice(1).reduce(${joined}, rows.slice(0, 1)))(${rows})`;
  if (loop.way === "fold") return `${states}.at(-1)`;
  return `tf.stack(${states}${initial ? ".slice(1)" : ""})`;
}

function runLoop(loop: Each, { of, initial, body }: LoopParts, inputs: Inputs): tf.Tensor {
  const whole = of.run(inputs);
  const rows = loop.several ? inStep(whole as readonly Value[]) : tf.unstack(asTensor(whole));
  const step = (row: Value, state: Value): tf.Tensor =>
    asTensor(body.run(new Map([...inputs, [loop.row, row], [loop.state, state]])));
  if (loop.way === "map") return tf.stack(rows.map((row) => step(row, undefined)));
  const states = [asTensor(initial ? initial.run(inputs) : rows[0])];
  for (const row of initial ? rows : rows.slice(1)) states.push(step(row, states.at(-1)!));
  if (loop.way === "fold") return states.at(-1)!;
  return tf.stack(initial ? states.slice(1) : states);
}

/** The first rows of all, the second rows of all, and so on. */
function inStep(tensors: readonly Value[]): readonly tf.Tensor[][] {
  const all = tensors.map((tensor) => tf.unstack(asTensor(tensor)));
  return all[0]!.map((_, i) => all.map((rows) => rows[i]!));
}
