import { functionByName } from "../../ops/call-by-name.js";
import { boundArguments, isChannelsLast, takes } from "./bound-arguments.js";
import { BUILTINS } from "./builtin-terms.js";
import { pythonText, type Expression } from "./expression.js";
import {
  type Family,
  functionNamed,
  isOfModule,
  isPlainlyNamed,
  type TensorFunction,
} from "./function-table.js";
import { layerFunction } from "./layer-functions.js";
import { operationTerm } from "./operation-terms.js";
import { applicationOf, preprocessInput } from "./preprocess-input.js";
import { dotted } from "./pure-calls.js";
import type { Translator } from "./translate.js";
import { asTensor, NotTranslated, type Term, type Value } from "./value.js";

export function callTerm(
  translator: Translator,
  { callee, positional, named }: Extract<Expression, { kind: "call" }>,
): Term {
  const path = dotted(callee);
  if (path && (isOfModule(path) || path.length === 1)) {
    return functionCall(translator, path, positional, named);
  }
  if (callee.kind === "attribute") return methodCall(translator, callee.of, callee.name, positional, named);
  if (callee.kind === "call") {
    const className = layerClass(callee.callee);
    if (className !== null && positional.length === 1 && named.length === 0)
      return layerCall(translator, className, callee, positional[0]!);
  }
  throw new NotTranslated(
    path
      ? `\`${path.join(".")}\` is not known`
      : `it calls what \`${pythonText(callee) ?? "a long expression"}\` gives`,
  );
}

/** `Flatten()(x)`: a layer that is made and called at once. */
function layerCall(
  translator: Translator,
  className: string,
  { positional, named }: Extract<Expression, { kind: "call" }>,
  input: Expression,
): Term {
  const [kind] = positional.length > 0 ? positional : named.map(([, value]) => value);
  if (className === "Activation" && kind?.kind === "constant" && typeof kind.value === "string")
    return functionCall(translator, ["keras", "activations", kind.value], [input], []);
  const known = layerFunction(className);
  if (!known) throw new NotTranslated(`it makes a layer ${className}, whose weights no file has`);
  const settings = known.parameters.slice(1);
  const otherLayout = named.some(([key, value]) => key === "data_format" && !isChannelsLast(value));
  if (otherLayout || !takes(settings, positional, named))
    throw new NotTranslated(`\`${className}\` with other arguments than are known`);
  return applied(known, [
    translator.term(input),
    ...boundArguments(translator, className, settings, positional, named),
  ]);
}

function functionCall(
  translator: Translator,
  path: readonly string[],
  positional: readonly Expression[],
  named: readonly (readonly [string, Expression])[],
): Term {
  const name = path.at(-1)!;
  const builtin = path.length === 1 ? BUILTINS[name] : undefined;
  if (builtin) return builtin(positional.map((argument) => translator.term(argument)));
  if (PHASE_CHOICES.has(name)) return inPhase(translator, name, positional);
  const lengths =
    JOINS.has(name) && positional[0] ? joinedLengths(name, translator.term(positional[0])) : null;
  if (lengths) return lengths;
  if (name === "dtype" && path.length > 1 && positional[0])
    return translator.term({ kind: "attribute", of: positional[0], name });
  const application = applicationOf(path);
  if (application !== null) return preprocessing(translator, application, positional, named);
  // Of a condition alone it gives the places, which is another function.
  const places = name === "where" && positional.length + named.length === 1;
  const plain = places ? false : path.length > 1 ? isPlainlyNamed(path) : path[0] === "abs";
  const known = plain ? functionNamed(name, formulaFamily(translator, path)) : undefined;
  const operation = functionByName(path.join("."));
  if (!known && !operation) throw new NotTranslated(`\`${path.join(".")}\` is not known`);
  if (!known || (operation && !takes(known.parameters, positional, named)))
    return operationTerm(translator, path.join("."), operation!, positional, named);
  translator.random ||= known.random === true;
  const terms = boundArguments(translator, path.join("."), known.parameters, positional, named);
  try {
    return applied(known, terms);
  } catch (error) {
    // The table has the short form of a common use; the operation has the others.
    if (!operation || !(error instanceof NotTranslated)) throw error;
    return operationTerm(translator, path.join("."), operation, positional, named);
  }
}

