import * as tf from "@tensorflow/tfjs";
import { holdsGraph, type GraphContents } from "../formats/graph-contents.js";
import type { ModelFile } from "../formats/model-file.js";
import { plural } from "../notation.js";
import { chooseConcrete, type FunctionInputs } from "./choose-concrete.js";
import { moduleFunctions, type ConcreteFunction, type SavedFunctions } from "./concrete-functions.js";
import { GraphError } from "./graph-error.js";
import { callText, sayAs } from "./graph-text.js";
import { guessSignature } from "./guess-signature.js";
import { graphConnections, graphScopes, type GraphConnection, type GraphScope } from "./scopes.js";
import { LIMITS } from "./limits.js";
import { GraphSession, type Prepared } from "./session.js";
import {
  bindInputs,
  checkGiven,
  checkTensor,
  specOf,
  toGraphValue,
  toResult,
  type GraphInputs,
  type TensorSpec,
} from "./signature.js";
import { runWhole } from "./run-whole.js";
import { findUnknownOps, type UnknownOp } from "./unknown-ops.js";
import { release, retain, type GraphValue } from "./value.js";
import type { GraphFunction, LoadedGraph, ModuleFunction } from "./loaded-graph.js";

export interface GraphOptions {
  /** Ops that one prediction may run before it is stopped, loops counted; 5 million by default. */
  readonly steps?: number | undefined;
  /** Elements that all ops of one prediction may make; by default it grows with what is fed (`limits.ts`). */
  readonly elements?: number | undefined;
}

/**
 * Makes the graph of a model file ready to run: a signature of a SavedModel, or a frozen graph, whose inputs and
 * outputs are guessed. Variables are read, tables filled.
 * @param signature by default `serving_default`, else the first
 * @throws GraphError F18 for ops that reach outside the model and graphs beyond the limits; G01 and G02 for damaged
 *   ones; FormatError when a variable cannot be read
 */
export async function openGraph(
  file: ModelFile,
  signature?: string,
  options: GraphOptions = {},
): Promise<LoadedGraph> {
  if (typeof file !== "object" || file === null) {
    const remedy = "Open it first: openGraph(await openModelFile(path)).";
    throw new GraphError("F13", null, `${String(file)} is no opened model file`, remedy);
  }
  if (!holdsGraph(file)) {
    throw new GraphError(
      "F13",
      null,
      `${file.path} holds no graph`,
      "It holds weights only: build the model, then load them.",
    );
  }
  const session = new GraphSession(file.contents, options.steps, options.elements);
  try {
    const opened = new OpenedGraph(session, chooseSignature(file.contents, signature));
    await opened.load();
    return opened;
  } catch (error) {
    session.dispose();
    throw error;
  }
}

function chooseSignature(contents: GraphContents, wanted: string | undefined): string | null {
  const names = [...contents.signatures.keys()];
  if (wanted === undefined) return names.includes("serving_default") ? "serving_default" : (names[0] ?? null);
  if (names.includes(wanted)) return wanted;
  throw new GraphError(
    "G02",
    wanted,
    "the model has no signature of this name",
    names.length > 0 ? `It has ${names.join(", ")}.` : "It has none.",
  );
}

/** What a call is made from. */
interface Callable {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly prepared: Prepared;
  /** Values that the graph itself gives after the user's: assets and captured resources. */
  readonly captured: readonly GraphValue[];
}

class OpenedGraph implements LoadedGraph {
  readonly signatures: Record<string, GraphFunction> = Object.create(null) as Record<string, GraphFunction>;
  readonly functions: Record<string, ModuleFunction> = Object.create(null) as Record<string, ModuleFunction>;
  private readonly callables: Callable[] = [];
  private readonly parts: PartCache;
  private readonly chosen: GraphFunction & { readonly callable: Callable };
  constructor(
    private readonly session: GraphSession,
    readonly signature: string | null,
  ) {
    const { contents } = session;
    this.parts = new PartCache(session);
    let chosen: OpenedGraph["chosen"] | null = null;
    for (const name of contents.signatures.keys()) {
      try {
        const call = this.callable(this.fromSignature(name));
        this.signatures[name] = call;
        if (name === signature) chosen = call;
      } catch (error) {
        // Another signature may be sound; its own damage is said when it is asked for.
        if (name === signature || !(error instanceof GraphError)) throw error;
      }
    }
    const firstFunction = this.offerFunctions(chosen === null);
    this.chosen = chosen ?? firstFunction ?? this.callable(this.fromGuess());
    sayAs(this, () => {
      const call = callText(this.chosen.callable.name, this.inputs, this.outputs);
      return `Graph ${call}, ${plural(this.parameters, "parameter")}`;
    });
  }

  get inputs(): readonly TensorSpec[] {
    return this.chosen.inputs;
  }

  get outputs(): readonly TensorSpec[] {
    return this.chosen.outputs;
  }

  get parameters(): number {
    return this.scopes.reduce((sum, { parameters }) => sum + parameters, 0);
  }

