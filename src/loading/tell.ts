import type * as tf from "@tensorflow/tfjs";
import { eachLayer } from "../keras/read-graph.js";
import { structureReferences } from "../keras/read-functional.js";
import { registeredDefinition, subjectOf } from "./custom/definitions.js";
import { byteText, count, plural, printable, shapeText } from "../notation.js";
import type { Step } from "./problem.js";
import type { Told } from "./report/report.js";
import type { Work } from "./work.js";

const TELL: Readonly<Record<Step, (work: Work) => Told>> = {
  identify,
  read,
  configure,
  resolve,
  connect,
  bind,
  train: ({ notes }) => [
    {
      label: "decided",
      text: notes && notes.length > 0 ? notes.join(" ") : "nothing: the file says nothing of training",
    },
  ],
  verify: () => [{ label: "read", text: "every weight, for NaN and infinite values; one run on zeros" }],
};

export function tell(step: Step, work: Work): Told {
  return TELL[step](work);
}

function identify({ file, path, opened }: Work): Told {
  const { format, size, kerasVersion, backend } = file!;
  const wrote =
    kerasVersion === null
      ? "it does not say which Keras wrote it"
      : `Keras ${printable(kerasVersion, 30)} wrote it`;
  return [
    {
      label: "read",
      text: `the first bytes of ${printable(opened ?? path)}, ${byteText(size)}: their content says what it is, not its name`,
    },
    {
      label: "decided",
      text: `it is ${format}; ${wrote}${backend === null ? "" : `, on ${printable(backend, 30)}`}`,
    },
  ];
}

const SHOWN = 6;

function read({ file }: Work): Told {
  const weights = file!.layers.flatMap((layer) => layer.weights);
  const shown = weights
    .slice(0, SHOWN)
    .map(({ name, shape, dtype }) => `${printable(name, 60)} ${shapeText(shape)} ${dtype}`);
  const bytes = weights.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const more = weights.length - shown.length;
  return [
    {
      label: "read",
      text: `the table of contents: ${plural(weights.length, "tensor")}, ${byteText(bytes)}; no numbers yet`,
    },
    ...(shown.length > 0
      ? [{ label: "tensors", text: shown.join("\n") + (more > 0 ? `\nand ${count(more)} more` : "") }]
      : []),
    {
      label: "decided",
      text: file!.config === null ? "there is no architecture in it" : "the architecture is in it",
    },
  ];
}

function configure({ graph, origin, rung }: Work): Told {
  if (rung === "graph" || !graph)
    return [{ label: "decided", text: "there are no layers: its graph of operations runs" }];
  const kinds = new Map<string, number>();
  for (const { className } of eachLayer(graph)) kinds.set(className, (kinds.get(className) ?? 0) + 1);
  const list = [...kinds].map(([name, number]) => `${printable(name, 40)}${number > 1 ? ` ×${number}` : ""}`);
  const ends = (structure: typeof graph.inputs) =>
    structureReferences(structure)
      .map(({ layer }) => printable(layer, 40))
      .join(", ");
  return [
    {
      label: "read",
      text: `a ${printable(graph.className, 40)} of ${plural(graph.layers.length, "layer")}: ${list.slice(0, 12).join(", ")}${list.length > 12 ? ", …" : ""}`,
    },
    {
      label: "decided",
      text: `as Keras ${origin!.major} means it, from ${ends(graph.inputs)} to ${ends(graph.outputs)}`,
    },
  ];
}

function resolve({ graph, rung }: Work): Told {
  if (rung === "graph" || !graph) return [{ label: "decided", text: "no class is needed" }];
  const registered = [...eachLayer(graph)].filter((spec) => registeredDefinition(spec) !== null);
  const own = [...new Set(registered.map(subjectOf))];
  return [
    { label: "read", text: "the class of every layer" },
    {
      label: "decided",
      text:
        own.length > 0
          ? `${own.map((name) => printable(name, 40)).join(", ")} as you registered them, the others by the layer table`
          : "all by the layer table",
    },
  ];
}

function connect({ connection, graph, model }: Work): Told {
  if (!graph || !connection) return [{ label: "decided", text: "the graph is ready to run" }];
  const shown = graph.layers.slice(0, 12).flatMap(({ path, name }) => {
    const shape = outputShape(connection.layers.get(path));
    return shape === null ? [] : [`${printable(name, 40)} → ${shape}`];
  });
  const more = graph.layers.length - 12;
  return [
    { label: "read", text: "which layer is called on which" },
    { label: "shapes", text: shown.join("\n") + (more > 0 ? `\nand ${more} more` : "") },
    { label: "decided", text: `${count(model?.countParams() ?? 0)} parameters to be filled` },
  ];
}

function outputShape(layer: tf.layers.Layer | undefined): string | null {
  const shapes = layer?.inboundNodes[0]?.outputShapes as (number | null)[] | (number | null)[][] | undefined;
  if (!shapes) return null;
  return Array.isArray(shapes[0])
    ? (shapes as (number | null)[][]).map(shapeText).join(" ")
    : shapeText(shapes as (number | null)[]);
}

function bind({ sources, rung }: Work): Told {
  if (rung === "graph" || !sources) return [{ label: "decided", text: "the graph reads its own variables" }];
  const pairs = [...sources]
    .slice(0, SHOWN)
    .map(([variable, weight]) => `${printable(variable.originalName, 50)} ← ${printable(weight.path, 70)}`);
  const more = sources.size - pairs.length;
  return [
    { label: "read", text: "the numbers of every tensor" },
    { label: "pairs", text: pairs.join("\n") + (more > 0 ? `\nand ${count(more)} more` : "") },
    { label: "decided", text: "each layer of the model takes the stored layer of its name, else by order" },
  ];
}
