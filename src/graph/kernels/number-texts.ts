import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { Attributes } from "../attributes.js";
import type { OpCall } from "../kernel.js";
import { ComplexTensor, StringTensor, WideIntegers, type GraphValue } from "../value.js";
import { exponentText, fixedText, generalText } from "./printf.js";

export function toNumber(call: OpCall): GraphValue {
  const value = call.strings(0);
  const type = call.attributes.type("out_type") ?? DataType.DT_FLOAT;
  const whole = type === DataType.DT_INT32 || type === DataType.DT_INT64;
  const numbers = value.text().map((text) => {
    const trimmed = text.trim();
    const number = /^[+-]?(inf(inity)?|nan)$/i.test(trimmed)
      ? Number(
          trimmed
            .toLowerCase()
            .replace(/inf(inity)?/, "Infinity")
            .replace("nan", "NaN"),
        )
      : trimmed === ""
        ? NaN
        : Number(trimmed);
    const beyond = type === DataType.DT_INT32 && (number > 2 ** 31 - 1 || number < -(2 ** 31));
    const read = whole ? /^[+-]?\d+$/.test(trimmed) && !beyond : !/^0[bo]/i.test(trimmed);
    if ((Number.isNaN(number) && !/nan/i.test(trimmed)) || !read) {
      throw call.error("G11", `${JSON.stringify(text.slice(0, 40))} is not a number`);
    }
    return number;
  });
  if (!whole) return tf.tensor(numbers, [...value.shape], "float32");
  if (numbers.some((number) => Math.abs(number) > 2 ** 31 - 1)) {
    return new WideIntegers(
      value.shape,
      value.text().map((text) => BigInt(text.trim())),
    );
  }
  return tf.tensor(numbers, [...value.shape], "int32");
}

export function asString(call: OpCall): StringTensor {
  const value = call.value(0);
  if (value instanceof StringTensor) return value;
  const texts =
    value instanceof WideIntegers
      ? value.values.map((whole) => filled(String(whole), call.attributes))
      : value instanceof ComplexTensor
        ? complexTexts(call, value)
        : call.numbers(0).map((number) => numberText(number, call.tensor(0).dtype, call.attributes));
  return StringTensor.fromText(call.shapeOf(0), texts);
}

function complexTexts(call: OpCall, value: ComplexTensor): string[] {
  const [real, imaginary] = [value.real.dataSync(), value.imaginary.dataSync()];
  return Array.from(real, (part, i) => {
    const [a, b] = [part, imaginary[i]!].map((number) => numberText(number, "float32", call.attributes));
    return `(${a},${b})`;
  });
}

/** printf's %d, %f, %e or %g; a truth value has no width. */
function numberText(number: number, dtype: tf.DataType, attributes: Attributes): string {
  if (dtype === "bool") return number ? "true" : "false";
  if (dtype === "int32") return filled(String(number), attributes);
  const precision = attributes.int("precision", -1);
  const digits = precision < 0 ? 6 : precision;
  const write = attributes.bool("scientific")
    ? exponentText
    : attributes.bool("shortest")
      ? generalText
      : fixedText;
  return filled(write(number, digits), attributes);
}

/** To printf's width; zeros stand after the sign, and not before what is no number. */
function filled(text: string, attributes: Attributes): string {
  const width = Math.max(0, attributes.int("width", -1));
  const fill = attributes.text("fill");
  if (fill === "-") return text.padEnd(width);
  const shown = (fill === "+" || fill === " ") && !text.startsWith("-") ? fill + text : text;
  if (fill !== "0" || /[ni]/.test(text)) return shown.padStart(width);
  const sign = /^-?/.exec(text)![0];
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}