  get unset(): readonly string[] {
    const { prepared, captured } = this.chosen.callable;
    return this.session.unset(prepared.flat, captured);
  }

  get unknownOps(): readonly UnknownOp[] {
    return findUnknownOps(this.session, this.chosen.callable.prepared.flat, this.outputs);
  }

  /** Reads what the calls need, and fills tables. */
  async load(): Promise<void> {
    this.session.refuseOutside(this.chosen.callable.prepared.flat);
    for (const { prepared, captured } of this.callables) {
      await this.session.load(prepared.flat);
      await this.session.loadCaptured(captured);
    }
    await this.session.initialize();
  }

  get scopes(): readonly GraphScope[] {
    return graphScopes(this.chosen.callable.prepared.flat, ({ name, attributes }) => {
      const { value } = this.session.variable(attributes.text("shared_name") || name);
      return value instanceof tf.Tensor ? value.size : 0;
    });
  }

  get connections(): readonly GraphConnection[] {
    const { flat } = this.chosen.callable.prepared;
    const names = (specs: readonly TensorSpec[]): string[] => specs.map(({ name }) => name);
    return graphConnections(flat, names(this.inputs), names(this.outputs));
  }

  /**
   * @param needed whether one has to be sound, there being no signature
   * @returns the first
   */
  private offerFunctions(needed: boolean): OpenedGraph["chosen"] | null {
    const made = new Map<number, ModuleFunction & OpenedGraph["chosen"]>();
    let damage: GraphError | null = null;
    for (const found of moduleFunctions(this.session)) {
      try {
        const known = made.get(found.node) ?? this.moduleFunction(found);
        made.set(found.node, known);
        this.functions[found.path] = known;
      } catch (error) {
        if (!(error instanceof GraphError)) throw error;
        damage ??= error;
      }
      if (this.callables.reduce((sum, { prepared }) => sum + prepared.flat.steps.length, 0) > LIMITS.nodes)
        break;
    }
    const [first] = made.values();
    if (first === undefined && needed && damage !== null) throw damage;
    return first ?? null;
  }

  private moduleFunction({ path, concrete }: SavedFunctions): ModuleFunction & OpenedGraph["chosen"] {
    const ways = concrete.map((one) => ({ ...one, call: this.callable(this.fromFunction(one)) }));
    const call = (inputs: FunctionInputs = {}, outputs?: readonly string[]): tf.NamedTensorMap => {
      const { chosen, tensors } = chooseConcrete(path, ways, inputs);
      return chosen.call(tensors, outputs);
    };
    const async_ = async (
      inputs: FunctionInputs = {},
      outputs?: readonly string[],
    ): Promise<tf.NamedTensorMap> => {
      const { chosen, tensors } = chooseConcrete(path, ways, inputs);
      return chosen.call.async(tensors, outputs);
    };
    const { inputs, outputs, call: first } = ways[0]!;
    const made = Object.assign(call, {
      async: async_,
      inputs,
      outputs,
      concrete: ways.map((way) => ({ inputs: way.inputs, outputs: way.outputs, options: way.options })),
      callable: first.callable,
    });
    return sayAs(made, () => callText(path, inputs, outputs));
  }

