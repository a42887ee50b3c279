import * as tf from "@tensorflow/tfjs";
import { asLayerError } from "../layers/create.js";
import { declareType } from "../layers/arguments/element-types.js";
import { applyCall, tensorName } from "./apply-call.js";
import { callKey, callOrder } from "./check-graph.js";
import {
  blockedLayer,
  checkCalled,
  checkNumber,
  incompleteModel,
  refusedModel,
  unknownClass,
} from "./connect-problems.js";
import type { ConnectOptions, ConnectResult } from "./connection.js";
import { distinctTensors } from "./distinct-tensors.js";
import { checkAxes } from "./fewest-axes.js";
import { LayerError, type KerasFinding } from "./finding.js";
import type { LayerCall, LayerSpec, ModelGraph } from "./graph.js";
import { hangingOn, isAt } from "./hanging-on.js";
import { inferOnly } from "./infer-only.js";
import { inputLayer, inputShapeOf, openLength, type BatchShape } from "./input-layer.js";
import { KerasModel } from "./keras-model.js";
import { makeLayer } from "./make-layer.js";
import { later, maskLayer, maskName } from "./mask-layer.js";
import { maskedModel, masksOfOutputs, wholeMask, type MaskOfOutput } from "./masked-model.js";
import { lossesOfNested } from "./nested-losses.js";
import { computeOnce } from "./one-run.js";
import { Pass } from "./pass.js";
import { referencesOf, structureReferences, tensorsOf } from "./read-functional.js";
import { layerAndParts } from "./read-graph.js";

/** What the connections of a model and of those nested in it have in common. */
export interface Shared {
  readonly options: ConnectOptions;
  readonly layers: Map<string, tf.layers.Layer>;
  /** The connection whose graph a layer's path stands in. */
  readonly owners: Map<string, GraphConnection>;
  /** True while layers are made to be thrown away: their adjustments are told when they are made to stay. */
  trying: boolean;
}

/** One graph: its input layers, then its calls in the order of their dependencies. */
export class GraphConnection {
  private readonly specs: ReadonlyMap<string, LayerSpec>;
  private readonly order: readonly LayerCall[];
  /** By the paths of nested models: those in two wrappers may have one name. */
  private readonly nested = new Map<string, GraphConnection>();
  private readonly pass: Pass;
  private model: KerasModel | null = null;
  /** The way of data that comes with masks, once a model around this one has such. */
  private maskedPass: Pass | null = null;
  private findings: KerasFinding[] = [];
  /** Element types of the first outputs of calls, by `callKey`, as the calls that take them say them. */
  private readonly types = new Map<string, string>();

  constructor(
    private readonly graph: ModelGraph,
    private readonly path: string,
    private readonly shared: Shared,
  ) {
    this.specs = new Map(graph.layers.map((spec) => [spec.name, spec]));
    this.order = callOrder(graph);
    for (const { ref, type } of graph.calls.flatMap(tensorsOf))
      if (type !== undefined && ref.tensorIndex === 0) this.types.set(callKey(ref), type);
    this.pass = new Pass(shared.options.origin);
    for (const spec of graph.layers) shared.owners.set(spec.path, this);
  }

  /** @param called shapes of the tensors that the model is called with, where it is nested */
  advance(called: readonly BatchShape[] | null): ConnectResult {
    if (this.model) return { model: this.model, findings: [] };
    this.findings = [];
    const failed = new Set<string>();
    this.makeInputs(called);
    for (const call of this.order) {
      if (this.pass.results.has(callKey(call)) || failed.has(call.layer)) continue;
      const inputs = referencesOf(call).map((ref) => this.pass.tensor(ref));
      if (inputs.every((tensor) => tensor !== null) && !this.tryCall(call, inputs)) failed.add(call.layer);
    }
    if (this.findings.length === 0) this.model = this.makeModel();
    else this.tryWaiting(failed);
    return { model: this.model, findings: this.findings };
  }

  /** Makes what waits for a layer at fault, to throw it away: faults in its own arguments show without any input. */
  private tryWaiting(failed: ReadonlySet<string>): void {
    const { layers } = this.shared;
    for (const spec of this.graph.layers) {
      if (failed.has(spec.name) || layers.has(spec.path) || spec.className === "InputLayer") continue;
      if (spec.model) this.tryNested(spec, spec.model);
      else if ([...layerAndParts(spec)].every((one) => this.canTry(one))) this.tryToMake(spec);
    }
  }

  private tryNested(spec: LayerSpec, graph: ModelGraph): void {
    const connection = this.nested.get(spec.path) ?? new GraphConnection(graph, spec.path, this.shared);
    this.nested.set(spec.path, connection);
    connection.findings = [];
    connection.tryWaiting(new Set());
    this.findings.push(...connection.findings);
  }

