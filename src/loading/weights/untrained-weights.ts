import type * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";
import { isObject, plain } from "../../keras/json.js";
import { eachLayer } from "../../keras/read-graph.js";
import { functionOf, isOfFunction } from "../../layers/custom/function-variables.js";
import { leaveOut, takeBack } from "../../layers/weights/leave-out.js";
import { heldConfigs } from "../../layers/arguments/held-configs.js";
import { KerasOptimizer } from "../../training/optimizers/keras-optimizer.js";
import { cutsByShapes, type Row } from "../../training/optimizers/cut-by-shapes.js";
import { shapesKept } from "../../training/optimizers/kept-for.js";
import { readOptimizer } from "../../training/optimizers/table.js";
import { trainableWeights } from "../../training/trainable-model.js";
import { settledProblem } from "../problems/keras-problem.js";
import { plural } from "../../notation.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

/** Weights are bound in the file's order; which of them are trained is told again behind that. */
export function trainAllOfFunctions(work: Work): void {
  for (const layer of holders(functionVariables(work), work)) takeBack(layer);
}

/** The layers that have variables among theirs: functions, and the wrappers and cells around them. */
function holders(variables: readonly tf.LayerVariable[], work: Work): Set<tf.layers.Layer> {
  const around = [...(work.connection?.layers.values() ?? [])].filter(
    (layer) => !("layers" in layer) && layer.weights.some((variable) => variables.includes(variable)),
  );
  return new Set([...around, ...variables.flatMap((variable) => functionOf(variable) ?? [])]);
}

/**
 * Finds which weights of layers written as functions Keras does not train, and leaves them alone in training too. A
 * function does not say; the file has signs: names, dtypes, parts whose class is known by its name, `trainable` in the
 * config, and what the optimizer keeps state for.
 */
export function leaveUntrained(work: Work): Problem[] {
  if (functionVariables(work).length === 0) return [];
  const told = signs(work);
  const kept = byOptimizer(work, new Set(told.keys()));
  const problems = [...eachLayer(work.graph!)].flatMap((spec) => {
    const own = variablesOf(spec, work);
    const out = own.filter((variable) => (kept ? kept.out.has(variable) : told.has(variable)));
    for (const layer of holders(out, work)) leaveOut(layer, new Set(out));
    const open = own.filter((variable) => kept?.open.has(variable));
    return own.length > 0 ? remark(spec, { own, out, open, told, known: kept !== null }, work) : [];
  });
  return problems;
}

function variablesOf({ path, model }: LayerSpec, work: Work): tf.LayerVariable[] {
  return model ? [] : (work.connection!.layers.get(path)?.weights ?? []).filter(isOfFunction);
}

function functionVariables(work: Work): tf.LayerVariable[] {
  return [...eachLayer(work.graph!)].flatMap((spec) => variablesOf(spec, work));
}

/** Weights that are known not to be trained, with what tells it. */
function signs(work: Work): Map<tf.LayerVariable, string> {
  const told = new Map<tf.LayerVariable, string>();
  const listed = listedBehind(work);
  for (const spec of eachLayer(work.graph!)) {
    const own = variablesOf(spec, work);
    const frozen = frozenParts(spec.config);
    for (const variable of own) {
      const weight = work.sources?.get(variable);
      const sign = weight ? (signOf(weight, frozen) ?? (listed.has(weight) ? "by its place" : null)) : null;
      if (sign !== null) told.set(variable, sign);
    }
    for (const group of groupsOf(own, work)) behind(group, told, work);
  }
  return told;
}

/**
 * Weights of a .h5 file that stand behind those that train: where the list comes back to a part that it had left, the
 * trained ones are through.
 */
function listedBehind({ file }: Work): ReadonlySet<StoredWeight> {
  if (file!.format !== "keras-hdf5") return new Set();
  return new Set(
    file!.layers.flatMap(({ weights }) => {
      const folders = weights.map(({ name }) => name.slice(0, name.lastIndexOf("/")));
      const back = folders.findIndex(
        (folder, i) => i > 0 && folders.indexOf(folder) < i && folders[i - 1] !== folder,
      );
      return back < 0 ? [] : weights.slice(back);
    }),
  );
}

/** Each part of a layer lists its trained weights first (`save_own_variables`), a .h5 file those of the whole layer. */
function groupsOf(own: readonly tf.LayerVariable[], { file, sources }: Work): tf.LayerVariable[][] {
  if (file!.format !== "keras-archive") {
    const order = file!.layers.flatMap(({ weights }) => weights);
    const place = (variable: tf.LayerVariable) => order.indexOf(sources?.get(variable) as StoredWeight);
    return [own.toSorted((a, b) => place(a) - place(b))];
  }
  const groups = new Map<string, tf.LayerVariable[]>();
  for (const variable of own) {
    const name = sources?.get(variable)?.name ?? "";
    const group = name.slice(0, name.lastIndexOf("/"));
    groups.set(group, [...(groups.get(group) ?? []), variable]);
  }
  return [...groups.values()];
}

