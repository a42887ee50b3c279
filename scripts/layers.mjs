// Writes docs/layers.md: every layer and operation that has Keras's numbers as a fixture, and what came of it here.
import { readFileSync, writeFileSync } from "node:fs";
import { startOn } from "../dist/test/src/keras/start-on.js";
import { gradientError, readCases, runCase } from "../dist/test/src/layers/layer-cases.js";
import { LAYERS } from "../dist/src/layers/table.js";
import { knownCollection } from "../dist/src/layers/known/index.js";
import { OPERATIONS } from "../dist/src/ops/table.js";
import { correctGradients } from "../dist/src/runtime/corrections/gradients/index.js";

const TOLERANCE = { cpu: 1e-5, wasm: 1e-4 };
const FILES = "keras2 keras3 addons found2 found3 uncommon2 uncommon3 preprocessing2 preprocessing3".split(
  " ",
);
const rows = new Map();

for (const backend of ["cpu", "wasm"]) {
  await startOn(backend);
  for (const file of FILES) {
    const { keras, cases } = readCases(file);
    const major = file.endsWith("3") ? 3 : 2;
    for (const layerCase of cases) {
      const name = layerCase.name.split(" ")[0];
      const row = rows.get(name) ?? { majors: new Set(), sets: 0, cpu: 0, wasm: 0, trains: null };
      rows.set(name, row);
      row.majors.add(major);
      if (backend === "cpu") row.sets++;
      const error = await runCase(layerCase, keras);
      if (typeof error === "number" && error < TOLERANCE[backend]) row[backend]++;
      if (backend !== "cpu") continue;
      correctGradients();
      const gradient = await gradientError(layerCase, keras);
      if (gradient !== null)
        row.trains = row.trains !== false && typeof gradient === "number" && gradient < 2e-2;
    }
  }
}

const share = (right, all) => (right === all ? "all" : `${right} of ${all}`);
const known = new Map(LAYERS.map((layer) => [layer.className, layer]));
const lines = [...known.values()]
  .sort((a, b) => (a.className < b.className ? -1 : 1))
  .map((layer) => {
    const row = rows.get(layer.className);
    const args = layer.arguments.includes("*") ? "any" : layer.arguments.join(", ");
    const numbers = row
      ? `${row.sets} | ${share(row.cpu, row.sets)} | ${share(row.wasm, row.sets)} | ${row.trains === null ? "" : row.trains ? "right" : "no"}`
      : "0 | | |";
    return `| ${layer.className} | ${layer.majors.join(", ")} | ${args} | ${numbers} |`;
  });
/** The concrete layers that Keras 2 and 3 make public: experimental ones and FeatureSpace among them. */
const published = JSON.parse(readFileSync("test/fixtures/public-layers.json", "utf8"));
const names = new Map(
  LAYERS.flatMap((layer) => [layer.className, ...(layer.aliases ?? [])].map((n) => [n, layer])),
);
/** Read as the functional model that it computes (src/formats/keras-archive/feature-space.ts). */
const AS_MODEL = ["FeatureSpace"];
const isMade = (name) => names.has(name) || AS_MODEL.includes(name);
const rowOf = (name) => rows.get(names.get(name)?.className ?? name);
const isRight = (row) => row !== undefined && row.cpu === row.sets && row.wasm === row.sets;
const made = published.filter(isMade);
const unmade = published.filter((name) => !isMade(name));
const right = made.filter((name) => isRight(rowOf(name)));
const unchecked = made.filter((name) => rowOf(name) === undefined);
const wrong = made.filter((name) => rowOf(name) && !isRight(rowOf(name)));
const trained = made.filter((name) => (rowOf(name)?.trains ?? null) !== null);
const untrained = trained.filter((name) => !rowOf(name).trains);
const none = (list) => (list.length === 0 ? "none" : list.join(", "));
const others = [...rows]
  .filter(([name]) => !known.has(name) && !AS_MODEL.includes(name))
  .map(([, row]) => row);
const sum = (key) => others.reduce((total, row) => total + row[key], 0);
const page = `# Layers

Made by \`npm run docs:layers\` from the fixtures in test/fixtures (Keras's own inputs, weights and outputs): do not edit.

${known.size} classes can be made. "Sets" counts the argument sets, over both majors, whose outputs are compared with
Keras: on cpu to 1e-5, on wasm to 1e-4, relative to values above 1. "Gradient" compares the gradient by the weights
with a central difference, or with Keras's own where that shows another (rounding in TernaryDense, angles that turn in STFTSpectrogram); empty where nothing trains. A layer without sets loads, but no fixture checks its numbers.

Of the ${published.length} concrete layers that Keras 2 and 3 make public, ${made.length} are made from their config; ${right.length} have Keras's
numbers in every set. Gradients are right for ${trained.length - untrained.length} of the ${trained.length} that have weights and sets.

- Not made from the config alone, since they hold code or stand for another file, which is never run: ${none(unmade)}.
  Their models load to a card with what can stand in: the user's own class, a stub, the model as a graph; a Lambda is
  translated where it can be.
- Made as the functional model that it computes: FeatureSpace, from its own \`.keras\` file.
- Made, with sets that differ: ${none(wrong)}.
- Made, without sets: ${none(unchecked)}.
- Gradient not right: ${none(untrained)}.

Keras's TensorFlow back end adds a bias along the wrong axis where the last axis happens to be as long as the bias
(\`tf.nn.bias_add\` in its \`add\`): channels-first convolutions whose last axis is as long as their filters, attention
with heads of size 1. Here the bias goes to the channels.

| Layer | Keras | Arguments | Sets | cpu | wasm | Gradient |
|---|---|---|---|---|---|---|
${lines.join("\n")}

Besides, ${sum("sets")} sets of TensorFlow functions as Keras 2 saves them, and of models that are no single layer: on cpu
${share(sum("cpu"), sum("sets"))} are right, on wasm ${share(sum("wasm"), sum("sets"))}.

## Operations

${OPERATIONS.size} operations of \`keras.ops\` are known by their class names; those in test/fixtures/operation_cases.py are compared
with Keras in the same way:

${[...OPERATIONS.keys()].sort().join(", ")}

## Classes of public packages and tutorials

${knownCollection.length} classes that files often carry and Keras does not have. A class of the same name may be another one: a load
that meets one stops and offers it with its source, \`%step fix 1 known\` takes it.

| Class | Computes | After |
|---|---|---|
${knownCollection.map(knownRow).sort().join("\n")}
`;

/** Names may be broken behind `>`; paths are code, which breaks anywhere. */
function knownRow({ className, packages, title, source }) {
  const name = packages ? packages.map((one) => `${one}><wbr>${className}`).join(", ") : className;
  const after = source.split(", ").map((part) => (part.endsWith(".py") ? `\`${part}\`` : part));
  return `| ${name} | ${title} | ${after.join(", ")} |`;
}

writeFileSync("docs/layers.md", page);
console.log(
  `docs/layers.md: ${known.size} layers, ${rows.size} with fixtures, ${OPERATIONS.size} operations`,
);
process.exit(0);
