import type { OpAttribute } from "../load-binding.js";
import type { RecordedConstant, RecordedOp, Recording, Source } from "./recording.js";

/** Of as many units on, the halves save more than they cost. */
const WORTH_HALVING = 64;
const INT32 = 3;
/** Numbers of tensorflow/c/tf_attrtype.h. */
const [INT, TYPE] = [1, 4];

const integers: readonly OpAttribute[] = [{ name: "T", type: TYPE, value: INT32 }];
const indexed = (T: OpAttribute): OpAttribute[] => [T, { name: "Index", type: TYPE, value: INT32 }];

/**
 * Takes the LSTMs of a recording apart into two halves of the batch, which TensorFlow runs side by side: the product of
 * one step is too small to be shared out to cores well (100 steps of 8 samples by 128 units on two cores: 22 ms, in
 * halves 14). The halves overlap by one sample where the batch is odd, so that none is ever empty.
 */
export function halveRecurrences(recording: Recording): Recording {
  if (!recording.ops.some((op) => isWorthHalving(op, recording))) return recording;
  const writer = new Rewriter(recording);
  recording.ops.forEach((op, index) => {
    if (isWorthHalving(op, recording)) writer.halve(op, index);
    else writer.copy(op, index);
  });
  return writer.recording();
}

/** The weights of its peepholes, which are constants, are as many as its units. */
function isWorthHalving({ name, inputs }: RecordedOp, { constants }: Recording): boolean {
  const peephole = inputs[5];
  if (name !== "BlockLSTMV2" || peephole?.kind !== "constant") return false;
  return constants[peephole.index]!.shape[0]! >= WORTH_HALVING;
}

class Rewriter {
  private readonly ops: RecordedOp[] = [];
  private readonly constants: RecordedConstant[];
  /** Where each output of the old operations is now, as `operation:output`. */
  private readonly moved = new Map<string, Source>();
  private readonly numbers = new Map<string, Source>();

  constructor(private readonly old: Recording) {
    this.constants = [...old.constants];
  }

  recording(): Recording {
    const outputs = this.old.outputs.map((output) => ({ ...output, source: this.place(output.source) }));
    return { inputs: this.old.inputs, ops: this.ops, constants: this.constants, outputs };
  }

  copy({ name, attributes, inputs }: RecordedOp, index: number): void {
    const at = this.ops.length;
    this.add(
      name,
      inputs.map((source) => this.place(source)),
      attributes,
    );
    for (const output of this.usedOutputs(index)) this.move(index, output, { kind: "op", index: at, output });
  }

  /** Inputs: steps, x [time, batch, inputs], cs and h [batch, units], weights; outputs [time, batch, units]. */
  halve({ name, attributes, inputs }: RecordedOp, index: number): void {
    const [steps, x, cell, hidden, ...weights] = inputs.map((source) => this.place(source)) as [
      Source,
      Source,
      Source,
      Source,
      ...Source[],
    ];
    const T = attributes.find((attribute) => attribute.name === "T")!;
    const outType: OpAttribute = { name: "out_type", type: TYPE, value: INT32 };
    const shape = this.add("Shape", [x], [T, outType]);
    const batch = this.add("Slice", [shape, this.number(1), this.number(1)], indexed(integers[0]!));
    const half = this.add("FloorDiv", [batch, this.number(2)], integers);
    const first = this.add("Sub", [batch, half], integers);
    const overlap = this.add("Sub", [first, half], integers);
    const [zero, rest] = [this.number(0), this.number(-1)];
    const slice = (of: Source, begin: Source[], size: Source[]) =>
      this.add("Slice", [of, this.join(begin), this.join(size)], indexed(T));
    const upper = (state: Source) => slice(state, [zero, zero], [first, rest]);
    const lower = (state: Source) => slice(state, [half, zero], [rest, rest]);
    const [all, across] = [
      [zero, zero, zero],
      [rest, rest, rest],
    ];
    const xs = [slice(x, all, [rest, first, rest]), slice(x, [zero, half, zero], across)];
    const states = [
      [upper(cell), upper(hidden)],
      [lower(cell), lower(hidden)],
    ];
    const halves = xs.map((part, i) =>
      this.add(name, [steps, part, ...states[i]!, ...weights], attributes),
    ) as { kind: "op"; index: number; output: number }[];
    for (const output of this.usedOutputs(index)) {
      const [one, other] = halves.map((made) => ({ ...made, output })) as [Source, Source];
      const fresh = slice(other, [zero, overlap, zero], across);
      this.move(index, output, this.join([one, fresh], 1, T));
    }
  }

  private usedOutputs(index: number): number[] {
    const { ops, outputs } = this.old;
    const sources = [...ops.flatMap(({ inputs }) => inputs), ...outputs.map(({ source }) => source)];
    const used = sources.flatMap((source) =>
      source.kind === "op" && source.index === index ? [source.output] : [],
    );
    return [...new Set(used)];
  }

  private move(index: number, output: number, to: Source): void {
    this.moved.set(`${index}:${output}`, to);
  }

  private place(source: Source): Source {
    return source.kind === "op" ? this.moved.get(`${source.index}:${source.output}`)! : source;
  }

  private add(name: string, inputs: readonly Source[], attributes: readonly OpAttribute[]): Source {
    this.ops.push({ name, inputs, attributes });
    return { kind: "op", index: this.ops.length - 1, output: 0 };
  }

  private join(parts: readonly Source[], axis = 0, T = integers[0]!): Source {
    const attributes = [
      { name: "N", type: INT, value: parts.length },
      T,
      { name: "Tidx", type: TYPE, value: INT32 },
    ];
    return this.add("ConcatV2", [...parts, this.number(axis, [])], attributes);
  }

  private number(value: number, shape: readonly number[] = [1]): Source {
    const key = `${shape}:${value}`;
    const known = this.numbers.get(key);
    if (known) return known;
    const source: Source = { kind: "constant", index: this.constants.length };
    // No tensor of the binding has a number below 0.
    this.constants.push({ id: -1, shape, dtype: INT32, values: () => Int32Array.of(value) });
    this.numbers.set(key, source);
    return source;
  }
}
