import type { JsonValue } from "../../formats/model-file.js";
import type { KerasFinding } from "../../keras/finding.js";
import { turnedAxes } from "../../keras/bind.js";
import { waitingLayers, waitsFor } from "../../keras/check-graph.js";
import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { referencesOf, structureReferences } from "../../keras/read-functional.js";
import { layerAndParts } from "../../keras/read-graph.js";
import { activationNames } from "../../layers/activations.js";
import { isSameActivation, nearActivations } from "../../layers/near-activations.js";
import { nearestNames } from "../../names/nearest-names.js";
import { adoptedArguments } from "../weights/adopt.js";
import { subjectOf } from "../custom/definitions.js";
import { likeliestCall } from "../edits/graph-edits.js";
import { locate, storedWeights } from "../report/evidence.js";
import { fittingSquare } from "../shapes/fitting-square.js";
import { likelyInputShape } from "../shapes/likely-input-shape.js";
import { registerRemedy } from "./register-remedy.js";
import { WEIGHTS_FROM } from "./other-file.js";
import type { Remedy } from "../problem.js";
import type { Work } from "../work.js";

/** The remedies for what was found about the config, the graph or the weights; those that fit here only. */
export function offersFor(finding: KerasFinding, work: Work): Remedy[] {
  if (!finding.blocking) return [];
  const spec =
    finding.layer === null ? null : ((work.graph && locate(work.graph, finding.layer)?.spec) ?? null);
  const kinds = KINDS.get(finding.code) ?? ["set", "cut"];
  return kinds.flatMap((kind) => OFFERS[kind](finding, spec, work) ?? []);
}

type Kind = keyof typeof OFFERS;

/** What helps with each code, the best first. */
const KINDS: ReadonlyMap<string, readonly Kind[]> = new Map<string, readonly Kind[]>([
  ["A24", ["adopt", "set", "ownClass", "cut"]],
  ["C09", ["register", "identity", "cut"]],
  ["C16", ["register", "replace", "cut"]],
  ["F03", ["align", "keep", "weights"]],
  ["F07", ["weights", "keep"]],
  ["G01", ["reconnect"]],
  ["G02", ["connect"]],
  ["G03", ["connect", "output"]],
  ["G05", ["input", "output"]],
  ["G07", ["inputShape"]],
  ["G10", []],
  ["G11", ["inputShape", "adopt", "set", "cut"]],
  ["O03", ["vocabulary", "cut"]],
  ["O04", ["vocabulary", "cut"]],
  ["W01", ["align", "keep", "weights"]],
  ["W02", ["adopt", "keep", "set"]],
  ["W03", ["permute", "adopt", "inputShape", "keep", "set"]],
  ["W05", ["keep", "weights"]],
  ["W10", ["align", "keep"]],
  ["W12", ["align", "keep", "weights"]],
]);

type Offer = (finding: KerasFinding, spec: LayerSpec | null, work: Work) => Remedy | null;

const OFFERS = {
  set: setOffer,
  adopt: adoptOffer,
  // What Keras's class cannot be without: the file may mean another class of its name.
  ownClass: ({ found }, spec) =>
    spec && /( is missing| is called on one tensor)\.?$/.test(found) ? registerRemedy(spec.className) : null,
  cut: (_finding, spec) =>
    spec && {
      id: "cut",
      title: "End the model before this layer and use what reaches it",
      fidelity: "stub",
      command: "%step fix # cut",
      code: `session.fix(${JSON.stringify(spec.path)}, "cut")`,
    },
  register: ({ code, found }, spec) => {
    const activation = code === "C16";
    const name = activation ? /"([^"]+)"/.exec(found)?.[1] : spec && subjectOf(spec);
    return name == null
      ? null
      : {
          id: "register",
          title: activation ? "Register the function" : "Register a function for the layer",
          fidelity: "equivalent",
          command: `%register_custom ${activation ? "--kind activation " : ""}${name} = (x) => x`,
          code: activation
            ? `registerFunction("activation", ${JSON.stringify(name)}, (x) => x)`
            : `registerCustom(${JSON.stringify(name)}, (x) => x)`,
        };
  },
  replace: replaceActivation,
  identity: (_finding, spec) =>
    spec && {
      id: "identity-stub",
      title: "Let its input through unchanged",
      fidelity: "stub",
      command: "%step fix # identity-stub",
      code: `session.fix(${JSON.stringify(spec.path)}, "identity-stub")`,
    },
  vocabulary: (_finding, spec) =>
    spec && {
      id: "vocabulary",
      title: "Take the words from a file of yours, one on each line",
      fidelity: "exact",
      needs: "PATH",
      command: "%step fix # vocabulary PATH",
      code: `session.fix(${JSON.stringify(spec.path)}, "vocabulary", "words.txt")`,
    },
  connect: connectOffer,
  reconnect: reconnectOffer,
  input: inputOffer,
  output: outputOffer,
  inputShape: inputShapeOffer,
  align: alignOffer,
  weights: () => WEIGHTS_FROM,
  permute: permuteOffer,
  keep: ({ layer }) => ({
    id: "keep-initial",
    title: "Leave what does not fit at its initial values, zeros",
    fidelity: "stub",
    command: "%step fix # keep-initial",
    code: `session.fix(${JSON.stringify(layer ?? "model")}, "keep-initial")`,
  }),
} satisfies Record<string, Offer>;

