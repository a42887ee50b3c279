import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loadModel, openModel } from "../../../../src/index.js";
import type { SettledBy } from "../../../../src/loading/taxonomy/entry.js";
import { assertSame, assertTold, byChoice, byItself, described, refused, whole, type Case } from "./case.js";
import { assertAsTensorFlow, GRAPHS } from "./graph-reference.js";
import { copy, dense, savedLayer, sequential, stored, type Parts } from "./parts.js";
import { writeArchive, writeHdf5, writeJson, zip } from "./write.js";

const two = (keras: 2 | 3 = 2): Parts =>
  sequential(keras, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);

/** A graph or a SavedModel's layers load by themselves, with TensorFlow's numbers, and report the code. */
async function graphByItself(
  file: string,
  fixture: string,
  code: string,
  place?: RegExp,
): Promise<SettledBy> {
  const session = await openModel(file);
  assert.equal(session.state, "loaded", described(session));
  assert.deepEqual(session.decisions, []);
  assertTold(session.settled, code, place);
  await assertAsTensorFlow(session, fixture);
  return "itself";
}

function copyFolder(from: string, to: string): string {
  fs.cpSync(from, to, { recursive: true });
  return to;
}

export const FILE_CASES: readonly Case[] = [
  {
    code: "F01",
    what: "HDF5 under the name .keras",
    run: async (folder) =>
      byItself(
        { file: await writeHdf5(path.join(folder, "model.keras"), two()), whole: await whole(folder, two()) },
        "F01",
        /model\.keras/,
      ),
  },
  {
    code: "F02",
    what: "a .keras archive under the name .h5",
    run: async (folder) =>
      byItself(
        {
          file: await writeArchive(path.join(folder, "model.h5"), two(3)),
          whole: await whole(folder, two(3)),
        },
        "F02",
      ),
  },
  {
    code: "F03",
    what: "a .h5 without its last kilobytes",
    async run(folder) {
      const parts = sequential(
        2,
        [null, 6],
        [dense("hidden", 6, 5), dense("out", 5, 3), dense("wide", 3, 2000)],
      );
      const file = await writeHdf5(path.join(folder, "model.h5"), parts);
      fs.truncateSync(file, fs.statSync(file).size - 6000);
      const lost = copy(parts);
      for (const one of stored(lost, "wide").weights.slice(1)) one.values.fill(0);
      const rest = await loadModel(await writeHdf5(path.join(folder, "rest.h5"), lost));
      return byChoice({ file, whole: rest }, "F03", { place: /wide/, remedy: "salvage" });
    },
  },
  {
    code: "F04",
    what: "a path with a letter missing",
    async run(folder) {
      await writeHdf5(path.join(folder, "classifier.h5"), two());
      return byChoice({ file: path.join(folder, "clasifier.h5"), whole: await whole(folder, two()) }, "F04", {
        place: /clasifier/,
        remedy: "open",
      });
    },
  },
  {
    code: "F05",
    what: "a SavedModel of Keras 2",
    run: () => graphByItself(`${GRAPHS}/keras2_functional`, "keras2_functional", "F05"),
  },
  {
    code: "F06",
    what: "a zip with two models in it",
    async run(folder) {
      const one = fs.readFileSync(await writeHdf5(path.join(folder, "a.h5"), two()));
      const other = fs.readFileSync(
        await writeHdf5(path.join(folder, "b.h5"), sequential(2, [null, 2], [dense("out", 2, 2)])),
      );
      const inside = path.join(folder, "inside");
      fs.mkdirSync(inside);
      const file = path.join(inside, "models.zip");
      fs.writeFileSync(file, zip({ "best/model.h5": one, "last/model.h5": other }));
      return byChoice({ file, whole: await whole(folder, two()) }, "F06", {
        remedy: "open",
        argument: `${file}/best/model.h5`,
      });
    },
  },
  {
    code: "F07",
    what: "a .keras without its weights",
    async run(folder) {
      const file = await writeArchive(path.join(folder, "model.keras"), two(3), {
        without: ["model.weights.h5"],
      });
      const weights = await writeHdf5(path.join(folder, "elsewhere.h5"), two(3), { weightsOnly: true });
      return byChoice({ file, whole: await whole(folder, two(3)) }, "F07", {
        remedy: "weights",
        argument: weights,
      });
    },
  },
  {
    code: "F08",
    what: "NaN in the configuration",
    async run(folder) {
      const parts = copy(two());
      savedLayer(parts, "hidden").config["note"] = "HERE";
      const config = JSON.stringify(parts.config).replace('"HERE"', "NaN");
      return byItself(
        {
          file: await writeHdf5(path.join(folder, "model.h5"), parts, { config }),
          whole: await whole(folder, two()),
        },
        "F08",
        /NaN/,
      );
    },
  },
  {
    code: "F09",
    what: "weights alone",
    async run(folder) {
      const file = await writeHdf5(path.join(folder, "model.h5"), two(), { weightsOnly: true });
      const architecture = writeJson(path.join(folder, "elsewhere.txt"), two().config);
      return byChoice({ file, whole: await whole(folder, two()) }, "F09", {
        remedy: "architecture",
        argument: architecture,
      });
    },
  },
  {
    code: "F10",
    what: "text stored as bytes",
    async run(folder) {
      const parts = { ...two(), version: "2.3.1" };
      return byItself(
        {
          file: await writeHdf5(path.join(folder, "model.h5"), parts, { bytes: true }),
          whole: await whole(folder, two()),
        },
        "F10",
        /2\.3\.1/,
      );
    },
  },
  {
    code: "F11",
    what: "a checkpoint by its prefix",
    async run(folder) {
      copyFolder(`${GRAPHS}/keras2_checkpoint`, folder);
      writeJson(path.join(folder, "weights.json"), checkpointArchitecture());
      const session = await openModel(path.join(folder, "weights"));
      assert.equal(session.state, "loaded", described(session));
      assertTold(session.settled, "F11", /weights/);
      await assertSame(session.finished(), await checkpointModel(folder));
      return "itself";
    },
  },
  {
    code: "F12",
    what: "the folder above a SavedModel",
    async run(folder) {
      copyFolder(`${GRAPHS}/keras2_functional`, path.join(folder, "model"));
      return graphByItself(folder, "keras2_functional", "F12", /model/);
    },
  },
  {
    code: "F13",
    what: "a SavedModel without Keras's metadata",
    run: () => graphByItself(`${GRAPHS}/export_dense`, "export_dense", "F13"),
  },
  {
    code: "F14",
    what: "keras_metadata.pb that cannot be read",
    async run(folder) {
      copyFolder(`${GRAPHS}/keras2_functional`, folder);
      fs.writeFileSync(
        path.join(folder, "keras_metadata.pb"),
        Buffer.from("\xff\xff\xff\xff not protobuf", "latin1"),
      );
      return graphByItself(folder, "keras2_functional", "F14", /keras_metadata/);
    },
  },
  {
    code: "F15",
    what: "a SavedModel without its variables",
    async run(folder) {
      const broken = copyFolder(`${GRAPHS}/keras2_functional`, path.join(folder, "broken"));
      fs.rmSync(path.join(broken, "variables"), { recursive: true });
      const unbroken = await loadModel(`${GRAPHS}/keras2_functional`);
      return byChoice({ file: broken, whole: unbroken }, "F15", {
        remedy: "weights",
        argument: `${GRAPHS}/keras2_functional`,
      });
    },
  },
  {
    code: "F16",
    what: "bytes of no known kind",
    async run(folder) {
      await writeHdf5(path.join(folder, "classifier.h5"), two());
      const file = path.join(folder, "clasifier.h5");
      fs.writeFileSync(file, Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 131 + 241) % 256)));
      return byChoice({ file, whole: await whole(folder, two()) }, "F16", {
        place: /clasifier/,
        remedy: "open",
      });
    },
  },
  {
    code: "F17",
    what: "a path that goes on behind a file",
    async run(folder) {
      const file = await writeHdf5(path.join(folder, "classifier.h5"), two());
      return byChoice({ file: `${file}/saved`, whole: await whole(folder, two()) }, "F17", {
        remedy: "open",
        argument: file,
      });
    },
  },
  { code: "F18", what: "an external link", run: () => refused("test/fixtures/hdf5/external_link.h5", "F18") },
];

/** The architecture of test/fixtures/graph/keras2_checkpoint. */
export function checkpointArchitecture() {
  return sequential(
    2,
    [null, 4],
    [dense("dense", 4, 3, { activation: "linear" }), dense("dense_1", 3, 2, { activation: "linear" })],
  ).config;
}

/** Its model, with the weights that TensorFlow wrote beside it. */
export async function checkpointModel(folder: string) {
  const parts = sequential(
    2,
    [null, 4],
    [dense("dense", 4, 3, { activation: "linear" }), dense("dense_1", 3, 2, { activation: "linear" })],
  );
  const { outputs } = JSON.parse(fs.readFileSync(`${GRAPHS}/keras2_checkpoint/reference.json`, "utf8")) as {
    outputs: Record<string, { values: number[] }>;
  };
  for (const { weights } of parts.layers)
    for (const weight of weights) weight.values = Float32Array.from(outputs[`${weight.name}:0`]!.values);
  return loadModel(await writeHdf5(path.join(folder, "whole", "checkpoint.h5"), parts));
}