  private fromSignature(name: string): Callable {
    const signature = this.session.contents.signatures.get(name)!;
    const specs = (entries: typeof signature.inputs): TensorSpec[] =>
      entries.flatMap(({ key, value }) => (value === undefined ? [] : [specOf(key, value)]));
    const inputs = inOrderOfGraph(this.session.contents, specs(signature.inputs));
    return this.fromTensors(
      name,
      inputs,
      specs(signature.outputs).sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  }

  private fromGuess(): Callable {
    const { inputs, outputs } = guessSignature(this.session.contents);
    return this.fromTensors("the graph", inputs, outputs);
  }

  private fromTensors(name: string, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): Callable {
    const assets = this.session.assetFeeds();
    const feeds = [...inputs.map(({ tensor }) => tensor), ...assets.names];
    const prepared = this.session.prepare(
      feeds,
      outputs.map(({ tensor }) => tensor),
    );
    return { name, inputs, outputs, prepared, captured: assets.values };
  }

  private fromFunction(found: ConcreteFunction): Callable {
    return { ...found, name: found.path, prepared: this.session.prepareFunction(found.definition) };
  }

  private callable(callable: Callable): GraphFunction & { readonly callable: Callable } {
    this.callables.push(callable);
    const parts = new Map<string, Callable>();
    const part = (outputs: readonly string[] | undefined): Callable => {
      if (outputs === undefined) return callable;
      const key = JSON.stringify(outputs);
      const made = parts.get(key) ?? this.only(callable, outputs);
      parts.set(key, made);
      return made;
    };
    const call = (inputs: GraphInputs = {}, outputs?: readonly string[]): tf.NamedTensorMap => {
      const wanted = part(outputs);
      const args = this.args(wanted, inputs);
      const run = (given: readonly GraphValue[]) =>
        this.session.executor.runSync(wanted.prepared.program, given);
      return named(wanted, this.whole(wanted, args, run) ?? run(args));
    };
    const async_ = async (
      inputs: GraphInputs = {},
      outputs?: readonly string[],
    ): Promise<tf.NamedTensorMap> => {
      const wanted = part(outputs);
      const { program } = wanted.prepared;
      const { executor } = this.session;
      const args = this.args(wanted, inputs);
      const whole = this.whole(wanted, args, (given) => executor.runSync(program, given));
      return named(wanted, whole ?? (await executor.runAsync(program, args)));
    };
    const { name, inputs, outputs } = callable;
    const made = Object.assign(call, { async: async_, inputs, outputs, callable });
    return sayAs(made, () => callText(name, inputs, outputs));
  }

  /** The part of a call that gives some of its outputs. */
  private only(callable: Callable, names: readonly string[]): Callable {
    if (!Array.isArray(names)) {
      const detail = "the outputs that are wanted are no list of names";
      throw new GraphError("G02", callable.name, detail, `Write ["${callable.outputs[0]?.name ?? ""}"].`);
    }
    const places = names.map((name) => callable.outputs.findIndex((spec) => spec.name === name));
    const missing = names.filter((_, i) => places[i]! < 0);
    if (missing.length > 0) {
      const known = callable.outputs.map(({ name }) => name).join(", ");
      throw new GraphError(
        "G02",
        callable.name,
        `it has no output ${missing.join(", ")}`,
        `It has ${known}.`,
      );
    }
    const outputs = places.map((place) => callable.outputs[place]!);
    return { ...callable, outputs, prepared: this.session.part(callable.prepared, places) };
  }

  private whole(
    wanted: Callable,
    args: readonly GraphValue[],
    run: (args: readonly GraphValue[]) => GraphValue[],
  ): GraphValue[] | null {
    const plain = wanted.outputs.every(({ dtype }) => dtype !== "string");
    return plain ? runWhole(wanted, args, run, () => this.session.variableData()) : null;
  }

  private args(callable: Callable, inputs: GraphInputs): GraphValue[] {
    this.session.refuseOutside(callable.prepared.flat);
    // A run gives its arguments back; what a function captured is for the next call too.
    return [
      ...bindInputs(callable.name, callable.inputs, inputs),
      ...callable.captured.map((value) => retain(value)),
    ];
  }

  predict(inputs?: GraphInputs): tf.Tensor | tf.NamedTensorMap {
    return single(this.chosen(inputs));
  }

  async predictAsync(inputs?: GraphInputs): Promise<tf.Tensor | tf.NamedTensorMap> {
    return single(await this.chosen.async(inputs));
  }

  async execute(
    inputs: Readonly<Record<string, tf.Tensor>>,
    outputs: readonly string[],
    targets: readonly string[] = [],
  ): Promise<tf.Tensor[]> {
    checkGiven("execute", this.inputs, inputs);
    const feeds = Object.entries(inputs);
    for (const [name, tensor] of feeds) checkTensor("execute", name, tensor, this.inputs);
    const assets = this.session.assetFeeds();
    const prepared = this.parts.get([...feeds.map(([name]) => name), ...assets.names], outputs, targets);
    this.session.refuseOutside(prepared.flat);
    await this.session.load(prepared.flat);
    const args = [...feeds.map(([, tensor]) => toGraphValue(tensor)), ...assets.values];
    const results = await this.session.executor.runAsync(prepared.program, args);
    return results.map((value, i) => toResult(outputs[i]!, value));
  }

  dispose(): void {
    this.session.dispose();
  }
}

/** The parts of the graph that were asked for by name: each is made once. */
class PartCache {
  private readonly parts = new Map<string, Prepared>();

  constructor(private readonly session: GraphSession) {}

  get(feeds: readonly string[], fetches: readonly string[], targets: readonly string[]): Prepared {
    const key = JSON.stringify([feeds, fetches, targets]);
    const part = this.parts.get(key) ?? this.session.prepare(feeds, fetches, targets);
    this.parts.set(key, part);
    return part;
  }
}

/** The order of the placeholders in the graph is the order of the function's arguments. */
function inOrderOfGraph(contents: GraphContents, specs: readonly TensorSpec[]): TensorSpec[] {
  const places = new Map(contents.graph.node.map(({ name }, i) => [name, i]));
  const place = ({ tensor }: TensorSpec): number => places.get(tensor.replace(/:\d+$/, "")) ?? 0;
  return [...specs].sort((a, b) => place(a) - place(b));
}

function named(callable: Callable, results: readonly GraphValue[]): tf.NamedTensorMap {
  const map = Object.create(null) as tf.NamedTensorMap;
  try {
    callable.outputs.forEach(({ name }, i) => (map[name] = toResult(name, results[i]!)));
    return map;
  } catch (error) {
    results.forEach(release);
    throw error;
  }
}

function single(outputs: tf.NamedTensorMap): tf.Tensor | tf.NamedTensorMap {
  const values = Object.values(outputs);
  return values.length === 1 ? values[0]! : outputs;
}