/** `keras.applications.vgg16.preprocess_input(x)`, of pictures with channels last. */
function preprocessing(
  translator: Translator,
  application: string,
  [input, layout]: readonly Expression[],
  named: readonly (readonly [string, Expression])[],
): Term {
  const given = new Map(named.map(([key, argument]) => [key, translator.term(argument)]));
  const format = layout ? translator.term(layout) : given.get("data_format");
  const x = input ? translator.term(input) : given.get("x");
  const others = [...given.keys()].filter((key) => !["x", "data_format", "mode"].includes(key));
  if (!x || others.length > 0)
    throw new NotTranslated("`preprocess_input` with arguments that are not known");
  if (format && format.constant !== null && format.constant !== "channels_last")
    throw new NotTranslated("`preprocess_input` of pictures with another layout");
  const made = preprocessInput(application, given.get("mode"));
  return { kind: made.result, text: made.text([x]), run: (inputs) => made.run([x.run(inputs)]) };
}

/** An activation's formula is that of the Keras that wrote the file. */
function formulaFamily(translator: Translator, path: readonly string[]): Family {
  if (!path.includes("activations")) return familyOf(path);
  const { major = 0 } = translator.around;
  // Beside a later Keras 2, `tf.keras` is Keras 3.
  const unknown = major === 0 || (major < 3 && path[0] !== "keras");
  if (path.at(-1) === "hard_sigmoid" && unknown)
    throw new NotTranslated("Keras 2 and 3 have different functions `hard_sigmoid`");
  return major >= 3 ? "ops" : "K";
}

/** `K.in_train_phase(noisy, x)`: the first in training, the second in prediction. */
function inPhase(translator: Translator, name: string, [first, second]: readonly Expression[]): Term {
  if (!first || !second) throw new NotTranslated(`\`${name}\` of fewer than two values`);
  return translator.term((name === "in_train_phase") === translator.around.training ? first : second);
}

function methodCall(
  translator: Translator,
  of: Expression,
  name: string,
  positional: readonly Expression[],
  named: readonly (readonly [string, Expression])[],
): Term {
  const owner = translator.term(of);
  if (name === "get_shape") {
    return { kind: "list", text: `${owner.text}.shape`, run: (i) => asTensor(owner.run(i)).shape };
  }
  if (name === "as_list" && owner.kind === "list") return owner;
  const method = owner.kind === "tensor" ? functionNamed(name) : undefined;
  if (!method) throw new NotTranslated(`the method \`.${name}()\` is not known`);
  // NumPy takes the lengths of a new shape one by one.
  const spread = name === "reshape" && positional.length > 1;
  const given: readonly Expression[] = spread
    ? [{ kind: "sequence", list: false, items: positional }]
    : positional;
  return applied(method, [
    owner,
    ...boundArguments(translator, name, method.parameters.slice(1), given, named),
  ]);
}

/** `tf.cast(x, tf.uint8)` */
export function isNarrow(translator: Translator, part: Expression): boolean {
  if (part.kind !== "call" || dotted(part.callee)?.at(-1) !== "cast") return false;
  const dtype = part.positional[1] ?? new Map(part.named).get("dtype");
  const value = dtype && translator.term(dtype).constant;
  return typeof value === "string" && /^u?int(8|16)$/.test(value);
}

function applied(known: TensorFunction, terms: readonly (Term | undefined)[]): Term {
  return {
    kind: known.result,
    text: known.text(terms),
    run: (inputs) => known.run(terms.map((term) => term?.run(inputs))),
  };
}

/** Functions that make one list of several, or of numbers. */
const JOINS = new Set(["concat", "concatenate", "stack"]);

/** `tf.concat([tf.shape(x)[:1], [4, 2]], 0)` and `tf.stack([n, 4])` are lists of lengths, as a new shape is. */
function joinedLengths(name: string, parts: Term): Term | null {
  const ofLists = name !== "stack";
  if (!parts.items?.length || parts.items.some(({ kind }) => kind !== (ofLists ? "list" : "number")))
    return null;
  if (parts.constant !== undefined) return null;
  if (!ofLists) return parts;
  return {
    kind: "list",
    text: `[${parts.items.map(({ text }) => `...${text}`).join(", ")}]`,
    run: (inputs) => (parts.run(inputs) as readonly Value[]).flat(),
  };
}

/** Whose function a dotted name is: their defaults differ. */
function familyOf(path: readonly string[]): Family {
  if (path.includes("K") || path.includes("backend")) return "K";
  if (path.includes("ops")) return "ops";
  return path[0] === "np" || path[0] === "numpy" ? "np" : "tf";
}

/** `tf.keras.layers.Flatten`, or `Flatten` as it was imported: its name; null for what names no layer. */
function layerClass(callee: Expression): string | null {
  const path = dotted(callee);
  const name = path?.at(-1) ?? "";
  const owner = path?.slice(0, -1).join(".") ?? "";
  return /^[A-Z]\w*$/.test(name) && /^$|(^|\.)(layers|KL|L)$/.test(owner) ? name : null;
}

const PHASE_CHOICES = new Set(["in_train_phase", "in_test_phase"]);