/** Marks what a batch normalization keeps, and what stands behind a weight that is not trained. */
function behind(group: readonly tf.LayerVariable[], told: Map<tf.LayerVariable, string>, work: Work): void {
  const weight = work.sources?.get(group[0]!);
  const averages = weight && isBatchNormalization(weight, group) ? group.slice(-2) : [];
  for (const variable of averages) told.set(variable, "the averages of a batch normalization");
  if (!/^keras-(archive|hdf5)$/.test(work.file!.format)) return;
  const first = group.findIndex((variable) => told.has(variable));
  if (first < 0) return;
  for (const variable of group.slice(first))
    if (!told.has(variable)) told.set(variable, "behind one that is not");
}

/** An archive says no names of variables; a part is known by its own. */
function isBatchNormalization({ name, owner }: StoredWeight, group: readonly tf.LayerVariable[]): boolean {
  const part = name.split("/").at(-3) ?? "";
  const named = /(^|_)(bn|batch_?norm(alization)?)(_?\d+)?$/i;
  if (!/\/vars\/\d+$/.test(name) || !(named.test(part) || (owner !== undefined && named.test(owner))))
    return false;
  const [first] = group;
  const alike = group.every(({ shape }) => shape.length === 1 && shape[0] === first!.shape[0]);
  return alike && group.length >= 2 && group.length <= 4;
}

/** Names that Keras and its users give to what training by gradients leaves alone. */
const STILL =
  /^(moving|running|ema)_\w+$|^renorm_(mean|stddev)$|^seed_generator_state$|^(sn_u|vector_u)$|^iterations?$/;

function signOf({ name, dtype }: StoredWeight, frozen: readonly string[]): string | null {
  const steps = name.replace(/:\d+$/, "").split("/");
  const last = steps.at(-1)!.replace(/_\d+$/, "");
  if (STILL.test(last)) return `by the name ${last}`;
  if (!dtype.includes("float")) return `of dtype ${dtype}`;
  const part = steps.find((step) => frozen.includes(step));
  return part === undefined ? null : `${part} has trainable: false in the config`;
}

/** Parts of a layer that its config says are not trained, by their names and by the arguments that they stand under. */
function frozenParts(config: LayerSpec["config"]): string[] {
  return heldConfigs(config).flatMap((part) => (part.config["trainable"] === false ? part.names : []));
}

interface ByOptimizer {
  readonly out: ReadonlySet<tf.LayerVariable>;
  /** Of which the shapes do not tell. */
  readonly open: ReadonlySet<tf.LayerVariable>;
}

/** What the optimizer's stored state tells: it has slots for each weight that is trained, and for no other. */
function byOptimizer(work: Work, told: ReadonlySet<tf.LayerVariable>): ByOptimizer | null {
  const { optimizerWeights, trainingConfig, format } = work.file!;
  if (optimizerWeights.length === 0 || !/^keras-(archive|hdf5)$/.test(format)) return null;
  const config = trainingConfig === null ? null : plain(trainingConfig);
  const saved = isObject(config) ? (config["optimizer_config"] ?? config["optimizer"]) : undefined;
  const spec = readOptimizer(saved, work.origin!.major);
  if (!spec) return null;
  const all = trainableWeights(work.graph!, work.connection!.layers);
  const optimizer = new KerasOptimizer(spec);
  const variables = all.map(({ weight }) => weight.read() as tf.Variable);
  all.forEach(({ path }, i) => optimizer.name(variables[i]!, path));
  const shapes = shapesKept(optimizer, variables, optimizerWeights);
  const ways = shapes && cutsByShapes(rowsOf(all, work), shapes);
  if (!ways || ways.length === 0) return null;
  const agreeing = ways.filter((way) => [...told].every((variable) => way.has(variable)));
  const groups = rowsOf(all, work).flatMap((row) => row.groups);
  const known = groups.filter((group) => group.some((variable) => told.has(variable)));
  const exact = agreeing.filter((way) =>
    known.every((group) => group.every((variable) => way.has(variable) === told.has(variable))),
  );
  const counted = [exact, agreeing, ways].find((each) => each.length > 0)!;
  const sometimes = new Set(counted.flatMap((way) => [...way]));
  const always = [...sometimes].filter((variable) => counted.every((way) => way.has(variable)));
  const open = [...sometimes].filter((variable) => !always.includes(variable));
  return { out: new Set(always), open: new Set(open) };
}

