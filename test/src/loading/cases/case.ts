import assert from "node:assert/strict";
import path from "node:path";
import {
  loadModel,
  openModel,
  parseRecipe,
  registerCustom,
  tf,
  unregisterCustom,
  type CustomObject,
  type Problem,
} from "../../../../src/index.js";
import type { LoadSession } from "../../../../src/index.js";
import type { SettledBy } from "../../../../src/loading/taxonomy/entry.js";
import { inputsFor, type Parts } from "./parts.js";
import { writeHdf5 } from "./write.js";

/** One way in which a load fails, made as a file, and settled. */
export interface Case {
  readonly code: string;
  /** What is wrong with the file, in a few words. */
  readonly what: string;
  /** Makes the file in a folder of its own, loads it, and says what that took. */
  run(folder: string): Promise<SettledBy>;
}

/** The file, and the model that it would be without the problem. */
export interface Broken {
  readonly file: string;
  readonly whole: tf.LayersModel;
  /** How far the numbers may lie apart: a model of 16 bits from one of 32; 1e-5 unless given. */
  readonly within?: number;
}

/** The unbroken model of some parts, as Keras would have written it. */
export async function whole(folder: string, parts: Parts): Promise<tf.LayersModel> {
  return loadModel(await writeHdf5(path.join(folder, "whole", "model.h5"), parts));
}

/** It loads by itself, reports the code at the place, and predicts what the unbroken model predicts. */
export async function byItself(
  { file, whole: unbroken, within }: Broken,
  code: string,
  place?: RegExp,
): Promise<SettledBy> {
  const session = await openModel(file);
  assert.equal(session.state, "loaded", described(session));
  assert.deepEqual(session.decisions, []);
  assertTold(session.settled, code, place);
  const told = session.settled.find((problem) => problem.code === code)!;
  assert.notEqual(told.applied, null, `${code} has a remedy in force`);
  await assertSame(session.finished(), unbroken, within);
  return "itself";
}

export interface Choice {
  readonly place?: RegExp;
  readonly remedy: string;
  readonly argument?: string;
  /** For remedies that change the numbers on purpose: what to compare instead. */
  readonly compare?: (model: tf.LayersModel) => Promise<void>;
}

/** It waits at the place, offers the remedy, and after that one choice predicts what the unbroken model predicts. */
export async function byChoice(
  { file, whole: unbroken }: Broken,
  code: string,
  { place, remedy, argument, compare }: Choice,
): Promise<SettledBy> {
  const session = await openModel(file);
  assert.equal(session.state, "waiting", described(session));
  assertTold(session.waiting, code, place);
  assert.equal(session.waiting.length, 1, `one question: ${described(session)}`);
  const problem = session.waiting[0]!;
  assert.equal(problem.code, code);
  const offer = problem.remedies.find(({ id }) => id === remedy);
  assert.ok(offer, `${remedy} is among ${problem.remedies.map(({ id }) => id).join(", ")}`);
  await session.fix(1, remedy, argument);
  assert.equal(session.state, "loaded", described(session));
  assert.equal(session.decisions.length, 1);
  await (compare ? compare(session.finished()) : assertSame(session.finished(), unbroken));
  await assertReplayed(session, file);
  await assertUndone(session, code);
  return offer.needs === "PATH" && remedy !== "open" ? "file" : "choice";
}

/** The recipe of a load, through its JSON, takes the same decisions on the same file: it ends in the same place. */
export async function assertReplayed(session: LoadSession, file: string): Promise<void> {
  const recipe = parseRecipe(JSON.stringify(await session.recipe()));
  assert.deepEqual(recipe.decisions, session.decisions);
  const again = await openModel(file, { recipe });
  const place = ({ state, waiting }: LoadSession) => [
    state,
    waiting.map(({ code, subject }) => `${code} ${subject}`),
  ];
  assert.deepEqual(place(again), place(session), described(again));
  if (again.state === "loaded")
    assert.deepEqual(
      again.report().notes.filter((note) => note.includes("recipe")),
      [],
    );
  if (again.model && again.model.inputs.every(({ dtype }) => dtype !== "string"))
    await assertAlike(again.model, session.finished());
  again.abort();
}

