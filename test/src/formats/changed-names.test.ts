import assert from "node:assert/strict";
import fs from "node:fs";
import type { ModelFile } from "../../../src/formats/model-file.js";
import { openModelBytes } from "../../../src/formats/open.js";

const BYTES = fs.readFileSync("test/fixtures/hdf5/salvage_earliest.h5");
const NESTED = fs.readFileSync("test/fixtures/archives/nested.h5");
const TREE = fs.readFileSync("test/fixtures/archives/nested.weights.h5");

const UNNAMED = "Tensors that nothing in the file names";

/** Every place of a text in the file. */
function placesOf(bytes: Buffer, text: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  return places;
}

/** Opens a file in which a letter of a text differs, at one of the text's places. */
async function changed(text: string, place: number, letter: number, bytes = BYTES): Promise<ModelFile> {
  const spoiled = Buffer.from(bytes);
  spoiled[placesOf(bytes, text).at(place)! + letter]! ^= 2;
  const model = await openModelBytes(spoiled, "changed.h5");
  model.close();
  return model;
}

const content = ({ layers }: ModelFile) =>
  layers.map(({ name, weights }) => [name, weights.map((weight) => [weight.name, weight.byteOffset])]);
const told = ({ findings }: ModelFile) =>
  findings.filter(({ title }) => title === "A name in the file has changed").map(({ detail }) => detail);

describe("formats/changed-names: letters that have changed", () => {
  let sound: ModelFile;
  before(async () => {
    sound = await openModelBytes(BYTES, "sound.h5");
    sound.close();
    assert.deepEqual(told(sound), []);
  });

  it("takes a layer, a weight and the group of layers under the names that they have now, and says so", async () => {
    // Of the places of a layer's name one lists the layers, one is the link to the layer.
    for (const [text, place, now] of [
      ["dense_6\0", 1, "dgnse_6"],
      ["kernel:0\0", 1, "kgrnel:0"],
      ["model_weights\0", 0, "mmdel_weights"],
    ] as const) {
      const model = await changed(text, place, 1);
      assert.deepEqual(content(model), content(sound), text);
      assert.ok(told(model).length > 0, text);
      for (const detail of told(model)) assert.match(detail, new RegExp(now), text);
    }
  });

  it("takes the lists of layers and weights where the names of the lists have changed", async () => {
    for (const text of ["layer_names\0", "weight_names\0"]) {
      const model = await changed(text, 0, 1);
      assert.deepEqual(content(model), content(sound), text);
      assert.equal(told(model).length, 1, text);
    }
  });

  it("calls a layer as the architecture does, where the list has changed", async () => {
    const listed = await changed("dense_6\0", 0, 1);
    const names = listed.layers.map(({ name }) => name);
    const all = JSON.stringify(listed.config).includes('"dense_6"') ? "dense_6" : "dgnse_6";
    assert.ok(names.includes(all), names.join());
    assert.equal(told(listed).length, 1);
  });

  it("names what no list does", async () => {
    let named = 0;
    for (let place = 0; place < placesOf(TREE, "vars\0").length; place++) {
      const { findings } = await changed("vars\0", place, 1, TREE);
      named += findings.filter(({ title, detail }) => title === UNNAMED && /\/vcrs\//.test(detail)).length;
    }
    // The others are those of groups without variables.
    assert.equal(named, 6);
    const whole = await openModelBytes(TREE, "nested.weights.h5");
    whole.close();
    assert.ok(!whole.findings.some(({ title }) => title === UNNAMED));
  });

  it("says where a list of names, or the number of layers, holds something else", async () => {
    const model = await changed("weight_names\0", 0, 16 /* the datatype's class */, NESTED);
    assert.ok(
      model.findings.some(({ code, title, where }) =>
        code === "F03" && title === "Attribute weight_names is lost"
          ? where.startsWith("/model_weights/")
          : false,
      ),
    );
    const numbered = fs.readFileSync("test/fixtures/hdf5/keras_0.h5");
    numbered[numbered.indexOf("nb_layers\0") + 16] = 0x3f;
    const old = await openModelBytes(numbered, "keras_0.h5");
    old.close();
    assert.ok(old.findings.some(({ title }) => title === "Attribute nb_layers is lost"));
  });
});
