import assert from "node:assert/strict";
import type { JsonValue } from "../../../src/formats/model-file.js";
import { startOn } from "../keras/start-on.js";
import { buildCase, readCases, type LayerCase } from "./layer-cases.js";

type Saved = { [key: string]: JsonValue };
interface SavedModel extends Saved {
  config: { layers: (Saved & { config: Saved; inbound_nodes?: { args: JsonValue[] }[] })[] };
}

/** What can be wrong with what reaches a layer. */
const WRONG: Readonly<Record<string, (model: SavedModel) => void>> = {
  "an axis less": (model) => changeShapes(model, (shape) => shape.slice(0, -1)),
  "an axis more": (model) => changeShapes(model, ([batch, ...rest]) => [batch!, 3, ...rest]),
  "one tensor in place of a list": (model) =>
    changeCalls(model, (argument) => (Array.isArray(argument) ? argument[0]! : argument)),
  "a list in place of one tensor": (model) =>
    changeCalls(model, (argument) => (Array.isArray(argument) ? argument : [argument, argument])),
};

function changeShapes(model: SavedModel, change: (shape: (number | null)[]) => (number | null)[]): void {
  for (const { class_name: name, config } of model.config.layers) {
    const shape = config["batch_shape"] as (number | null)[] | undefined;
    if (name === "InputLayer" && shape && shape.length > 1) config["batch_shape"] = change(shape);
  }
}

function changeCalls(model: SavedModel, change: (argument: JsonValue) => JsonValue): void {
  for (const { inbound_nodes: calls } of model.config.layers)
    for (const call of calls ?? [])
      if (call.args.length > 0) call.args = [change(call.args[0]!), ...call.args.slice(1)];
}

/** The first case of each class: what comes before the first blank of its name. */
function onePerClass(cases: readonly LayerCase[]): LayerCase[] {
  const first = new Map<string, LayerCase>();
  for (const one of cases) {
    const name = one.name.split(/[ ,]/)[0]!;
    if (!first.has(name) && isModel(one.config)) first.set(name, one);
  }
  return [...first.values()];
}

function isModel(config: JsonValue): config is SavedModel {
  const inner = (config as Saved)["config"] as Saved | undefined;
  return Array.isArray(inner?.["layers"]);
}

/** What JavaScript says where something is not there. */
const BARE = /Cannot (read|set)|undefined|is not (a function|iterable)|NaN|\[object/;

describe("layers on inputs that are not theirs", () => {
  before(() => startOn("cpu"));

  const { keras, cases } = readCases("keras3");
  for (const [what, change] of Object.entries(WRONG)) {
    it(`refuse ${what} in words, or take it`, async function () {
      this.timeout(60_000);
      let refused = 0;
      for (const one of onePerClass(cases)) {
        const config = structuredClone(one.config) as SavedModel;
        change(config);
        const made = await buildCase({ ...one, config }, keras);
        if (typeof made !== "string") made.dispose();
        else assert.doesNotMatch(made, BARE, `${one.name}: ${++refused}`);
      }
      assert.ok(refused > 0);
    });
  }
});