/** Two models that were made alike: also in what is not finite. */
async function assertAlike(model: tf.LayersModel, other: tf.LayersModel): Promise<void> {
  const inputs = inputsFor(model);
  const [found, wanted] = [model, other].map((one) =>
    [one.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat(),
  );
  for (const [i, tensor] of wanted!.entries()) assert.deepEqual(await found![i]!.data(), await tensor.data());
}

/** Taking the remedy back brings the question back. */
async function assertUndone(session: LoadSession, code: string): Promise<void> {
  await session.undo();
  assert.equal(session.state, "waiting", described(session));
  assert.equal(session.waiting[0]!.code, code);
  session.abort();
}

/** It waits for a class or a function, and goes on when that is registered. */
export async function byCode(
  { file, whole: unbroken }: Broken,
  code: string,
  name: string,
  implementation: CustomObject,
  place?: RegExp,
): Promise<SettledBy> {
  const session = await openModel(file);
  try {
    assert.equal(session.state, "waiting", described(session));
    assertTold(session.waiting, code, place);
    assert.equal(session.waiting[0]!.code, code);
    registerCustom(name, implementation);
    await session.step();
    assert.equal(session.state, "loaded", described(session));
    await assertSame(session.finished(), unbroken);
    return "code";
  } finally {
    unregisterCustom(name);
  }
}

/** It is refused, with the code and the place, and nothing of it runs. */
export async function refused(file: string, code: string, place?: RegExp): Promise<SettledBy> {
  const session = await openModel(file);
  assert.equal(session.state, "refused", described(session));
  assertTold(session.waiting, code, place);
  return "refused";
}

/** The problem says what, where, why, and what Keras says. */
export function assertTold(problems: readonly Problem[], code: string, place?: RegExp): void {
  const problem = problems.find((one) => one.code === code);
  assert.ok(
    problem,
    `${code} is told, not only ${problems.map((one) => `${one.code} ${one.found}`).join("; ") || "nothing"}`,
  );
  assert.notEqual(problem.title, "");
  assert.notEqual(problem.found, "");
  assert.notEqual(problem.why, "");
  assert.ok(problem.kerasSays.length > 0);
  const { layer, container, byte, file } = problem.where;
  const where = [layer, container, byte === undefined ? undefined : `byte ${byte}`, file]
    .filter((one) => one !== undefined)
    .join(" ");
  if (place) assert.match(`${where} ${problem.found}`, place);
}

/** The same outputs for the same inputs, to 1e-5 unless another distance is given. */
export async function assertSame(
  model: tf.LayersModel,
  unbroken: tf.LayersModel,
  within?: number,
): Promise<void> {
  const inputs = inputsFor(unbroken);
  const [found, wanted] = [model, unbroken].map((one) =>
    [one.predict(inputs.length === 1 ? inputs[0]! : inputs)].flat(),
  );
  assert.equal(found!.length, wanted!.length);
  for (const [i, tensor] of wanted!.entries()) await assertClose(found![i]!, tensor, within);
}

export async function assertClose(found: tf.Tensor, wanted: tf.Tensor, within = 1e-5): Promise<void> {
  assert.deepEqual(found.shape, wanted.shape);
  const [a, b] = [await found.data(), await wanted.data()];
  const furthest = Math.max(0, ...Array.from(b, (n, i) => Math.abs(n - a[i]!)));
  assert.ok(furthest < within, `differs by ${furthest}`);
  assert.ok(
    Array.from(b).some((n) => n !== 0),
    "the numbers say something",
  );
}

export function described(session: LoadSession): string {
  const { state, waiting } = session.report();
  const list = waiting.map(
    ({ code, where, found, remedies }) =>
      `${code} at ${where.layer ?? where.container ?? where.file}: ${found} [${remedies.map(({ id }) => id).join(", ")}]`,
  );
  return `${state}; ${list.join(" | ")}`;
}
