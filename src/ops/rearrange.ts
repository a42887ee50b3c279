import * as tf from "@tensorflow/tfjs";
import { operation, type Operation, type Values } from "./operation.js";
import { float, number } from "./values.js";

/** keras/ops/einops.py: `b (h x) w -> b h x w`, axes named, split and joined. */
export const REARRANGE: Operation = operation("Rearrange", "tensor pattern", (values) => {
  const x = float(values["tensor"]);
  const [left, right] = String(values["pattern"]).split("->").map(groupsOf) as [string[][], string[][]];
  const sizes = new Map<string, number>();
  left.forEach((group, axis) =>
    sizesOf(group, x.shape[axis]!, values).forEach((size, name) => sizes.set(name, size)),
  );
  const [from, to] = [left.flat(), right.flat()];
  const apart = tf.reshape(
    x,
    from.map((name) => sizes.get(name)!),
  );
  const turned = tf.transpose(
    apart,
    to.map((name) => from.indexOf(name)),
  );
  const shape = right.map((group) => group.reduce((size, name) => size * sizes.get(name)!, 1));
  return tf.reshape(turned, shape);
});

/** Each axis as the names it is made of. */
function groupsOf(side: string): string[][] {
  return [...side.matchAll(/\(([^)]*)\)|(\S+)/g)].map(([, joined, single]) =>
    single === undefined ? joined!.split(" ").filter((name) => name !== "") : [single],
  );
}

/** The one name without a given length takes what the others leave. */
function sizesOf(group: readonly string[], length: number, values: Values): Map<string, number> {
  const known = new Map(
    group.filter((name) => typeof values[name] === "number").map((name) => [name, number(values[name], 1)]),
  );
  const rest = length / [...known.values()].reduce((a, b) => a * b, 1);
  return new Map(group.map((name) => [name, known.get(name) ?? rest]));
}
