import type { Turned } from "../../keras/bind-choices.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import { chosen, type Work } from "../work.js";

const CHOSEN: Turned = { detail: "the kernel's axes turned round", fidelity: "equivalent" };
const SQUARE: Turned = {
  detail: "the kernel's axes turned round: it is square, and all others of its class lie so in this file",
  fidelity: "equivalent",
};

/** True where the user has said that this layer's kernel is stored turned round. */
export function isTurnedByChoice(path: string, work: Work): boolean {
  return chosen(work, "W03", path) === "permute";
}

/**
 * Layers, by path, whose stored kernels are read turned round: those that the user chose, and square ones, which no
 * shape gives away, where every other kernel of the class is turned.
 */
export function turnedKernels(work: Work): ReadonlyMap<string, Turned> {
  const layers = work.graph ? [...eachLayer(work.graph)] : [];
  const turned = new Map(
    layers.filter(({ path }) => isTurnedByChoice(path, work)).map(({ path }) => [path, CHOSEN] as const),
  );
  if (turned.size === 0) return turned;
  const kernelOf = ({ path }: LayerSpec) => work.connection?.layers.get(path)?.weights[0]?.shape ?? [];
  const matrices = layers.filter((spec) => kernelOf(spec).length === 2);
  const [square, others] = [true, false].map((wanted) =>
    matrices.filter((spec) => (kernelOf(spec)[0] === kernelOf(spec)[1]) === wanted),
  ) as [LayerSpec[], LayerSpec[]];
  for (const { path, className } of square) {
    const same = others.filter((other) => other.className === className);
    if (same.length > 0 && same.every((other) => turned.has(other.path))) turned.set(path, SQUARE);
  }
  return turned;
}
