import * as tf from "@tensorflow/tfjs";
import type { Computation } from "../layers/computed-layer.js";
import type { Lookups } from "./optimizers/gradient.js";

/** Gathers, while a batch is trained on, what each look-up in a table adds to the gradient. */
export class WatchedLookups {
  #gathered: Map<string, Lookups[]> | null = null;

  /** Begins to gather; what was gathered before is let go. */
  begin(): void {
    this.end();
    this.#gathered = new Map();
  }

  end(): void {
    for (const all of this.#gathered?.values() ?? [])
      for (const { ids, values } of all) tf.dispose([ids, values]);
    this.#gathered = null;
  }

  /** Of a variable, by its name; null where nothing was looked up in it. */
  of(name: string): Lookups | null {
    const all = this.#gathered?.get(name) ?? [];
    if (all.length < 2) return all[0] ?? null;
    return {
      ids: tf.concat(all.map(({ ids }) => ids)),
      values: tf.concat(all.map(({ values }) => values)),
    };
  }

  /** What a layer looks up in a table: the gradient of the rows is that of each look-up. */
  watch(lookups: NonNullable<Computation["lookups"]>, table: tf.LayerVariable): void {
    // The layer may stand in several models.
    const { tap } = lookups;
    lookups.tap = (rows, ids) =>
      this.#gathered === null
        ? (tap?.(rows, ids) ?? rows)
        : this.#tapped(rows, ids, (table.read() as tf.Variable).name);
  }

  #tapped(rows: tf.Tensor, ids: tf.Tensor, name: string): tf.Tensor {
    const flat = tf.keep(tf.cast(tf.reshape(ids, [-1]), "int32")) as tf.Tensor1D;
    const tap = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => {
        const values = tf.keep(tf.reshape(dy, [flat.shape[0], -1])) as tf.Tensor2D;
        this.#gathered?.set(name, [...(this.#gathered.get(name) ?? []), { ids: flat, values }]);
        return tf.clone(dy);
      },
    }));
    return tap(rows);
  }
}
