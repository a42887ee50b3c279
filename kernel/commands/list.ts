import type { ModelFile, StoredWeight } from "../../src/formats/model-file.js";
import { visible } from "../../src/notation.js";
import type { Command } from "./command.js";
import { downloadLine } from "./download-line.js";

export const list: Command = {
  name: "list",
  summary: "List the tensors of a model file, without reading or loading them.",
  positionals: [{ name: "PATH", summary: "the model file or folder", required: true }],
  options: [{ name: "json", summary: "print the result as JSON" }],
  async run({ positionals, options }) {
    const { localFile } = await import("../../src/formats/download/local-file.js");
    const { openModelFile } = await import("../../src/formats/open.js");
    const { FormatError } = await import("../../src/formats/model-file.js");
    try {
      const { path } = await localFile(positionals[0]!, { onProgress: downloadLine() });
      const file = await openModelFile(path);
      console.log(options["json"] === true ? JSON.stringify(asJson(file), null, 2) : asText(file));
      file.close();
      return 0;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { code, title, where, detail, advice } = error.finding;
      if (options["json"] === true) console.log(JSON.stringify({ problem: error.finding }, null, 2));
      else console.error(visible(`${code} ${title} (${where})\n  ${detail}\n  ${advice}`));
      return 2;
    }
  },
};

interface Row {
  readonly layer: string;
  readonly weight: StoredWeight;
}

function rows(file: ModelFile): Row[] {
  const own = file.layers.flatMap(({ name, weights }) => weights.map((weight) => ({ layer: name, weight })));
  return [...own, ...file.optimizerWeights.map((weight) => ({ layer: "(optimizer)", weight }))];
}

const count = ({ shape }: StoredWeight): number => shape.reduce((product, size) => product * size, 1);

function asJson(file: ModelFile) {
  const { format, size, kerasVersion, backend, findings } = file;
  const tensors = rows(file).map(({ layer, weight }) => {
    const { name, path, shape, dtype, byteLength, byteOffset, whole } = weight;
    return { layer, name, path, shape, dtype, byteLength, byteOffset: byteOffset ?? null, whole };
  });
  return { format, size, kerasVersion, backend, hasConfig: file.config !== null, tensors, findings };
}

function asText(file: ModelFile): string {
  const table = rows(file).map(({ layer, weight }) => [
    layer,
    weight.name,
    weight.dtype,
    `[${weight.shape.join(", ")}]`,
    `${weight.byteLength}`,
    weight.whole ? "" : "not whole",
  ]);
  const head = ["layer", "tensor", "type", "shape", "bytes", ""];
  const widths = head.map((title, i) => Math.max(title.length, ...table.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    visible(
      row.map((cell, i) => (i === 4 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join("  "),
    ).trimEnd();
  const own = file.layers.flatMap(({ weights }) => weights);
  const parameters = own.reduce((sum, weight) => sum + count(weight), 0);
  const wrote = file.kerasVersion === null ? "" : `, Keras ${file.kerasVersion}`;
  return [
    visible(`${file.format}${wrote}, ${file.size} bytes`),
    "",
    line(head),
    ...table.map(line),
    "",
    `${own.length} tensors in ${file.layers.length} layers, ${parameters} parameters; ${file.optimizerWeights.length} optimizer tensors`,
    ...file.findings.map(({ code, title, detail }) => visible(`${code} ${title}: ${detail}`)),
  ].join("\n");
}