  /** One of the user's own is made, and stepped through, once; a model in a wrapper is put together as a whole. */
  private canTry(spec: LayerSpec): boolean {
    const { options } = this.shared;
    return spec.model === null && options.resolve(spec) !== null && options.custom?.(spec) !== true;
  }

  private tryToMake(spec: LayerSpec): void {
    this.shared.trying = true;
    try {
      this.makeLayer(spec);
    } catch (error) {
      this.report(spec, error);
    } finally {
      this.shared.trying = false;
    }
    for (const { path } of layerAndParts(spec)) this.shared.layers.delete(path);
  }

  /** @returns false where nothing here hangs on the paths */
  unmake(paths: ReadonlySet<string>, unmade: Map<string, tf.layers.Layer>): boolean {
    const gone = new Set<string>();
    for (const { name, path } of this.graph.layers) {
      const inside =
        this.nested.get(path)?.unmake(paths, unmade) ?? [...paths].some((one) => isAt(one, path));
      if (inside) gone.add(name);
    }
    if (gone.size === 0) return false;
    const stale = hangingOn(gone, this.order);
    this.maskedPass = null;
    for (const key of stale) {
      this.pass.results.delete(key);
      this.pass.masks.forget(key);
    }
    for (const [path, layer] of this.shared.layers)
      if (this.graph.layers.some((spec) => gone.has(spec.name) && isAt(path, spec.path)))
        unmade.set(path, layer);
    for (const path of unmade.keys()) this.shared.layers.delete(path);
    for (const path of this.nested.keys())
      if (this.graph.layers.some((spec) => gone.has(spec.name) && isAt(path, spec.path)))
        this.nested.delete(path);
    const layers = new Set(unmade.values());
    for (const layer of this.shared.layers.values())
      layer.outboundNodes = layer.outboundNodes.filter(({ outboundLayer }) => !layers.has(outboundLayer));
    this.model = null;
    return true;
  }

  inputShapes(path: string): BatchShape[] | null {
    const call = this.graph.calls.find(({ layer }) => this.specs.get(layer)?.path === path);
    const tensors = call ? referencesOf(call).map((ref) => this.pass.tensor(ref)) : [];
    return tensors.length > 0 && tensors.every((tensor) => tensor !== null)
      ? tensors.map((tensor) => tensor.shape)
      : null;
  }

  private makeInputs(called: readonly BatchShape[] | null): void {
    const order = structureReferences(this.graph.inputs).map((ref) => ref.layer);
    for (const spec of this.graph.layers) {
      if (spec.className !== "InputLayer") continue;
      const key = callKey({ layer: spec.name, nodeIndex: 0 });
      if (this.pass.results.has(key)) continue;
      try {
        const first = this.graph.calls.find((call) =>
          referencesOf(call).some((ref) => ref.layer === spec.name),
        );
        const next = first ? this.specs.get(first.layer) : undefined;
        const kernel = next ? (this.shared.options.storedShapes(next)?.[0] ?? null) : null;
        const given = called?.[order.indexOf(spec.name)] ?? null;
        const layer = inputLayer(spec, inputShapeOf(spec, next ?? null, given, kernel));
        this.shared.layers.set(spec.path, layer);
        this.pass.results.set(key, [layer.inboundNodes[0]!.outputTensors[0]!]);
      } catch (error) {
        this.report(spec, error);
      }
    }
  }

  /** @returns false when the layer could not be made or called; the findings then say why */
  private tryCall(call: LayerCall, inputs: tf.SymbolicTensor[]): boolean {
    const spec = this.specs.get(call.layer);
    if (!spec) return false;
    const { within = (_, work) => work() } = this.shared.options;
    try {
      return within(spec, () => this.call(spec, call, inputs, this.pass));
    } catch (error) {
      this.report(spec, openLength(error, spec, inputs, this.graph) ?? error);
      this.forgetUncalled(spec);
      return false;
    }
  }

  /**
   * A layer whose first call failed has some of its weights: the next attempt begins with a new one. One of the user's
   * own stays until it is registered again: it is made, and stepped through, once.
   */
  private forgetUncalled(spec: LayerSpec): void {
    if (spec.model || this.shared.options.custom?.(spec)) return;
    if (this.shared.layers.get(spec.path)?.inboundNodes.length === 0) this.shared.layers.delete(spec.path);
  }

