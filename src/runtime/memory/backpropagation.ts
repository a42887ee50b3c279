import * as tf from "@tensorflow/tfjs";

/** An operation that ran while gradients were asked for (tfjs-core, tape.ts). */
interface TapeNode {
  readonly id: number;
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  /** What its gradient wants of its inputs and outputs; kept. */
  readonly saved?: readonly tf.Tensor[];
  readonly gradient?: (dys: readonly (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
}

interface Engine {
  readonly state: {
    readonly gradientDepth: number;
    activeTape: TapeNode[] | null;
    readonly activeScope: Scope;
  };
  gradients(
    f: () => tf.Tensor,
    xs: readonly tf.Tensor[],
    dy?: tf.Tensor | null,
    allowNoGradients?: boolean,
  ): { value: tf.Tensor; grads: (tf.Tensor | undefined)[] };
  startTape(): void;
  endTape(): void;
  scopedRun<T>(start: () => void, end: () => void, f: () => T): T;
  tidy<T>(name: string, f: () => T): T;
}

interface Scope {
  readonly id: number;
}

let done = false;

/**
 * Gradients that hold each tensor no longer than one is asked for it. TensorFlow.js (engine.ts, `gradients`; tape.ts)
 * keeps all gradients of what lies between, all that the operations saved and all that `tf.customGrad` computes on the
 * way until the last gradient is there.
 */
export function freeWhileBackpropagating(): void {
  if (done) return;
  done = true;
  const engine = tf.engine() as unknown as Engine;
  engine.gradients = (f, xs, dy, allowNoGradients = false) => {
    if (xs.length === 0) throw new Error("gradients() received an empty list of xs.");
    if (dy && dy.dtype !== "float32") throw new Error(`dy must have 'float32' dtype, but has '${dy.dtype}'`);
    try {
      const y = forward(engine, f);
      const path = nodesBetween(engine.state.activeTape!, xs, y);
      if (!allowNoGradients && path.length === 0) throw new Error(UNCONNECTED);
      return engine.tidy("backward", () => ({ value: y, grads: backward(engine, path, xs, y, dy ?? null) }));
    } finally {
      if (isOutermost(engine)) forget(engine);
    }
  };
}

const UNCONNECTED =
  "Cannot compute gradient of y=f(x) with respect to x. Make sure that the f you passed encloses all operations " +
  "that lead from x to y.";

function forward(engine: Engine, f: () => tf.Tensor): tf.Tensor {
  const y = engine.scopedRun(
    () => engine.startTape(),
    () => engine.endTape(),
    () => engine.tidy("forward", f),
  );
  if (!(y instanceof tf.Tensor)) throw new Error("The result y returned by f() must be a tensor.");
  return y;
}

/** In a gradient of a gradient the outer one asks for what was saved once more. */
function isOutermost(engine: Engine): boolean {
  return engine.state.gradientDepth === 0;
}

/** Lets go of what was saved for gradients that were cut off midway. */
export function forgetGradients(): void {
  forget(tf.engine() as unknown as Engine);
}

function forget(engine: Engine): void {
  engine.state.activeTape?.forEach(free);
  engine.state.activeTape = null;
}

function free(node: TapeNode): void {
  for (const tensor of node.saved ?? []) tensor.dispose();
}

/** @returns for each of the xs its gradient; undefined where y does not depend on it */
function backward(
  engine: Engine,
  path: readonly TapeNode[],
  xs: readonly tf.Tensor[],
  y: tf.Tensor,
  dy: tf.Tensor | null,
): (tf.Tensor | undefined)[] {
  const gradients = new Gradients(xs, engine.state.activeScope);
  gradients.add(y, dy ?? tf.ones(y.shape));
  for (const node of path.toReversed()) {
    propagate(node, gradients);
    if (isOutermost(engine)) free(node);
  }
  return xs.map((x) => gradients.of(x));
}

function propagate(node: TapeNode, gradients: Gradients): void {
  const { gradient, kernelName, inputs } = node;
  if (!gradient) throw new Error(`Cannot compute gradient: gradient function not found for ${kernelName}.`);
  const dys = gradients.take(node);
  const dxs = tf.tidy(() => {
    const given = gradient(dys);
    return Object.entries(inputs).map(([name, x]) => {
      if (!(name in given)) {
        const known = Object.keys(given).join(",");
        throw new Error(`Cannot backprop through input ${name}. Available gradients found: ${known}.`);
      }
      return fitting(
        tf.tidy(() => given[name]!()),
        x,
        kernelName,
        name,
      );
    });
  });
  Object.values(inputs).forEach((x, i) => gradients.add(x, dxs[i]!));
  gradients.release(dys);
}

function fitting(dx: tf.Tensor, x: tf.Tensor, kernelName: string, name: string): tf.Tensor {
  const what = `Error in gradient for op ${kernelName}. The gradient of input`;
  if (dx.dtype !== "float32") {
    throw new Error(`${what} ${name} must have 'float32' dtype, but has '${dx.dtype}'`);
  }
  if (!tf.util.arraysEqual(dx.shape, x.shape)) {
    throw new Error(
      `${what} '${name}' has shape '${dx.shape}', which does not match the shape of the input '${x.shape}'`,
    );
  }
  return dx;
}

/** The gradients on their way, by tensor, each a tensor of its own, to be disposed of. */
class Gradients {
  readonly #byTensor = new Map<number, tf.Tensor>();
  readonly #held = new Set<tf.Tensor>();
  readonly #asked: ReadonlySet<number>;
  readonly #scope: Scope;

  constructor(xs: readonly tf.Tensor[], scope: Scope) {
    this.#asked = new Set(xs.map((x) => x.id));
    this.#scope = scope;
  }

  of(tensor: tf.Tensor): tf.Tensor | undefined {
    return this.#byTensor.get(tensor.id);
  }

  add(x: tf.Tensor, dx: tf.Tensor): void {
    const before = this.of(x);
    this.#byTensor.set(x.id, this.#own(before ? tf.add(before, dx) : dx));
    if (!before) return;
    this.#dispose(before);
    if (this.#isMade(dx) && !this.#held.has(dx)) dx.dispose();
  }

  /** Those of a node's outputs. No node before it adds to them, so that only those that were asked for stay. */
  take(node: TapeNode): (tf.Tensor | null)[] {
    // An operation can give its input back.
    const inputs = new Set(Object.values(node.inputs).map((x) => x.id));
    return node.outputs.map((output) => {
      const gradient = this.of(output);
      if (!gradient) return null;
      if (this.#asked.has(output.id) && !inputs.has(output.id)) return this.#own(tf.clone(gradient));
      this.#byTensor.delete(output.id);
      return gradient;
    });
  }

  release(taken: readonly (tf.Tensor | null)[]): void {
    for (const gradient of taken) if (gradient) this.#dispose(gradient);
  }

  /** What is somebody else's, or another's gradient too, as a tensor of its own with the same numbers. */
  #own(given: tf.Tensor): tf.Tensor {
    const gradient = this.#isMade(given) && !this.#held.has(given) ? given : tf.clone(given);
    this.#held.add(gradient);
    return gradient;
  }

  /** Whether it was computed here: a gradient function can hand on what it was given. */
  #isMade(gradient: tf.Tensor): boolean {
    return !gradient.kept && (gradient as unknown as { scopeId: number }).scopeId === this.#scope.id;
  }

  #dispose(gradient: tf.Tensor): void {
    this.#held.delete(gradient);
    gradient.dispose();
  }
}

/** Those that the way from the xs to y goes through, in the order in which they ran, with the inputs that it comes by. */
function nodesBetween(tape: readonly TapeNode[], xs: readonly tf.Tensor[], y: tf.Tensor): TapeNode[] {
  const fromX = new Set(xs.map((x) => x.id));
  const reached = tape.filter((node) => {
    if (!Object.values(node.inputs).some((input) => fromX.has(input.id))) return false;
    for (const output of node.outputs) fromX.add(output.id);
    return true;
  });
  const toY = new Set([y.id]);
  const path = reached.toReversed().filter((node) => {
    if (!node.outputs.some((output) => toY.has(output.id))) return false;
    for (const input of Object.values(node.inputs)) toY.add(input.id);
    return true;
  });
  return path.reverse().map((node) => ({ ...node, inputs: inputsFrom(node, fromX) }));
}

function inputsFrom(node: TapeNode, fromX: ReadonlySet<number>): TapeNode["inputs"] {
  return Object.fromEntries(Object.entries(node.inputs).filter(([, input]) => fromX.has(input.id)));
}
