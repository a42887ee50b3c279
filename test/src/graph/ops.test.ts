import assert from "node:assert/strict";
import { KERNELS } from "../../../src/graph/kernels/table.js";
import type { LoadedGraph } from "../../../src/graph/loaded-graph.js";
import { cpu } from "../../../src/runtime/cpu.js";
import { correctGradients } from "../../../src/runtime/corrections/gradients/index.js";
import { difference, openedOps, openOpGraph, readOpCases, runCase, type OpCase } from "./op-cases.js";

describe("graph: single ops give TensorFlow's numbers", function () {
  this.timeout(60_000);
  let graph: LoadedGraph;
  before(async () => {
    await cpu.start({ asked: true });
    correctGradients();
    graph = await openOpGraph();
  });
  after(() => graph.dispose());

  it("every op that runs has such numbers, or stands here for a reason", () => {
    const checked = openedOps();
    const without = [...KERNELS.keys()].filter((op) => !checked.has(op) && !EXEMPT.test(op));
    assert.deepEqual(without, []);
  });

  for (const [op, cases] of byOp(readOpCases())) {
    it(`${op} (${cases.length})`, async () => {
      const wrong: string[] = [];
      for (const one of cases) {
        const outputs = await runCase(graph, one).catch((error: unknown) => String(error).slice(0, 300));
        if (typeof outputs === "string") wrong.push(`${one.name}: ${outputs}`);
        else
          outputs.forEach((output, i) => {
            const said = difference(output, one.outputs[i]!);
            if (said !== null) wrong.push(`${one.name} output ${i} ${said}`);
          });
      }
      assert.deepEqual(wrong, []);
    });
  }
});

/**
 * Ops without a case of their own: those that TensorFlow 2.21 has not any more or runs on a GPU or in XLA only, older
 * names of ops that are checked, what grappler makes, and what is checked in whole models (functions, calls, saving).
 */
const EXEMPT =
  /^(_.*|Cudnn.*|Fused.*|Xla.*|Case|StatelessCase|If|StatelessIf|For|While|StatelessWhile|(Stateful)?PartitionedCall|NoOp|Assert|ControlTrigger|LoopCond|Placeholder.*|HostConst|OptimizationBarrier|Prelu|Zeros|TopK|SetDiff1D|SearchSorted|BatchNormWithGlobalNormalization|BatchMatrixBandPart|ReciprocalGrad|Anonymous.*|.*HashTable(OfTensors)?|InitializeTable.*|LookupTable.*|Parse.*|RngSkip|Segment.*V2|InplaceSub|SparseReduceMaxSparse|TensorList(Concat|ConcatV2|PopBack|PushBack|GetItem|SetItem|Length|Gather|ElementShape|Resize|Reserve|FromTensor)|TensorArray.*|Optional.*|Stack.*|Variable.*|VarHandleOp|VarIsInitializedOp|IsVariableInitialized|Assign.*|ReadVariableOp|DisableCopyOnRead|DestroyResourceOp|(Resource)?Scatter.*|StridedSliceAssign|Const|NonMaxSuppression.*|Decode.*|Real|Imag|Print.*|.*Grad|.*GradientArgs|Conv2DBackpropFilter|ExtractJpegShape)$/;

function byOp(cases: readonly OpCase[]): Map<string, OpCase[]> {
  const groups = new Map<string, OpCase[]>();
  for (const one of cases) {
    const op = one.name.replace(/_\d+$/, "");
    groups.set(op, [...(groups.get(op) ?? []), one]);
  }
  return groups;
}