/** Where an argument is one of a few words and the file has another, the word that comes near is suggested. */
function setOffer({ found, why }: KerasFinding, spec: LayerSpec | null): Remedy | null {
  if (!spec) return null;
  const [, argument, word] = /^(\w+) = "([^"]*)"/.exec(found) ?? [];
  const allowed = [...why.matchAll(/"([^"]+)"/g)].map(([, one]) => one!);
  // A number, or Python's word for a truth, in quotes, as hand-made configs have it, is just that.
  const bare = word?.trim().toLowerCase() ?? "";
  const isBare = /^(true|false)$/.test(bare) || (bare !== "" && Number.isFinite(Number(bare)));
  const [near] = isBare ? [bare] : word === undefined ? [] : nearestNames(word, allowed, 1);
  const suggestion = near === undefined ? undefined : `${argument}=${near}`;
  return {
    id: "set",
    title:
      suggestion === undefined ? "Correct an argument" : `Take ${suggestion}, or correct another argument`,
    fidelity: "equivalent",
    needs: "NAME=VALUE",
    ...(suggestion === undefined ? {} : { suggestion }),
    command: `%step fix # set ${suggestion ?? "NAME=VALUE"}`,
    code: `session.fix(${JSON.stringify(spec.path)}, "set", ${JSON.stringify(suggestion ?? "units=8")})`,
  };
}

function adoptOffer(finding: KerasFinding, spec: LayerSpec | null, work: Work): Remedy | null {
  if (!spec) return null;
  if (finding.code === "G11") return adoptBefore(spec, work);
  const inside = [...layerAndParts(spec)];
  const taken = inside.flatMap((one) =>
    Object.entries(adoptedArguments(one, storedWeights(work, one)) ?? {}).map(
      ([key, value]) => [`${one === spec ? "" : `${one.name}.`}${key}`, value] as const,
    ),
  );
  const said = taken.map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  if (said.length === 0) return null;
  return {
    id: "adopt",
    title: `Take what the stored weights say: ${said.join(", ")}`,
    fidelity: adoptedFidelity(taken),
    command: "%step fix # adopt",
    code: `session.fix(${JSON.stringify(spec.path)}, "adopt")`,
  };
}

/** A layer that goes on without a bias or a scale that it had is another; one of the stored size is the file's own. */
function adoptedFidelity(taken: readonly (readonly [string, JsonValue])[]): Remedy["fidelity"] {
  return taken.some(([key, value]) => value === false && /(^|\.)(use_bias|scale|center)$/.test(key))
    ? "approximate"
    : "equivalent";
}

const MOST_BEFORE = 12;

/** Where shapes do not fit together: the nearest layer, this one or one before it, whose weights say otherwise. */
function adoptBefore(spec: LayerSpec, work: Work): Remedy | null {
  let here: LayerSpec | null = spec;
  for (let step = 0; here !== null && step < MOST_BEFORE; step++) {
    const values = adoptedArguments(here, storedWeights(work, here));
    if (values) {
      const said = Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      return {
        id: "adopt",
        title: `Take what the stored weights of \`${here.name}\` say: ${said.join(", ")}`,
        fidelity: adoptedFidelity(Object.entries(values)),
        needs: "LAYER",
        suggestion: here.path,
        command: `%step fix # adopt ${here.path}`,
        code: `session.fix(${JSON.stringify(spec.path)}, "adopt", ${JSON.stringify(here.path)})`,
      };
    }
    here = layerBefore(here, work);
  }
  return null;
}

function layerBefore(spec: LayerSpec, work: Work): LayerSpec | null {
  const graph = work.graph && locate(work.graph, spec.path)?.graph;
  const call = graph?.calls.find(({ layer }) => layer === spec.name);
  const [first] = call ? referencesOf(call) : [];
  return graph?.layers.find(({ name }) => name === first?.layer) ?? null;
}