  private call(spec: LayerSpec, call: LayerCall, inputs: tf.SymbolicTensor[], pass: Pass): boolean {
    const shapes = inputs.map((tensor) => tensor.shape);
    const layer = this.layerFor(spec, shapes);
    if (!layer) return false;
    if (!this.shared.options.custom?.(spec)) checkAxes(spec, shapes[0]);
    if (this.shared.options.origin.major < 3) inferOnly(layer, call, this.graph);
    if (spec.model) return this.callModel(spec, layer as KerasModel, call, inputs, pass);
    const definition = this.shared.options.resolve(spec);
    declareType(layer, this.types.get(callKey(call)));
    const implicit = pass.masks.argumentsFor(call, definition);
    const kwargs = { ...this.ownKwargs(call), ...implicit.kwargs };
    const mask = implicit.tensors[0] ?? (call.kwargs["mask"]?.kind === "tensor" ? inputs[1] : undefined);
    if (mask && spec.className === "TimeDistributed") this.maskStepsOf(spec, mask);
    const outputs = applyCall(layer, { ...call, kwargs }, [...inputs, ...implicit.tensors], definition);
    if (this.shared.options.custom?.(spec)) checkNumber(this.graph, call, outputs.length);
    if (outputs.length > 1) computeOnce(layer, outputs);
    pass.results.set(callKey(call), outputs);
    pass.masks.note(spec, call, inputs, outputs.length, layer);
    return true;
  }

  /** Calls a nested model: with the masks of what it is called on, as every Keras does. */
  private callModel(
    spec: LayerSpec,
    model: KerasModel,
    call: LayerCall,
    inputs: tf.SymbolicTensor[],
    pass: Pass,
  ): boolean {
    const nested = this.nested.get(spec.path);
    const data = referencesOf({ ...call, kwargs: {} }).length;
    const masks = nested ? pass.masks.forModel(call, inputs).map((mask) => mask?.() ?? null) : [];
    const plain = masks.length === 0 || !nested!.usesMasks();
    const tensors = plain
      ? inputs
      : [
          ...inputs.slice(0, data),
          ...masks.map((mask, i) => mask ?? wholeMask(`${maskName(spec, call)}_whole_${i}`, inputs[i]!)),
        ];
    const named = { kind: "list", items: masks.map(() => MASK) } as const;
    const saved = plain ? call : { ...call, kwargs: { ...call.kwargs, mask: named } };
    if (!plain) model.masked = nested!.maskedModel(tensors.slice(data).map(({ shape }) => shape));
    const results = applyCall(model, saved, tensors, null);
    if (results.length > 1) computeOnce(model, results);
    pass.results.set(callKey(call), results);
    const outputs = nested?.masksOfOutputs(!plain) ?? [];
    outputs.forEach((made, tensorIndex) => {
      if (!made) return;
      const ref = { layer: call.layer, nodeIndex: call.nodeIndex, tensorIndex };
      const name = `${maskName(spec, call)}${tensorIndex === 0 ? "" : `_of_${tensorIndex}`}`;
      pass.masks.give(
        ref,
        later(() => maskLayer(name, tensors, made())),
      );
    });
    return true;
  }

  /** False where no layer inside looks at a mask or hands it on: then the model is called as it stands. */
  private usesMasks(): boolean {
    return this.graph.layers.some((spec) => {
      if (spec.model) return this.nested.get(spec.path)?.usesMasks();
      if (this.pass.masks.handsOn(spec)) return true;
      const named = this.shared.options.resolve(spec)?.namedArguments ?? [];
      return named.some((name) => /mask$/.test(name));
    });
  }

  /** A model that is called on each step gets the mask of that step, where something in it looks at masks. */
  private maskStepsOf(spec: LayerSpec, { shape: [batch, , ...rest] }: tf.SymbolicTensor): void {
    const inner = spec.inner["layer"]?.[0];
    const nested = inner?.model ? this.nested.get(inner.path) : undefined;
    if (nested?.usesMasks()) nested.model!.masked = nested.maskedModel([[batch!, ...rest]]);
  }

  /** The model on inputs that have masks, of these shapes: inputs first, then a mask for each. */
  private maskedModel(masks: readonly BatchShape[]): tf.LayersModel {
    if (this.model!.masked) return this.model!.masked;
    const pass = new Pass(this.shared.options.origin);
    this.maskedPass = pass;
    this.model!.masked = maskedModel(this.graph, this.model!, masks, pass, () => {
      for (const call of this.order) {
        const tensors = referencesOf(call).map((ref) => pass.tensor(ref)!);
        this.call(this.specs.get(call.layer)!, call, tensors, pass);
      }
    });
    return this.model!.masked;
  }

  /** Layers of the user's, by their paths, behind which a mask is gone. */
  masksEndAt(): string[] {
    return [
      ...this.pass.masks.endedAt,
      ...(this.maskedPass?.masks.endedAt ?? []),
      ...[...this.nested.values()].flatMap((nested) => nested.masksEndAt()),
    ];
  }

