import * as tf from "@tensorflow/tfjs";
import { ComputedLayer, type Shape } from "../../layers/computed-layer.js";
import { customLayer } from "../../layers/custom/custom.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { shapeText } from "../../notation.js";
import type { Remedy } from "../problem.js";
import { parseShape } from "../shapes/shape-argument.js";
import type { LikelyShape } from "../shapes/stored-output-shape.js";

/** Remedies that put something else in a layer's place. */
export type StubKind = "identity-stub" | "zeros-like-stub" | "zeros-stub";

/** What each gives out, for the summary and for what a prediction says. */
export const STUBS: Readonly<Record<StubKind, string>> = {
  "identity-stub": "lets its input through unchanged",
  "zeros-like-stub": "gives zeros of its input's shape",
  "zeros-stub": "gives zeros of the stored output shape",
};

export function isStub(remedy: string): remedy is StubKind {
  return remedy in STUBS;
}

/** One definition for each class, kind and shape: that it is the same says that nothing has to be made anew. */
const stubs = new Map<string, LayerDefinition>();

/**
 * Stands for a layer that nobody can make. Its weights are left alone.
 * @param outputs how many the layers behind it take; each is the same
 */
export function stubDefinition(
  kind: StubKind,
  className: string,
  shape: string | undefined,
  outputs = 1,
): LayerDefinition {
  const key = JSON.stringify([kind, className, shape, outputs]);
  let stub = stubs.get(key);
  if (!stub) {
    stub = make(kind, className, shape, outputs);
    stubs.set(key, stub);
  }
  return stub;
}

function make(
  kind: StubKind,
  className: string,
  shape: string | undefined,
  outputs: number,
): LayerDefinition {
  if (kind === "zeros-stub") return zeros(className, parseShape(shape ?? ""), outputs);
  return customLayer(className, (inputs) => {
    const first = Array.isArray(inputs) ? inputs[0]! : inputs;
    const one = () => (kind === "identity-stub" ? tf.clone(first) : tf.zerosLike(first));
    return outputs === 1 ? (kind === "identity-stub" ? first : one()) : Array.from({ length: outputs }, one);
  });
}

/** Zeros of a fixed shape; free lengths are those of the input's axis. */
function zeros(className: string, shape: Shape, outputs: number): LayerDefinition {
  return {
    className,
    majors: [1, 2, 3],
    arguments: ["*"],
    create: (spec) =>
      new ComputedLayer(className, spec, {
        outputShape: () => (outputs === 1 ? shape : Array.from({ length: outputs }, () => shape)),
        compute: ([x]) => {
          const one = () => tf.zeros(shape.map((n, axis) => n ?? x?.shape[axis] ?? 1));
          return outputs === 1 ? one() : Array.from({ length: outputs }, one);
        },
      }),
  };
}

/** The stubs that are offered for a layer, or for all layers of a class. */
export function stubRemedies(subject: string, output: LikelyShape | null): Remedy[] {
  const said = output?.shape.map((n) => n ?? "null").join(",");
  const zerosOffer: Remedy = {
    id: "zeros-stub",
    title:
      output === null
        ? "Give zeros of a shape, batch first"
        : output.written
          ? `Give zeros of the output shape that the file has, ${shapeText(output.shape)}`
          : `Give zeros of ${shapeText(output.shape)}, which the Dense behind it would take, or of another shape`,
    fidelity: "stub",
    needs: "SHAPE",
    ...(said === undefined ? {} : { suggestion: said }),
    command: `%step fix # zeros-stub${said === undefined ? " SHAPE" : ""}`,
    code: `session.fix(${JSON.stringify(subject)}, "zeros-stub", ${JSON.stringify(said ?? "null,8")})`,
  };
  const plain = (["identity-stub", "zeros-like-stub"] as const).map((id): Remedy => ({
    id,
    title: id === "identity-stub" ? "Let its input through unchanged" : "Give zeros of its input's shape",
    fidelity: "stub",
    command: `%step fix # ${id}`,
    code: `session.fix(${JSON.stringify(subject)}, "${id}")`,
  }));
  return [...plain, zerosOffer];
}