function replaceActivation({ found }: KerasFinding, spec: LayerSpec | null): Remedy | null {
  const name = /"([^"]+)"/.exec(found)?.[1];
  if (!spec || name === undefined) return null;
  const [near] = nearActivations(name, activationNames());
  const suggested = near ?? "linear";
  return {
    id: "replace",
    title: near ? `Take Keras's \`${near}\` for it, or another` : "Take an activation of Keras's for it",
    fidelity: "approximate",
    needs: "ACTIVATION",
    ...(near ? { suggestion: near } : {}),
    ...(near && !isSameActivation(name, near) ? { isGuess: true } : {}),
    command: `%step fix # replace ${suggested}`,
    code: `session.fix(${JSON.stringify(name)}, "replace", ${JSON.stringify(suggested)})`,
  };
}

/** Another layer in place of the one that is missing: the one of the nearest name. */
function connectOffer({ found, layer }: KerasFinding, _spec: LayerSpec | null, work: Work): Remedy | null {
  if (!work.graph) return null;
  const missing = /"([^"]+)"/.exec(found)?.[1] ?? "";
  const own = layer === null ? null : locate(work.graph, layer);
  const graph = own?.graph ?? work.graph;
  const names = graph.layers
    .map(({ name }) => name)
    .filter((name) => name !== own?.spec.name && name !== missing && isComputed(graph, name))
    // What waits for this layer cannot be its input.
    .filter((name) => !own || !waitsFor(graph, name, own.spec.name));
  // Where only the call is wrong the layer is there, and its first call is the likeliest.
  const there = own?.spec.name !== missing && isComputed(graph, missing);
  const near = there
    ? missing
    : (nearestNames(missing, names, 1)[0] ??
      before(
        names,
        graph.layers.findIndex((spec) => spec.path === layer),
      ));
  if (near === undefined) return null;
  const call = likeliestCall(graph, near, Number(/ call (\d+) of /.exec(found)?.[1] ?? 0));
  const suggestion = call === 0 ? near : `${near}:${call}`;
  return {
    id: "connect",
    title: `Connect it to ${call === 0 ? "" : `call ${call} of `}\`${near}\` instead, or another layer`,
    fidelity: "approximate",
    needs: "LAYER",
    suggestion,
    isGuess: true,
    command: `%step fix # connect ${suggestion}`,
    code: `session.fix(${JSON.stringify(layer ?? "model")}, "connect", ${JSON.stringify(suggestion)})`,
  };
}

/** Where layers wait for each other: the nearest layer before the first of them that does not wait. */
function reconnectOffer({ layer }: KerasFinding, _spec: LayerSpec | null, work: Work): Remedy | null {
  const own = layer === null || !work.graph ? null : locate(work.graph, layer);
  if (!own) return null;
  const stuck = waitingLayers(own.graph);
  const place = own.graph.layers.indexOf(own.spec);
  const free = own.graph.layers.filter(({ name }) => !stuck.has(name) && isComputed(own.graph, name));
  const near = free.findLast((spec) => own.graph.layers.indexOf(spec) < place) ?? free[0];
  if (!near) return null;
  return {
    id: "connect",
    title: `Connect \`${own.spec.name}\` to \`${near.name}\` instead, or to another layer that waits for none`,
    fidelity: "approximate",
    needs: "LAYER",
    suggestion: near.name,
    isGuess: true,
    command: `%step fix # connect ${near.name}`,
    code: `session.fix(${JSON.stringify(layer)}, "connect", ${JSON.stringify(near.name)})`,
  };
}

/** Whether a layer has an output that others can take: an input, or a layer that is called. */
function isComputed(graph: ModelGraph, name: string): boolean {
  const spec = graph.layers.find((one) => one.name === name);
  return (
    spec !== undefined && (spec.className === "InputLayer" || graph.calls.some(({ layer }) => layer === name))
  );
}

function before(names: readonly string[], place: number): string | undefined {
  return place > 0 ? names[place - 1] : names.at(-1);
}

