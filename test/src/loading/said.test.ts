import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { openModel } from "../../../src/index.js";
import { described } from "./cases/case.js";
import { dense, functional, layer, savedLayer, sequential } from "./cases/parts.js";
import { writeArchive, writeHdf5, zip } from "./cases/write.js";

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d".repeat(32)}\nsize 98234112\n`;

describe("a card speaks of what was found, not of all that its code stands for", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const problemOf = async (name: string, code: string) => {
    const session = await openModel(path.join(folder, name));
    const problem = session.waiting.find((one) => one.code === code);
    assert.ok(problem, described(session));
    return problem;
  };

  it("a pointer of Git LFS: by its name, what Keras says, and why it is there", async () => {
    for (const [name, said] of [
      ["model.keras", /^ValueError: File not found: .*model\.keras\. Please ensure/],
      ["model.h5", /^OSError: .*file signature not found/],
    ] as const) {
      fs.writeFileSync(path.join(folder, name), POINTER);
      const { kerasSays, why } = await problemOf(name, "F02");
      assert.equal(kerasSays.length, 1);
      assert.match(kerasSays[0]!.message, said);
      assert.match(why, /^The repository keeps its large files in Git LFS/);
    }
  });

  it("bytes that have changed: what zipfile says, and nothing of a file that was cut off", async () => {
    const file = path.join(folder, "model.keras");
    await writeArchive(file, sequential(3, [null, 6], [dense("out", 6, 3)]));
    const bytes = fs.readFileSync(file);
    const at = bytes.lastIndexOf(Buffer.from("\x89HDF")) + 400;
    bytes[at] = bytes[at]! ^ 1;
    fs.writeFileSync(file, bytes);
    assert.deepEqual(
      (await problemOf("model.keras", "F03")).kerasSays.map(({ message }) => message),
      ["BadZipFile: Bad CRC-32 for file 'model.weights.h5'"], // Keras 3.15
    );
  });

  it("a zip with a password: that it has one, not that it is hostile", async () => {
    const packed = Buffer.from(zip({ "model.h5": new Uint8Array(16) }));
    for (const header of ["PK\x03\x04", "PK\x01\x02"]) {
      const at = packed.indexOf(header, 0, "latin1") + (header.endsWith("\x04") ? 6 : 8);
      packed[at] = packed[at]! | 1; // bit 0 of the flags: encrypted
    }
    fs.writeFileSync(path.join(folder, "model.zip"), packed);
    const { why, advice } = await problemOf("model.zip", "F18");
    assert.match(why, /^The archive is protected by a password/);
    assert.match(advice, /^Unpack it with its password/);
  });

  it("a configuration that is cut is not called edited by hand", async () => {
    const config = JSON.stringify(sequential(2, [null, 6], [dense("out", 6, 3)]).config);
    fs.writeFileSync(path.join(folder, "model.json"), config.slice(0, -20));
    assert.match((await problemOf("model.json", "F08")).why, /^The text stops before its last bracket/);
    fs.writeFileSync(path.join(folder, "model.json"), config.replace(":", ";"));
    assert.match((await problemOf("model.json", "F08")).why, /^Edited by hand/);
  });

  it("a configuration as Python prints it is read", async () => {
    const config = JSON.stringify(sequential(2, [null, 6], [dense("out", 6, 3)]).config);
    const printed = config.replaceAll('"', "'").replaceAll("null", "None").replaceAll("true", "True");
    fs.writeFileSync(path.join(folder, "model.json"), printed.replace("[None,6]", "(None, 6)"));
    const session = await openModel(path.join(folder, "model.json"));
    const told = session.settled.find(({ code }) => code === "F08");
    assert.match(told?.found ?? described(session), /^values as Python prints them/);
    assert.match(told!.why, /Python's notation/);
    assert.deepEqual(
      session.waiting.map(({ code }) => code),
      ["F07"],
    );
  });

  it("a layer without the bias that it had is not the same layer", async () => {
    const parts = sequential(3, [null, 6], [dense("hidden", 6, 5), dense("out", 5, 3)]);
    const lacking = {
      ...parts,
      layers: parts.layers.map((one) => ({ ...one, weights: one.weights.slice(0, 1) })),
    };
    await writeArchive(path.join(folder, "model.keras"), lacking);
    const { remedies } = await problemOf("model.keras", "W02");
    assert.deepEqual(
      remedies
        .filter(({ id }) => id === "adopt")
        .map(({ title, fidelity }) => [/use_bias=false/.test(title), fidelity]),
      [[true, "approximate"]],
    );
  });

  it("a model with a first state for two rows is tried on two", async () => {
    const parts = functional(
      3,
      { x: [null, 4, 3] },
      [
        [
          layer("SimpleRNN", "steps", { units: 2 }, { kernel: [3, 2], recurrent_kernel: [2, 2], bias: [2] }),
          "x",
        ],
      ],
      ["steps"],
    );
    const [call] = savedLayer(parts, "steps")["inbound_nodes"] as [{ kwargs: unknown }];
    const value = [
      [0.5, -0.5],
      [0.25, 1],
    ];
    call.kwargs = { initial_state: { class_name: "__tensor__", config: { value, dtype: "float32" } } };
    const session = await openModel(await writeHdf5(path.join(folder, "model.h5"), parts));
    session.finished();
    assert.ok(
      !session.settled.some(({ title }) => title.startsWith("The trial run failed")),
      described(session),
    );
  });
});