function rowsOf(all: ReturnType<typeof trainableWeights>, work: Work): Row<tf.LayerVariable>[] {
  const rows: { layer: string; open: boolean; weights: tf.LayerVariable[] }[] = [];
  for (const { weight, layer } of all) {
    const last = rows.at(-1);
    if (last?.layer === layer) last.weights.push(weight);
    else rows.push({ layer, open: isOfFunction(weight), weights: [weight] });
  }
  return rows.map(({ open, weights }) => ({ open, groups: open ? groupsOf(weights, work) : [weights] }));
}

interface Told {
  readonly own: readonly tf.LayerVariable[];
  readonly out: readonly tf.LayerVariable[];
  readonly open: readonly tf.LayerVariable[];
  readonly told: ReadonlyMap<tf.LayerVariable, string>;
  /** Whether the optimizer's state told it. */
  readonly known: boolean;
}

function remark(spec: LayerSpec, told: Told, work: Work): Problem[] {
  const { out, open, known } = told;
  const sure = known && open.length === 0;
  const frozen = isFrozen(told);
  if (out.length === 0 && sure && !frozen) return [];
  const found = [out.length > 0 ? someLeft(told) : "", open.length > 0 ? someOpen(told) : ""];
  const said = frozen
    ? "the layer is frozen, and holds a batch normalization"
    : found.filter((text) => text !== "").join("; ") || allTrained(told);
  const settled = {
    code: "O08",
    step: "bind" as const,
    subject: `${spec.path}.trainable`,
    layer: spec.path,
    found: said,
    fidelity:
      sure || frozen
        ? ("exact" as const)
        : open.length > 0
          ? ("approximate" as const)
          : ("equivalent" as const),
  };
  const moves = isFrozenNormalization(told, work) ? `${FROZEN} ${MOVES}` : MOVES;
  const title = "Which weights are trained";
  if (frozen) return [{ ...settledProblem(settled, work), title, why: FROZEN, advice: BY_TRAINABLE }];
  const why = known ? BY_STATE : BY_SIGNS;
  return [
    {
      ...settledProblem(settled, work),
      title,
      why,
      advice: out.length === 0 || open.length > 0 ? OTHERWISE : moves,
    },
  ];
}

/** Whether a whole layer is frozen that normalizes by averages. */
function isFrozen({ own, told }: Told): boolean {
  const averages = own.some((variable) => keepsAverages(told.get(variable)));
  const layer = functionOf(own[0]!);
  return averages && layer !== null && !layer.trainable;
}

function keepsAverages(sign: string | undefined): boolean {
  return /moving_|averages of a batch/.test(sign ?? "");
}

/** Whether a part that keeps averages has no weight that is trained. */
function isFrozenNormalization({ own, out, told }: Told, { sources }: Work): boolean {
  const folder = (variable: tf.LayerVariable) => sources?.get(variable)?.name.replace(/\/[^/]*$/, "");
  const averages = own.filter((variable) => keepsAverages(told.get(variable)));
  return averages.some((variable) => {
    const part = own.filter((other) => folder(other) === folder(variable));
    return part.length > 2 && part.every((other) => out.includes(other));
  });
}

const BY_STATE =
  "The optimizer's state in the file has a place for each weight that Keras trains, and for no other.";
const BY_SIGNS = "The file has no full list of what Keras trains: names, dtypes and parts tell.";
const FROZEN =
  "Keras's batch normalization goes by its averages in training too where it is not trained itself, as here.";
const BY_TRAINABLE =
  "A function that normalizes by the batch where `training` is true does so where `trainable` is true as well.";
const OTHERWISE =
  'Where Keras does not train one, take it through `operation("tf.stop_gradient", [weight])`, or register a class that adds it with trainable false.';
const MOVES =
  "What Keras changes by itself in training, such as averages, a function changes with `update(weight, value)`.";

function allTrained({ own }: Told): string {
  return `neither its function nor the file says which weights are trained: ${own.length === 1 ? "its one is" : `all ${own.length} are`}`;
}

function someLeft({ own, out, told }: Told): string {
  const why = (variable: tf.LayerVariable) => told.get(variable) ?? "the optimizer keeps no state for it";
  const named = out.slice(0, 4).map((variable) => `weights[${own.indexOf(variable)}] (${why(variable)})`);
  const more = out.length > 4 ? `, and ${out.length - 4} more` : "";
  return `${plural(out.length, "weight")} of ${own.length} ${out.length === 1 ? "is" : "are"} not trained, as in Keras: ${named.join(", ")}${more}`;
}

function someOpen({ own, open }: Told): string {
  const places = open.map((variable) => `weights[${own.indexOf(variable)}]`).join(", ");
  return `Keras trains only some of ${places}, whose shapes are alike: which, the file does not tell, and all of them are trained here`;
}
