import type { LayerSpec } from "../keras/graph.js";
import type { JsonValue } from "../formats/model-file.js";
import { lambdaCode, lambdaName } from "../keras/saved-lambda.js";
import { INPUT } from "../loading/lambda/python-body.js";
import { readPythonFunction } from "../loading/lambda/python-function.js";
import type { Target } from "./layer-config.js";
import { functionLines } from "./python-lambda.js";

/** A function of a module that is written beside a model. */
export interface WrittenFunction {
  readonly text: string;
  /** False where the user has to write what it computes. */
  readonly isWhole: boolean;
}

/**
 * A Python lambda as a function that is registered under a name: no Keras reads back what it saves of a lambda that is
 * an activation. What it was stays beside the name, for a load here; Keras 2 takes no more than the name.
 */
export function namedLambda(value: JsonValue, target: Target): JsonValue {
  const name = lambdaName(value)!;
  if (target === 2) return `loadlab>${name}`;
  return {
    ...{ module: "builtins", class_name: "function", config: name, registered_name: `loadlab>${name}` },
    value: [...lambdaCode(value)!],
  };
}

/** The functions of the lambdas that layers have as activations, by those names. */
export function lambdaActivations(specs: Iterable<LayerSpec>): ReadonlyMap<string, WrittenFunction> {
  const written = new Map<string, WrittenFunction>();
  for (const { config } of [...specs].flatMap((spec) => [spec, ...Object.values(spec.inner).flat()]))
    for (const [key, value] of Object.entries(config)) {
      const name = /activation$/.test(key) ? lambdaName(value) : null;
      if (name !== null) written.set(name, functionOf(name, value));
    }
  return written;
}

function functionOf(name: string, value: JsonValue): WrittenFunction {
  const python = readPythonFunction({ function: [...lambdaCode(value)!], arguments: null, inputs: 1 });
  const comment = python?.source ? `    # ${python.source.replaceAll(/[^\x20-\x7e]/g, "?")}\n` : "";
  const body = python?.python ? { ...python.python, training: null } : null;
  return {
    text: `@keras.saving.register_keras_serializable(package="loadlab", name="${name}")
def ${name}(${INPUT}):
${comment}${functionLines(body, `activation ${name}`)}
`,
    isWhole: body !== null,
  };
}
