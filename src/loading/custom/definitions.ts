import type * as tf from "@tensorflow/tfjs";
import { connectModel } from "../../keras/connect.js";
import type { ModelConnection } from "../../keras/connection.js";
import type { LayerSpec } from "../../keras/graph.js";
import { stringAt } from "../../keras/json.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { customDefinition, resolveLayer } from "../../layers/resolve.js";
import { customObjects } from "./custom-objects.js";
import { storedAsset, storedWeights } from "../report/evidence.js";
import { adjustmentProblem } from "../problems/keras-problem.js";
import { chosenKnownClass } from "../problems/known-class.js";
import { type LoadFrame, within } from "../load-stack.js";
import { revivedDefinition } from "../graph-rung/revived-layers.js";
import { withOutputShape } from "../shapes/said-output-shape.js";
import { outsideDefinition } from "../graph-rung/outside-graph.js";
import { isStub, stubDefinition } from "../drafts/stubs.js";
import { usedOutputs } from "../shapes/used-outputs.js";
import { chosenTranslation, isLambda, lambdaSubject } from "../problems/unknown-lambda.js";
import type { Work } from "../work.js";

/** What a layer is made by: the user's own class first, then the layer table, then what was chosen in its place. */
export function definitionOf(spec: LayerSpec, work: Work): LayerDefinition | null {
  const definition =
    registeredDefinition(spec) ??
    outsideDefinition(spec, work) ??
    chosenTranslation(spec, work) ??
    chosenKnownClass(spec, work) ??
    chosenStub(spec, work) ??
    (work.unlike?.has(spec.path) || holdsRevived(spec) ? revivedDefinition(spec, work) : null) ??
    knownDefinition(spec) ??
    revivedDefinition(spec, work);
  const shape = definition && saidOutputShape(spec, work);
  return shape ? withOutputShape(definition, shape) : definition;
}

/**
 * What is registered, and decided on, for a layer: the function of a Lambda or of a call of TensorFlow's, the class of
 * any other layer.
 */
export function subjectOf(spec: LayerSpec): string {
  return isLambda(spec) ? lambdaSubject(spec) : (functionSymbol(spec) ?? spec.className);
}

/** `experimental.fancy` of a TFOpLambda; null for any other layer. */
function functionSymbol({ className, config }: LayerSpec): string | null {
  return className === "TFOpLambda" ? stringAt(config, "function") : null;
}

/**
 * Whether a recurrent layer or wrapper holds a layer that only its saved function could stand for: then its own saved
 * function knows more, such as how long a cell's states are.
 */
function holdsRevived(spec: LayerSpec): boolean {
  return Object.values(spec.inner)
    .flat()
    .some((inner) => knownDefinition(inner) === null || holdsRevived(inner));
}

/** The user's own, where it is not merely one of Keras's classes. */
export function registeredDefinition(spec: LayerSpec): LayerDefinition | null {
  const custom = customObjects();
  const subject = subjectOf(spec);
  return custom.get(subject) ?? custom.get(`tf.${subject}`) ?? customDefinition(spec, custom);
}

/** A Lambda is registered by its own name, a call of TensorFlow's by its function, any other layer by its class. */
export function knownDefinition(spec: LayerSpec): LayerDefinition | null {
  return registeredDefinition(spec) ?? resolveLayer(spec, customObjects());
}

function chosenStub(spec: LayerSpec, work: Work): LayerDefinition | null {
  const made = work.decisions.findLast(
    ({ subject, remedy }) => isStub(remedy) && (subject === subjectOf(spec) || subject === spec.path),
  );
  return made && isStub(made.remedy)
    ? stubDefinition(made.remedy, spec.className, made.argument, usedOutputs(spec, work))
    : null;
}

/** A shape that the user gave for a function whose own cannot be found (A18). */
function saidOutputShape(spec: LayerSpec, work: Work): string | undefined {
  return work.decisions.findLast(({ subject, remedy }) => remedy === "output-shape" && subject === spec.path)
    ?.argument;
}

/** Begins to connect a model, and remembers by what each layer is made. */
export function beginConnection(work: Work): ModelConnection {
  work.adjusted = [];
  const made = (work.madeBy = new Map()) as NonNullable<Work["madeBy"]>;
  return connectModel(work.graph!, {
    origin: work.origin!,
    resolve(spec) {
      const definition = definitionOf(spec, work);
      // What was said of it when it was made, or tried, by another class.
      if (made.has(spec.path) && made.get(spec.path)!.definition !== definition)
        work.adjusted = work.adjusted!.filter(({ where }) => where.layer !== spec.path);
      made.set(spec.path, { spec, definition });
      return definition;
    },
    storedShapes(spec) {
      const weights = storedWeights(work, spec);
      return weights.length === 0 ? null : weights.map(({ shape }) => shape);
    },
    stored: (spec) => storedWeights(work, spec).map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    asset: (spec, name) => storedAsset(work, spec, name),
    custom: (spec) => {
      const custom = customObjects();
      return (
        custom.has(spec.className) || custom.has(spec.className.slice(spec.className.lastIndexOf(">") + 1))
      );
    },
    adjusted: (spec, adjustment) => work.adjusted!.push(adjustmentProblem(spec, adjustment, work)),
    within: (spec, make) => within(layerFrame(spec, work), make),
  });
}

function layerFrame(spec: LayerSpec, work: Work): LoadFrame {
  return {
    kind: "layer",
    name: `${spec.path} (${spec.className})`,
    view: () => ({
      config: spec.config,
      "input shapes": work.connection?.inputShapes(spec.path) ?? [],
      "stored weights": Object.fromEntries(storedWeights(work, spec).map(({ name, shape }) => [name, shape])),
      layer: work.connection?.layers.get(spec.path),
    }),
  };
}

/** Paths of the layers that stand and whose class has been registered anew since they were made. */
export function outdatedLayers(work: Work): ReadonlySet<string> {
  const { connection, madeBy } = work;
  if (!connection || !madeBy) return new Set();
  const outdated = [...madeBy].filter(
    ([path, { spec, definition }]) => connection.layers.has(path) && definitionOf(spec, work) !== definition,
  );
  return new Set(outdated.map(([path]) => path));
}

/** Unmakes layers with what hangs on them, and what was said about those. The layers before them stand. */
export function unmakeLayers(paths: ReadonlySet<string>, work: Work): ReadonlyMap<string, tf.layers.Layer> {
  const unmade = work.connection!.unmake(paths);
  for (const path of unmade.keys()) work.madeBy!.delete(path);
  work.adjusted = work.adjusted?.filter(({ where }) => !unmade.has(where.layer ?? "")) ?? [];
  return unmade;
}