  /** [batch, steps] each; null for outputs without one. */
  outputMasks(): (tf.SymbolicTensor | null)[] {
    return structureReferences(this.graph.outputs).map((ref) => this.pass.masks.of(ref)?.() ?? null);
  }

  addedLosses(): tf.SymbolicTensor[] {
    return this.graph.calls.flatMap((call) => {
      const spec = this.specs.get(call.layer);
      if (spec?.className === "AddLoss") return this.pass.results.get(callKey(call)) ?? [];
      const nested = spec && this.nested.get(spec.path);
      if (!nested?.model) return [];
      const inputs = referencesOf({ ...call, kwargs: {} }).map((ref) => this.pass.tensor(ref)!);
      const name = `${spec!.name}_losses_${call.nodeIndex}`;
      return lossesOfNested(name, nested.model, nested.addedLosses(), inputs);
    });
  }

  private masksOfOutputs(masked: boolean): (MaskOfOutput | null)[] {
    const model = masked ? this.model!.masked! : this.model!;
    return masksOfOutputs(this.graph, model, masked ? this.maskedPass! : this.pass);
  }

  private layerFor(spec: LayerSpec, shapes: readonly BatchShape[] | null): tf.layers.Layer | null {
    const made = this.shared.layers.get(spec.path);
    if (made) return made;
    const layer = spec.model ? this.nestedModel(spec, spec.model, shapes) : this.makeLayer(spec);
    if (layer) this.shared.layers.set(spec.path, layer);
    return layer;
  }

  private nestedModel(
    spec: LayerSpec,
    graph: ModelGraph,
    shapes: readonly BatchShape[] | null,
  ): tf.LayersModel | null {
    const connection = this.nested.get(spec.path) ?? new GraphConnection(graph, spec.path, this.shared);
    this.nested.set(spec.path, connection);
    const { model, findings } = connection.advance(shapes);
    this.findings.push(...findings);
    if (model && shapes) checkCalled(spec, model, shapes);
    if (model && spec.config["trainable"] === false) model.trainable = false;
    return model;
  }

  private makeLayer(spec: LayerSpec): tf.layers.Layer {
    const { options, trying } = this.shared;
    return makeLayer(spec, options, trying, (inner) => this.innerLayer(inner));
  }

  /** A layer held by a wrapper; its errors name it by its own path. */
  private innerLayer(spec: LayerSpec): tf.layers.Layer {
    try {
      const layer = this.layerFor(spec, null);
      if (layer) return layer;
    } catch (error) {
      const { code, argument, found, why, advice, layer } = asLayerError(error, spec);
      throw new LayerError(code, argument, found, why, advice, { cause: error }, layer ?? spec.path);
    }
    const inside = this.findings.pop();
    if (!inside) throw unknownClass(spec);
    const { code, argument, found, why, advice, layer } = inside;
    throw new LayerError(code, argument, found, why, advice, undefined, layer ?? spec.path);
  }

  /** Keras 3 saves `training` with a call and goes by the model's; Keras 2 goes by the saved one. */
  private ownKwargs({ kwargs }: LayerCall): LayerCall["kwargs"] {
    if (this.shared.options.origin.major < 3 || !("training" in kwargs)) return kwargs;
    return Object.fromEntries(Object.entries(kwargs).filter(([name]) => name !== "training"));
  }

  private makeModel(): KerasModel | null {
    const inputs = structureReferences(this.graph.inputs).map((ref) => this.pass.tensor(ref));
    const outputs = structureReferences(this.graph.outputs).map((ref) => this.pass.tensor(ref));
    const whole = [...inputs, ...outputs].every((tensor) => tensor !== null);
    if (!whole || inputs.length === 0 || outputs.length === 0) {
      const missing = structureReferences(this.graph.outputs).find((ref) => this.pass.tensor(ref) === null);
      this.findings.push(incompleteModel(this.path, missing));
      return null;
    }
    try {
      return new KerasModel({
        name: this.graph.name,
        inputs: inputs as tf.SymbolicTensor[],
        outputs: distinctTensors(outputs as tf.SymbolicTensor[], tensorName(`${this.graph.name}_output`)),
      });
    } catch (error) {
      this.findings.push(refusedModel(this.path, this.graph, error));
      return null;
    }
  }

  private report(spec: LayerSpec, error: unknown): void {
    this.findings.push(blockedLayer(spec, error));
  }
}

const MASK = { kind: "tensor", ref: { layer: "", nodeIndex: 0, tensorIndex: 0 } } as const;
