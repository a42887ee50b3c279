import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openModelFile } from "../../../src/formats/open.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { sharedFile, sharedModels } from "../formats/shared-models.js";
import { FIXTURES, type ReferenceTensor } from "./reference.js";

interface Expected {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, ReferenceTensor>>;
}

const EXPECTED = JSON.parse(
  fs.readFileSync(path.join(FIXTURES, "shared_models", "expected.json"), "utf8"),
) as Record<string, Expected>;

const WORDS = ["The movie was GOOD, really good!", "not at all"];

describe("graph: SavedModels of public repositories", function () {
  this.timeout(120_000);
  before(async function () {
    if (sharedModels() === null) {
      console.log("    skipped: ../shared/models is not there");
      this.skip();
    }
    await tf.setBackend("cpu");
  });

  for (const [title, { inputs, outputs }] of Object.entries(EXPECTED)) {
    it(`${title} gives TensorFlow's numbers`, async () => {
      const [id, signature] = title.split(" ") as [string, string];
      const file = await openModelFile(sharedFile(id));
      const graph = await openGraph(file, signature);
      const call = graph.signatures[signature]!;
      const given = Object.fromEntries(
        call.inputs.map(({ name, dtype }) => [name, made(inputs[name]!, dtype)]),
      );
      const results = call(given);
      for (const [name, expected] of Object.entries(outputs))
        close(results[name]!, expected, `${title} ${name}`);
      graph.dispose();
      file.close();
    });
  }

  for (const [id, file] of [
    ["F5", "F5"],
    ["F7", "F7"],
  ] as const) {
    it(`${id}, a tfjs graph model, gives what tfjs's own executor gives`, async () => {
      const folder = sharedFile(file);
      const json = path.join(
        folder,
        fs.readdirSync(folder).find((name) => name.endsWith(".json"))!,
      );
      const graph = await openGraph(await openModelFile(json));
      const { name, shape } = graph.inputs[0]!;
      const input = made(
        shape!.map((dim) => dim ?? 1),
        "float32",
      );
      const results = graph.predict({ [name]: input }) as tf.NamedTensorMap;
      const theirs = await tfjsModel(json, folder);
      const names = graph.outputs.map(({ tensor }) => tensor);
      const expected = (await theirs.executeAsync({ [name]: input }, names)) as tf.Tensor[];
      graph.outputs.forEach((output, i) => {
        const values = [...expected[i]!.dataSync()];
        close(
          results[output.name]!,
          { dtype: "float32", shape: expected[i]!.shape, values },
          `${id} ${output.name}`,
        );
      });
      graph.dispose();
    });
  }
});

async function tfjsModel(json: string, folder: string): Promise<tf.GraphModel> {
  const model = JSON.parse(fs.readFileSync(json, "utf8")) as {
    modelTopology: object;
    weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
  };
  const bytes = Buffer.concat(
    model.weightsManifest.flatMap(({ paths }) =>
      paths.map((part) => fs.readFileSync(path.join(folder, part))),
    ),
  );
  const weightData = new Uint8Array(bytes).buffer;
  const weightSpecs = model.weightsManifest.flatMap(({ weights }) => weights);
  return tf.loadGraphModel({ load: async () => ({ ...model, weightSpecs, weightData }) });
}

/** As `shared_inputs` of test/fixtures/saved_models.py. */
function made(shape: readonly number[], dtype: string): tf.Tensor {
  const size = shape.reduce((n, dim) => n * dim, 1);
  if (dtype === "string") {
    return tf.tensor(
      Array.from({ length: size }, (_, i) => WORDS[i % WORDS.length]!),
      [...shape],
      "string",
    );
  }
  return tf.tensor(
    Array.from({ length: size }, (_, i) => Math.sin(i)),
    [...shape],
    "float32",
  );
}

function close(actual: tf.Tensor, expected: ReferenceTensor, what: string): void {
  assert.deepEqual(actual.shape, expected.shape, what);
  const values = actual.dataSync();
  for (let i = 0; i < values.length; i++) {
    const wanted = Number(expected.values[i]);
    assert.ok(
      Math.abs(values[i]! - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted)),
      `${what}[${i}]: ${values[i]}, not ${wanted}`,
    );
  }
}
