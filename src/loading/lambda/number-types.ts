import * as tf from "@tensorflow/tfjs";
import { asTensor, numbersOf, type Term, type Value } from "./value.js";

/** Two operands: a number of Python beside whole numbers is one of them, as TensorFlow makes it. */
export function ofOneType(a: Value, b: Value): [tf.Tensor, tf.Tensor] {
  return [typedAs(a, b), typedAs(b, a)];
}

function typedAs(value: Value, other: Value): tf.Tensor {
  const whole = other instanceof tf.Tensor && other.dtype === "int32" && Number.isInteger(value);
  return whole ? tf.scalar(value as number, "int32") : asTensor(value);
}

/** The same of their texts. */
export function typedAlike(a: Term, b: Term): [Term, Term] {
  return [textAs(a, b), textAs(b, a)];
}

function textAs(term: Term, other: Term): Term {
  if (numbersOf(other) !== "whole" || term.kind !== "number") return term;
  const hasFraction = term.constant !== undefined && !Number.isInteger(term.constant);
  return hasFraction ? term : { ...term, text: `tf.scalar(${term.text}, "int32")` };
}
