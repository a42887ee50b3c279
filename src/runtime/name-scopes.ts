import * as tf from "@tensorflow/tfjs";
import { withChange } from "../with-change.js";

let probes = 0;

/**
 * Leaves the name scopes of layers whose calls were ended where they stood: TensorFlow.js takes each off its list when
 * the call returns, and what stays on it stands before the name of every later variable. To be called between two
 * events, where no call is under way. The list is private to TensorFlow.js; what is pushed onto it is not.
 */
export function leaveNameScopes(): void {
  const name = `scope_probe_${++probes}`;
  const layer = tf.layers.activation({ activation: "linear", name });
  const input = tf.input({ shape: [1], name: `${name}_input` });
  const list = listThatTakes(name, () => layer.apply(input));
  if (list) list.length = 0;
}

/** The array that `run` pushes a string onto. */
function listThatTakes(text: string, run: () => void): unknown[] | null {
  const found: unknown[][] = [];
  const own = Array.prototype.push;
  const look = function (this: unknown[], ...items: unknown[]): number {
    if (items.length === 1 && items[0] === text) own.call(found, this);
    return own.apply(this, items);
  };
  const change = () => {
    Array.prototype.push = look;
    return () => void (Array.prototype.push = own);
  };
  withChange(change, run);
  return found[0] ?? null;
}
