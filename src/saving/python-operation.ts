import { createHash } from "node:crypto";
import type { CallArgument, LayerCall } from "../keras/graph.js";
import { className, decorator } from "./python-class.js";

/** TensorFlow functions between the layers of a Keras 2 model. */
export const FUNCTION_LAYERS = /^(TFOpLambda|SlicingOpLambda)$/;

/**
 * The arguments of a call, each under a name of its own: Keras 3 takes no list that mixes tensors with numbers, and no
 * `*args` that do. What stands in such a list is `shape__0`, `shape__1`; what stands by its place is `arg1`.
 */
export function flatArguments({ args, kwargs }: LayerCall): readonly (readonly [string, CallArgument])[] {
  const placed = args.map((argument, i) => [`arg${i}`, argument] as const);
  return [...placed, ...Object.entries(kwargs)].flatMap(([name, argument]) =>
    argument.kind === "list" && isMixed(argument.items)
      ? argument.items.map((item, i) => [`${name}__${i}`, item] as const)
      : [[name, argument] as const],
  );
}

function isMixed(items: readonly CallArgument[]): boolean {
  return items.some(({ kind }) => kind === "tensor") && items.some(({ kind }) => kind !== "tensor");
}

/**
 * The name that the class of such a layer is registered under: one for each list of arguments, so that modules of
 * several models can be imported side by side.
 */
export function operationName(layerClass: string, calls: readonly LayerCall[]): string {
  const names = argumentNames(calls).join(" ");
  return `loadlab>${layerClass}_${createHash("sha256").update(names).digest("hex").slice(0, 8)}`;
}

function argumentNames(calls: readonly LayerCall[]): string[] {
  const all = calls.flatMap((call) => flatArguments(call).map(([name]) => name));
  return ["arg0", ...new Set(all.filter((name) => name !== "arg0" && /^[A-Za-z]\w*$/.test(name)).sort())];
}

/** A class that calls the function that its config names, with the arguments as `flatArguments` has them. */
export function operationClass(registered: string, calls: readonly LayerCall[]): string {
  const names = argumentNames(calls);
  return `${decorator(registered)}
class ${className(registered)}(keras.layers.Layer):
    """Calls the TensorFlow function of its name, such as math.add."""

    def __init__(self, function="__operators__.getitem", **kwargs):
        super().__init__(**kwargs)
        self.function = function

    def call(self, ${names.map((name) => `${name}=None`).join(", ")}):
        given = dict(${names.map((name) => `${name}=${name}`).join(", ")})
        placed, named = {}, {}
        for key, value in given.items():
            name, _, in_list = key.partition("__")
            if value is None:
                continue
            into, at = (placed, int(name[3:])) if name[:3] == "arg" and name[3:].isdigit() else (named, name)
            if in_list:
                into.setdefault(at, []).append(value)
            else:
                into[at] = value
        args = [placed.get(i) for i in range(max(placed, default=-1) + 1)]
        if self.function == "__operators__.getitem":
            parts = named.get("slice_spec", args[-1])
            return args[0][tuple(slice(s.get("start"), s.get("stop"), s.get("step")) if isinstance(s, dict) else s for s in parts)]
        target = tf
        for part in self.function.split("."):
            target = getattr(target, part)
        return target(*args, **named)

    def get_config(self):
        return {**super().get_config(), "function": self.function}
`;
}
