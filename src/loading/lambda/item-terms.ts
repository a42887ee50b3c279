import { pythonText, type Constant, type Expression } from "./expression.js";
import { indexText, runIndex, type IndexPart } from "./tensor-index.js";
import type { Translator } from "./translate.js";
import { asNumber, asTensor, NotTranslated, type Term, type Value } from "./value.js";

export function itemTerm(translator: Translator, of: Term, index: Expression): Term {
  if (of.kind === "list" || of.kind === "tensors") return listItem(translator, of, index);
  if (of.kind !== "tensor") throw new NotTranslated("an item of what is no tensor and no list");
  const parts = indexItems(index).map((part) => indexPart(translator, part));
  return {
    kind: "tensor",
    text: indexText(of.text, parts),
    run: (inputs) => runIndex(asTensor(of.run(inputs)), parts, inputs),
  };
}

function listItem(translator: Translator, of: Term, index: Expression): Term {
  if (index.kind === "slice") {
    const [start, stop, step] = index.parts.map((part) => bound(translator, part));
    if (step?.constant === -1 && !start && !stop)
      return {
        kind: of.kind,
        text: `[...${of.text}].reverse()`,
        run: (inputs) => [...(of.run(inputs) as readonly Value[])].reverse(),
      };
    if (step && step.constant !== 1) throw new NotTranslated("a list by steps");
    const given = [start?.text ?? "0", ...(stop ? [stop.text] : [])];
    return {
      kind: of.kind,
      text: `${of.text}.slice(${given.join(", ")})`,
      run: (inputs) => {
        const [from, to] = [start, stop].map((bound) => (bound ? asNumber(bound.run(inputs)) : undefined));
        return (of.run(inputs) as readonly Value[]).slice(from, to);
      },
    };
  }
  const at = translator.term(index);
  if (typeof at.constant === "number" && of.items) {
    const item = of.items.at(at.constant);
    if (item) return item;
  }
  // A list is the inputs of the layer, or a shape.
  const kind = of.kind === "tensors" || of.text === translator.around.input ? "tensor" : "number";
  const negative = typeof at.constant === "number" && at.constant < 0;
  return {
    kind,
    text: negative ? `${of.text}.at(${at.text})` : `${of.text}[${at.text}]`,
    run: (inputs) => (of.run(inputs) as readonly Value[]).at(asNumber(at.run(inputs))),
  };
}

function indexPart(translator: Translator, part: Expression): IndexPart {
  if (part.kind === "slice") {
    const [start, stop, step] = part.parts.map((part) => bound(translator, part));
    return { kind: "slice", start: start ?? null, stop: stop ?? null, step: step ?? null };
  }
  const term = translator.term(part);
  if (term.constant === null) return { kind: "new" };
  if (term.constant === "...") return { kind: "rest" };
  if (term.kind === "tensor")
    throw new NotTranslated(
      `\`[${pythonText(part) ?? "..."}]\` picks by the numbers of a tensor, and how many it picks is known only when it runs`,
    );
  if (term.kind !== "number") throw new NotTranslated("an index that is no number");
  return { kind: "one", at: term };
}

function bound(translator: Translator, expression: Expression): Term | null {
  const term = translator.term(expression);
  if (term.constant === null) return null;
  if (term.kind !== "number") throw new NotTranslated("a bound that is no number");
  return term;
}

/** `x[a, b]`: the parts of a tuple, which are one constant where all of them are. */
function indexItems(index: Expression): readonly Expression[] {
  if (index.kind === "sequence") return index.items;
  if (index.kind === "constant" && Array.isArray(index.value))
    return (index.value as readonly Constant[]).map((value) => ({ kind: "constant", value }));
  return [index];
}
