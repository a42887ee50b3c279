import { callKey } from "./check-graph.js";
import type { LayerCall } from "./graph.js";
import { referencesOf } from "./read-functional.js";

/** The calls of the layers in `gone` and of all behind them, whose layers are added to it. */
export function hangingOn(gone: Set<string>, order: readonly LayerCall[]): Set<string> {
  const stale = new Set<string>();
  for (let before = -1; before !== gone.size + stale.size;) {
    before = gone.size + stale.size;
    for (const call of order) {
      if (!gone.has(call.layer) && !referencesOf(call).some((ref) => stale.has(callKey(ref)))) continue;
      gone.add(call.layer);
      stale.add(callKey(call));
    }
  }
  return stale;
}

/** Whether a path is that of a layer, or of one inside it. */
export function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}
