import * as tf from "@tensorflow/tfjs";
import { GraphError } from "../graph-error.js";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { release, retain, StringTensor, type GraphValue } from "../value.js";

type Running = Generator<tf.Tensor[], KernelResult>;

/** tensorflow/core/ops/functional_ops.cc: ops that run functions of the graph. */
export const controlFlow: KernelTable = {
  If: { run: runIf, host: [0], volatile: true },
  StatelessIf: { run: runIf, host: [0] },
  Case: { run: runCase, host: [0], volatile: true },
  StatelessCase: { run: runCase, host: [0] },
  While: { run: runWhile, volatile: true },
  StatelessWhile: { run: runWhile },
  For: { run: runFor, host: [0, 1, 2], volatile: true },
  PartitionedCall: { run: (call) => callFunction(call, called(call, "f"), 0) },
  StatefulPartitionedCall: { run: (call) => callFunction(call, called(call, "f"), 0), volatile: true },
  NoOp: { run: () => [] },
  // What a graph prints goes nowhere: it could name a file to print to.
  PrintV2: { run: () => [] },
  Print: { run: (call) => call.take(0) },
  ControlTrigger: { run: () => [] },
  LoopCond: { run: (call) => call.take(0) },
  // Nothing takes its outputs, of which it has none: it runs for what it refuses.
  Assert: { run: assert, host: "all", effect: true },
};

function called(call: OpCall, attribute: string): string {
  const name = call.attributes.func(attribute);
  if (name !== null) return name;
  throw call.error("G02", `it names no function for ${attribute}`, "The file is damaged.");
}

function* callFunction(call: OpCall, name: string, from: number): Running {
  const program = call.surroundings.program(name);
  const args = call.inputs.slice(from).map((_, i) => call.take(from + i));
  return yield* call.surroundings.run(program, args);
}

function truth(call: OpCall, value: GraphValue): boolean {
  // A condition that is no scalar holds when it is not empty.
  if (value instanceof StringTensor) return value.values.some(({ length }) => length > 0);
  const values = (value as tf.Tensor).dataSync();
  return call.shapeOf(0).length === 0 ? Boolean(values[0]) : values.length > 0;
}

function* runIf(call: OpCall): Running {
  const branch = truth(call, call.value(0)) ? "then_branch" : "else_branch";
  return yield* callFunction(call, called(call, branch), 1);
}

function* runCase(call: OpCall): Running {
  const branches = call.attributes.funcs("branches");
  const index = call.number(0);
  const name = branches[index] ?? branches.at(-1);
  if (name === undefined) throw call.error("G02", "it has no branches", "The file is damaged.");
  return yield* callFunction(call, name, 1);
}

function* runWhile(call: OpCall): Running {
  const { surroundings } = call;
  const condition = surroundings.program(called(call, "cond"));
  const body = surroundings.program(called(call, "body"));
  let values: readonly GraphValue[] = call.inputs.map((_, i) => call.take(i));
  try {
    for (;;) {
      const seen = values.map((value, i) => (condition.arguments[i]! < 0 ? null : retain(value)));
      const [goOn] = yield* surroundings.run(condition, seen);
      const scalar = goOn as tf.Tensor;
      yield [scalar];
      const more = Boolean(scalar.dataSync()[0]);
      release(scalar);
      if (!more) return values;
      const given = values;
      values = [];
      values = yield* surroundings.run(body, given);
    }
  } catch (error) {
    values.forEach(release);
    throw error;
  }
}

function* runFor(call: OpCall): Running {
  const [start, limit, delta] = [call.number(0), call.number(1), call.number(2)];
  const body = call.surroundings.program(called(call, "body"));
  let values: readonly GraphValue[] = call.inputs.slice(3).map((_, i) => call.take(3 + i));
  if (delta === 0) throw call.error("F18", "its step is 0, so it would not end", "It is refused.");
  for (let i = start; delta > 0 ? i < limit : i > limit; i += delta) {
    values = yield* call.surroundings.run(body, [tf.scalar(i, "int32"), ...values]);
  }
  return values;
}

function assert(call: OpCall): KernelResult {
  if (truth(call, call.value(0))) return [];
  const shown = call.inputs.slice(1).map((value) => {
    if (value instanceof StringTensor) return value.text().join(" ");
    return "dataSync" in value ? `[${Array.from(value.dataSync()).slice(0, 8).join(", ")}]` : "";
  });
  throw new GraphError(
    "G11",
    call.step.name,
    `an assertion of the graph does not hold: ${shown.join(" ").slice(0, 500)}`,
    "Feed what the model was made for.",
  );
}
