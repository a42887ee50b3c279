import assert from "node:assert/strict";
import fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { openGraph } from "../../../src/graph/open-graph.js";
import { graphFile, ints, node, type Node } from "./build-graph.js";

/** What Keras gives for a layer, as `test/fixtures/cudnn_runs.py` writes it. */
interface KerasRun {
  readonly kind: "lstm" | "gru";
  readonly lengths: number[];
  readonly x: number[][][];
  readonly parameters: number[];
  readonly sequence: number[][][];
  readonly states: number[][][];
}

const RUNS = JSON.parse(fs.readFileSync("test/fixtures/cudnn-runs.json", "utf8")) as KerasRun[];

type Attribute = NonNullable<Node["attr"]>[number];

const text = (key: string, value: string): Attribute => ({
  key,
  value: { value: { case: "s", value: new TextEncoder().encode(value) } },
});
const flag = (key: string, value: boolean): Attribute => ({ key, value: { value: { case: "b", value } } });
const whole = (key: string, value: number): Attribute => ({
  key,
  value: { value: { case: "i", value: BigInt(value) } },
});

/** The sequence and the last states of one CudnnRNNV3 node. */
async function ran(
  { kind, lengths, parameters }: KerasRun,
  x: tf.Tensor,
  states: [tf.Tensor, tf.Tensor],
  attributes: Attribute[],
): Promise<tf.Tensor[]> {
  const inputs = ["x", "h", "c", "parameters"];
  const graph = await openGraph(
    graphFile([
      ...inputs.map((name) => node(name, "Placeholder")),
      ints("lengths", lengths),
      node("rnn", "CudnnRNNV3", [...inputs, "lengths"], [text("rnn_mode", kind), ...attributes]),
    ]),
  );
  const fed = { x, h: states[0], c: states[1], parameters: tf.tensor1d(parameters) };
  return graph.execute(fed, ["rnn:0", "rnn:1", "rnn:2"]);
}

function close(made: tf.Tensor, wanted: tf.Tensor): void {
  assert.deepEqual(made.shape, wanted.shape);
  const apart = tf.max(tf.abs(tf.sub(made, wanted))).dataSync()[0]!;
  assert.ok(apart < 1e-6, `${apart} apart`);
}

describe("cuDNN's recurrent layers", () => {
  for (const run of RUNS) {
    const what = `${run.kind} with lengths ${run.lengths.join(", ")}`;
    const zeros = (): [tf.Tensor, tf.Tensor] => [tf.zeros([3, 1, 3]), tf.zeros([3, 1, 3])];
    const x = tf.tensor3d(run.x);

    it(`${what}: Keras's numbers, by batch and by time`, async () => {
      const [sequence, h, c] = await ran(run, x, zeros(), [flag("time_major", false)]);
      close(sequence!, tf.tensor3d(run.sequence));
      [h, c].slice(0, run.states.length).forEach((end, i) => {
        close(end!, tf.expandDims(tf.tensor2d(run.states[i]!), 1));
      });
      const [h0, c0] = zeros().map((zero) => tf.transpose(zero, [1, 0, 2]));
      const [byTime] = await ran(run, tf.transpose(x, [1, 0, 2]), [h0!, c0!], []);
      close(tf.transpose(byTime!, [1, 0, 2]), tf.tensor3d(run.sequence));
    });

    it(`${what}: backwards, each row from its own end`, async () => {
      // The weights of both directions are the same here: all matrices first, then all biases.
      const biases = run.parameters.slice(-(run.kind === "lstm" ? 24 : 18));
      const matrices = run.parameters.slice(0, -biases.length);
      const both = { ...run, parameters: [...matrices, ...matrices, ...biases, ...biases] };
      const turned = tf.stack(
        tf
          .unstack(x)
          .map((row, i) => tf.concat([row.slice(0, run.lengths[i]).reverse(0), row.slice(run.lengths[i]!)])),
      );
      const starts: [tf.Tensor, tf.Tensor] = [tf.zeros([3, 2, 3]), tf.zeros([3, 2, 3])];
      const attributes = [flag("time_major", false), text("direction", "bidirectional")];
      const [sequence, h] = await ran(both, turned, starts, attributes);
      const backwards = tf.unstack(tf.slice(sequence!, [0, 0, 3], [-1, -1, 3]));
      backwards.forEach((row, i) => {
        const length = run.lengths[i]!;
        const wanted = tf.tensor2d(run.sequence[i]!);
        close(row, tf.concat([tf.reverse(tf.slice(wanted, 0, length), 0), tf.zeros([5 - length, 3])]));
      });
      close(tf.slice(h!, [0, 1, 0], [-1, 1, 3]), tf.expandDims(tf.tensor2d(run.states[0]!), 1));
    });
  }

  it("a projection is refused by name", async () => {
    const zeros: [tf.Tensor, tf.Tensor] = [tf.zeros([3, 1, 3]), tf.zeros([3, 1, 3])];
    const attributes = [flag("time_major", false), whole("num_proj", 2)];
    await assert.rejects(ran(RUNS[0]!, tf.tensor3d(RUNS[0]!.x), zeros, attributes), /num_proj = 2/);
  });
});
