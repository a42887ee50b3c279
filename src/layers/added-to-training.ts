import { addLoss } from "./custom/added-losses.js";
import { ComputedLayer } from "./computed-layer.js";
import { identity } from "./identity.js";
import type { LayerDefinition } from "./registry.js";

/**
 * What `model.add_loss` and `model.add_metric` of Keras 2 leave in a model of layers: they hand their input on, and no
 * output need hang on them (tf_keras/src/engine/base_layer.py).
 */
export const ADDED_TO_TRAINING: readonly LayerDefinition[] = [
  {
    className: "AddLoss",
    majors: [2],
    arguments: ["unconditional"],
    create: ({ className, name }) =>
      new ComputedLayer(
        className,
        { name },
        {
          outputShape: ([x]) => x!,
          compute: ([x]) => {
            addLoss(x!);
            return x!;
          },
        },
      ),
  },
  {
    className: "AddMetric",
    majors: [2],
    arguments: ["aggregation", "metric_name"],
    create: (spec) => identity(spec),
  },
];