/** An input layer that the model does not list among its inputs. */
function inputOffer(finding: KerasFinding, _spec: LayerSpec | null, work: Work): Remedy | null {
  if (finding.layer !== null || !work.graph) return null;
  const listed = new Set(structureReferences(work.graph.inputs).map(({ layer }) => layer));
  const unlisted = work.graph.layers.find(
    ({ className, name }) => className === "InputLayer" && !listed.has(name),
  );
  if (!unlisted) return null;
  return {
    id: "input",
    title: `Take \`${unlisted.name}\` as an input too`,
    fidelity: "equivalent",
    needs: "LAYER",
    suggestion: unlisted.name,
    command: `%step fix # input ${unlisted.name}`,
    code: `session.fix("model", "input", ${JSON.stringify(unlisted.name)})`,
  };
}

/** The last layer that could be called, as the model's output. */
function outputOffer(finding: KerasFinding, _spec: LayerSpec | null, work: Work): Remedy | null {
  if (finding.layer !== null || !work.graph) return null;
  const made = work.graph.layers.filter(({ path }) => work.connection?.layers.has(path));
  const used = new Set(
    work.graph.calls.flatMap((call) => JSON.stringify(call.args).match(/"layer":"([^"]*)"/g) ?? []),
  );
  const ends = made.filter(({ name }) => !used.has(`"layer":${JSON.stringify(name)}`));
  const last = (ends.at(-1) ?? made.at(-1))?.name;
  if (last === undefined) return null;
  return {
    id: "output",
    title: `Take the output of \`${last}\`, or of another layer`,
    fidelity: "approximate",
    needs: "LAYER",
    suggestion: last,
    isGuess: true,
    command: `%step fix # output ${last}`,
    code: `session.fix("model", "output", ${JSON.stringify(last)})`,
  };
}

/** The input's shape, where the layer at fault is an input or stands right behind one. */
function inputShapeOffer(finding: KerasFinding, spec: LayerSpec | null, work: Work): Remedy | null {
  const likely = spec && likelyInputShape(spec, work);
  if (!likely || (finding.code !== "G07" && likely.shape === null)) return null;
  // What the kernel leaves open as well would be asked again.
  const open = finding.code === "G07" && (likely.shape?.slice(1).includes(null) ?? false);
  const shape = open ? undefined : likely.shape?.map((n) => n ?? "null").join(",");
  const square = open ? fittingSquare(likely.input, likely.shape!, work) : null;
  const known = (square ?? likely.shape)?.map((n, axis) => (axis === 0 ? "null" : (n ?? 28))).join(",");
  const example = known ?? "SHAPE";
  const how = square ? "; with sides of one length, the one below fits the weights" : "";
  return {
    id: "input-shape",
    title:
      shape === undefined
        ? `Say the shape of the input, batch first${known === undefined ? ", as in null,28,28,1" : how}`
        : `Take [${shape.replaceAll(",", ", ")}] as the shape of the input`,
    fidelity: "equivalent",
    needs: "SHAPE",
    ...(shape === undefined ? {} : { suggestion: shape }),
    command: `%step fix # input-shape ${shape ?? example}`,
    code: `session.fix(${JSON.stringify(spec.path)}, "input-shape", ${JSON.stringify(shape ?? example)})`,
  };
}

function alignOffer({ alignment, layer }: KerasFinding): Remedy | null {
  const pairs = alignment?.filter(({ model, file }) => model && file) ?? [];
  if (!alignment || pairs.length === 0) return null;
  // Layers of the same names are taken anyway.
  if (pairs.every(({ model, file }) => model!.name === file!.name)) return null;
  const alone = alignment.filter(({ file }) => file === null).length;
  return {
    id: "align",
    title:
      alone === 0
        ? "Take the pairs as they are shown"
        : `Take the pairs as they are shown; ${alone} without a partner stay zeros`,
    fidelity: alone === 0 ? "equivalent" : "stub",
    command: "%step fix # align",
    code: `session.fix(${JSON.stringify(layer ?? "model")}, "align")`,
  };
}

/** A kernel that is stored with its two axes the other way round. */
function permuteOffer({ layer }: KerasFinding, spec: LayerSpec | null, work: Work): Remedy | null {
  const [kernel] = spec ? storedWeights(work, spec) : [];
  const wanted = layer === null ? undefined : work.connection?.layers.get(layer)?.weights[0]?.shape;
  if (!kernel || !wanted || kernel.shape.length !== wanted.length || kernel.shape.length < 2) return null;
  if (!turnedAxes(wanted.length).every((axis, i) => kernel.shape[axis] === wanted[i])) return null;
  return {
    id: "permute",
    title: `Turn the stored [${kernel.shape.join(", ")}] round to [${wanted.join(", ")}], as other frameworks store it`,
    fidelity: "equivalent",
    command: "%step fix # permute",
    code: `session.fix(${JSON.stringify(layer)}, "permute")`,
  };
}
