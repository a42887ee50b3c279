import { createHash } from "node:crypto";
import type { LayerSpec } from "../keras/graph.js";
import { INPUT } from "../loading/lambda/python-body.js";
import type { PythonBody } from "../loading/lambda/python-function.js";
import { identifier } from "./python-text.js";

/**
 * The name that the class of a Lambda is registered under: each has its own, so that modules of several models can be
 * imported side by side.
 */
export function lambdaName({ path, config }: LayerSpec): string {
  const what = JSON.stringify([path, config["function"] ?? null, config["arguments"] ?? null]);
  return `loadlab>Lambda_${createHash("sha256").update(what).digest("hex").slice(0, 8)}`;
}

/** What every class of a Lambda does; each adds its function. */
export const LAMBDA_BASE = `class WrittenLambda(keras.layers.Layer):
    """A Lambda layer whose function is written out; the saved arguments are kept as they are."""

    def __init__(self, **kwargs):
        of_layer = ("name", "trainable", "dtype")
        super().__init__(**{key: value for key, value in kwargs.items() if key in of_layer})
        self.saved_arguments = {key: value for key, value in kwargs.items() if key not in of_layer}
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return None  # a Lambda hands none on

    def get_config(self):
        return {**super().get_config(), **self.saved_arguments}
`;

/** A function that computes what the Lambda does, and a class that calls it. */
export function lambdaClass(
  spec: LayerSpec,
  body: PythonBody | null,
  comment: string,
  wrapped: boolean,
): string {
  const registered = lambdaName(spec);
  const [prefix, name] = registered.split(">") as [string, string];
  const function_ = `${identifier(spec.name)}_${name.slice(-8)}`;
  const training = body?.training ? ", training=None" : "";
  const given = body?.training ? ", bool(training)" : "";
  return `def ${function_}(${INPUT}${training === "" ? "" : ", training"}):
${comment === "" ? "" : `    # ${comment}\n`}${functionLines(body, `Lambda ${identifier(spec.name)}`)}


@keras.saving.register_keras_serializable(package="${prefix}", name="${name}")
class ${name}(WrittenLambda):
    def call(self, inputs, mask=None${training}):
        return ${function_}(inputs${given})
${wrapped ? SHAPE_BY_TRACING : ""}`;
}

/** @param what it is, for the error of one that is still to be written */
export function functionLines(body: PythonBody | null, what: string): string {
  if (!body) return `    raise NotImplementedError(${JSON.stringify(`Write what the ${what} computes.`)})`;
  const predicting = body.predicting.map((line) => `    ${line}`);
  if (!body.training) return predicting.join("\n");
  const training = body.training.map((line) => `        ${line}`);
  return ["    if training:", ...training, ...predicting].join("\n");
}

/** Keras 3's wrappers ask for it. */
export const SHAPE_BY_TRACING = `
    def compute_output_shape(self, input_shape):
        given = tf.TensorSpec(input_shape, self.compute_dtype)
        return tuple(tf.function(self.call).get_concrete_function(given).structured_outputs.shape)
`;
