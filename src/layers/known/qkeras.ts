import type { LayerSpec } from "../../keras/graph.js";
import { ComputedLayer } from "../computed-layer.js";
import { RewrittenLayer } from "../quantized/rewritten-layer.js";
import type { LayerContext, LayerDefinition } from "../registry.js";
import type { KnownLayer } from "./known-layer.js";
import { quantizerOf } from "./qkeras-quantizers.js";

const SOURCE = "QKeras 0.9, qkeras";

/** Layers of QKeras that are a layer of Keras with rounded weights, and the activation alone. */
export const QKERAS: readonly KnownLayer[] = [
  ...[
    "Dense",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "DepthwiseConv2D",
    "SeparableConv1D",
    "SeparableConv2D",
  ].map(quantizedLayer),
  {
    className: "QActivation",
    title: "Activation rounded to few bits",
    source: `${SOURCE}/qlayers.py`,
    definition: {
      className: "QActivation",
      majors: [2],
      arguments: ["activation"],
      create(spec, { origin }) {
        const quantize = quantizerOf(spec.config["activation"], "activation", origin);
        return new ComputedLayer("QActivation", spec, {
          outputShape: ([x]) => x!,
          compute: ([x]) => (quantize ? quantize(x!) : x!),
        });
      },
    },
  },
];

function quantizedLayer(plain: string): KnownLayer {
  const definition: LayerDefinition = {
    className: `Q${plain}`,
    majors: [2],
    arguments: ["*"],
    create: (spec, context) => rounded(spec, context, plain),
  };
  return {
    className: definition.className,
    title: `${plain} with weights rounded to few bits`,
    source: `${SOURCE}/${plain === "Dense" ? "qlayers" : "qconvolutional"}.py`,
    definition,
  };
}

function rounded(spec: LayerSpec, context: LayerContext, plain: string): RewrittenLayer {
  const config = Object.fromEntries(
    Object.entries(spec.config).filter(([key]) => !/_(quantizer|range)$/.test(key)),
  );
  const inner = context.build({
    ...spec,
    className: plain,
    registeredName: null,
    path: `${spec.path}/layer`,
    config: { ...config, activation: null },
  });
  const of = (argument: string) => quantizerOf(spec.config[argument], argument, context.origin);
  const kernel = of("kernel_quantizer") ?? of("depthwise_quantizer");
  const pointwise = of("pointwise_quantizer");
  const bias = of("bias_quantizer");
  const quantizerFor = (name: string) =>
    name.endsWith("bias") ? bias : name.endsWith("pointwise_kernel") ? pointwise : kernel;
  const activation = of("activation");
  return new RewrittenLayer(spec.className, spec.name, inner, {
    weight: (variable) => {
      const quantize = quantizerFor(variable.originalName);
      return quantize ? quantize(variable.read()) : null;
    },
    after: (output) => (activation ? activation(output) : output),
  });
}
