// npm run real-models: opens every file of ../shared/models and writes docs/real-models.md from what came out.
// Decisions that need nothing from the user are taken ("fix all", the graph), stubs are not.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const MODELS = path.resolve(ROOT, process.env.SHARED_MODELS ?? "../shared/models");

const { openModel, tf } = await import("../dist/src/index.js");
await all();

async function all() {
  if (!existsSync(path.join(MODELS, "models.json"))) {
    console.error(`There are no models in ${MODELS}: SHARED_MODELS names another folder.`);
    process.exit(1);
  }
  const rows = [];
  for (const { id, source, files } of JSON.parse(readFileSync(path.join(MODELS, "models.json"), "utf8"))) {
    if (id === "G") continue; // many small ones, compared number by number in the tests
    const result = await one(entry(id, files ?? []));
    rows.push({ id, source, ...result });
    console.log(`${id.padEnd(4)} ${result.outcome}`);
  }
  writeFileSync(path.join(ROOT, "docs/real-models.md"), page(rows));
}

/** A SavedModel is a folder, anything else the file that is named first. */
function entry(id, files) {
  const folder = path.join(MODELS, id);
  if (existsSync(path.join(folder, "saved_model.pb"))) return folder;
  const file = files.find((name) => /\.(h5|hdf5|keras|scope)$|model\.json$/.test(name)) ?? files[0];
  return file === undefined ? folder : path.join(MODELS, file);
}

async function one(file) {
  const session = await openModel(file);
  const first = session.report();
  const problems = [...new Set([...first.waiting, ...first.settled].map(({ code }) => code))];
  if (session.state === "waiting") await session.fixAll().catch(() => undefined);
  const taken = session.decisions.map(({ remedy }) => remedy);
  const outcome = await outcomeOf(session);
  const { format, kerasVersion: keras } = first.file;
  session.abort();
  return { format, keras, problems, taken: [...new Set(taken)], outcome };
}

async function outcomeOf(session) {
  if (session.state === "waiting") {
    const asked = session.waiting.map((problem) => question(session, problem));
    return `asks: ${[...new Set(asked)].join(", ")}`;
  }
  if (session.state !== "loaded") return `refused: ${session.waiting.map(({ title }) => title).join(", ")}`;
  try {
    const shapes = session.model ? await predict(session.model) : await run(session.graph);
    return `predicts ${shapes} (${session.rung})`;
  } catch (error) {
    return `loads (${session.rung}), does not predict on ones: ${error.message.split("\n")[0].slice(0, 120)}`;
  }
}

/** What a person has to give, with what is offered to start from. */
function question(session, { code, subject }) {
  if (code === "F15") return "a checkpoint";
  if (code !== "F09" && !(code === "C02" && subject === "model")) return subject;
  return session.draft?.() ? "an architecture (drafted from the weights)" : "an architecture";
}

async function predict(model) {
  const inputs = model.inputs.map(({ shape, dtype }) =>
    trial(
      shape.map((size, i) => size ?? (i === 0 ? 1 : 64)),
      dtype,
    ),
  );
  const outputs = [model.predict(inputs.length === 1 ? inputs[0] : inputs)].flat();
  return describe(outputs);
}

async function run(graph) {
  const dtype = (name) => (name === "string" ? "string" : /int/.test(name) ? "int32" : "float32");
  const inputs = graph.inputs.map((spec) => {
    const shape = (spec.shape ?? []).map((size) => size ?? 1);
    return trial(shape, dtype(spec.dtype));
  });
  const output = await graph.predictAsync(inputs);
  return describe(output.shape ? [output] : Object.values(output));
}

/** Ones, or a word where text belongs. */
function trial(shape, dtype) {
  if (dtype !== "string") return tf.ones(shape, dtype);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(Array(size).fill("a word"), shape, "string");
}

async function describe(outputs) {
  const parts = [];
  for (const output of outputs.slice(0, 3)) {
    const finite = (await output.data()).every(
      (value) => typeof value !== "number" || Number.isFinite(value),
    );
    parts.push(`[${output.shape.join(", ")}]${finite ? "" : " not finite"}`);
  }
  return parts.join(" ");
}

function page(rows) {
  const cell = (text) =>
    String(text ?? "")
      .replaceAll("|", "\\|")
      .replaceAll("\n", " ")
      .slice(0, 200);
  const count = (test) => rows.filter(({ outcome }) => test.test(outcome)).length;
  return [
    "# Real model files",
    "",
    "Files that other people committed to public repositories, opened by `npm run real-models`. Translations, graphs and",
    "repairs that need nothing from the user were taken; stubs were not. `asks` names what only a person can give: a class,",
    "a function, an architecture.",
    "",
    `${rows.length} files: ${count(/^predicts/)} predict, ${count(/^loads/)} load, ${count(/^asks/)} ask, ${count(/^refused/)} are refused.`,
    "",
    "| | Source | Format | Keras | Problems | Taken | Outcome |",
    "|---|---|---|---|---|---|---|",
    ...rows.map(
      ({ id, source, format, keras, problems, taken, outcome }) =>
        `| ${id} | ${cell(source)} | ${cell(format)} | ${cell(keras)} | ${cell(problems?.join(" "))} | ${cell(taken?.join(" "))} | ${cell(outcome)} |`,
    ),
    "",
  ].join("\n");
}
