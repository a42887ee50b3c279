import { instance } from "@viz-js/viz";
import type { DiagramNode, ModelDiagram } from "../../loading/report/diagram.js";
import { plural, printable } from "../../notation.js";
import { type Box, type Fold, foldDiagram } from "./graph-fold.js";
import type { BoxTone, GraphLayout, PlacedArrow, PlacedBox, PlacedText } from "./graph-layout.js";
import { boxName, diagramDot, frameName } from "./model-graph-dot.js";

const TONES: readonly (readonly [RegExp, BoxTone])[] = [
  [/attention|lstm|gru|rnn|bidirectional|while/i, "recurrent"],
  [/conv/i, "conv"],
  [/norm/i, "norm"],
  [/dense|einsum|matmul|embedding/i, "dense"],
  [/pool|upsampling|padding|cropping|resiz/i, "pool"],
  [/relu|activation|softmax|dropout|elu|sigmoid|tanh/i, "activation"],
];

/** Lays a diagram out with Graphviz (dot, compiled to WebAssembly). */
export async function layoutGraph(diagram: ModelDiagram, fold: Fold): Promise<GraphLayout> {
  const folded = foldDiagram(diagram, fold);
  const viz = await instance();
  const drawn = viz.renderJSON(diagramDot(folded)) as GraphvizDrawing;
  const [, , width, height] = numbers(drawn.bb);
  const place = new Placement(height!);
  const objects = new Map((drawn.objects ?? []).map((object) => [object.name, object]));
  const boxes = folded.boxes.map((box, i) => place.box(box, objects.get(boxName(i))!));
  const frames = folded.frames.map((frame, i) => place.frame(frame, objects.get(frameName(i))));
  const arrows = (drawn.edges ?? []).map((edge, i) => {
    const [tail, head] = folded.arrows[i]!;
    return { from: folded.boxes[tail]!.id, to: folded.boxes[head]!.id, ...place.arrow(edge) };
  });
  return {
    fold,
    width: width!,
    height: height!,
    boxes,
    frames: frames.filter((frame) => frame !== null),
    arrows,
  };
}

/** What Graphviz's JSON output says (https://graphviz.org/docs/outputs/json/), as far as it is read here. */
interface GraphvizDrawing {
  readonly bb: string;
  readonly objects?: readonly GraphvizObject[];
  readonly edges?: readonly GraphvizEdge[];
}

interface GraphvizObject {
  readonly name: string;
  readonly bb?: string;
  readonly pos?: string;
  /** In inches. */
  readonly width?: string;
  readonly height?: string;
  readonly _ldraw_?: readonly DrawOperation[];
}

interface GraphvizEdge {
  readonly _draw_?: readonly DrawOperation[];
  readonly _hdraw_?: readonly DrawOperation[];
}

type Point = readonly [number, number];

interface DrawOperation {
  readonly op: string;
  readonly size?: number;
  readonly fontchar?: number;
  readonly pt?: Point;
  readonly align?: string;
  readonly width?: number;
  readonly text?: string;
  readonly points?: readonly Point[];
}

const POINTS_PER_INCH = 72;

/** Graphviz counts y from the bottom. */
class Placement {
  constructor(private readonly height: number) {}

  box(box: Box, object: GraphvizObject): PlacedBox {
    const [x, y] = numbers(object.pos!);
    const width = Number(object.width) * POINTS_PER_INCH;
    const height = Number(object.height) * POINTS_PER_INCH;
    return {
      id: box.id,
      name: boxTitle(box),
      kind: box.kind,
      tone: toneOf(box),
      x: rounded(x! - width / 2),
      y: rounded(this.height - y! - height / 2),
      width: rounded(width),
      height: rounded(height),
      texts: this.#texts(object._ldraw_ ?? []),
    };
  }

  /** Null for a model without a layer, which Graphviz leaves out. */
  frame(node: DiagramNode, object: GraphvizObject | undefined): PlacedBox | null {
    if (object?.bb === undefined) return null;
    const [left, bottom, right, top] = numbers(object.bb);
    return {
      id: node.id,
      name: printable(`${node.label} (${node.className})`),
      kind: "frame",
      tone: "plain",
      x: left!,
      y: rounded(this.height - top!),
      width: rounded(right! - left!),
      height: rounded(top! - bottom!),
      texts: this.#texts(object._ldraw_ ?? []),
    };
  }

  arrow({ _draw_: line = [], _hdraw_: head = [] }: GraphvizEdge): Pick<PlacedArrow, "line" | "head"> {
    const points = (operations: readonly DrawOperation[], op: string) =>
      (operations.find((operation) => operation.op === op)?.points ?? []).map(
        ([x, y]) => `${rounded(x)} ${rounded(this.height - y)}`,
      );
    // A start, then three points for each cubic Bézier curve.
    const [start, ...curve] = points(line, "b");
    return {
      line: start === undefined ? "" : `M${start}C${curve.join(" ")}`,
      head: points(head, "P").join(" "),
    };
  }

  #texts(operations: readonly DrawOperation[]): PlacedText[] {
    const texts: PlacedText[] = [];
    let [size, fontchar] = [11, 0];
    for (const { op, size: next, fontchar: style, pt, align, width, text } of operations) {
      if (op === "F") size = next!;
      else if (op === "t") fontchar = style!;
      else if (op === "T" && text !== undefined && text.trim() !== "")
        texts.push({
          x: rounded(pt![0]),
          y: rounded(this.height - pt![1]),
          size,
          anchor: align === "l" ? "start" : align === "r" ? "end" : "middle",
          face: fontchar & 1 ? "bold" : fontchar & 2 ? "italic" : "plain",
          width: rounded(width!),
          text,
        });
    }
    return texts;
  }
}

function boxTitle({ nodes, kind }: Box): string {
  const [first, last] = [nodes[0]!, nodes.at(-1)!];
  if (kind === "run")
    return `${plural(nodes.length, "layer")}, ${printable(first.label)} to ${printable(last.label)}`;
  const problem = first.fails === undefined ? "" : `: ${first.fails}`;
  return printable(`${first.id} (${first.className})${problem}`, 300);
}

function toneOf({ nodes }: Box): BoxTone {
  if (nodes.some(({ mark, fails }) => fails !== undefined || mark?.kind === "stub")) return "wrong";
  if (nodes[0]!.kind === "input" || nodes[0]!.kind === "output") return "end";
  for (const [pattern, tone] of TONES)
    if (nodes.some(({ className, label }) => pattern.test(`${label} ${className}`))) return tone;
  return "plain";
}

function numbers(text: string): number[] {
  return text.split(",").map(Number);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
