import * as tf from "@tensorflow/tfjs";
import { lgamma } from "../../ops/numerics/special-functions.js";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { toDouble, type Philox } from "../philox.js";
import type { GraphValue } from "../value.js";
import { integersOf, isWideType } from "./integers.js";
import { fromKey, fromSeed, RESERVED, seededGenerator } from "./random.js";

/**
 * Gamma and Poisson variates: TensorFlow's own from a seed, for it computes them on CPU in 64-bit floats
 * (tensorflow/core/kernels/random_op.cc, stateless_random_gamma_op.cc, random_poisson_op.cc).
 */
export const randomVariates: KernelTable = {
  RandomGamma: { host: "all", volatile: true, run: (call) => ofOp(call, gamma) },
  StatelessRandomGammaV2: { host: "all", run: (call) => ofShape(call, fromSeedAt(call), 2, gamma) },
  StatelessRandomGammaV3: { host: "all", run: (call) => ofShape(call, fromKey(call, 1), 4, gamma) },
  RandomPoissonV2: { host: "all", volatile: true, run: (call) => ofOp(call, poisson) },
  StatelessRandomPoisson: { host: "all", run: (call) => ofShape(call, fromSeedAt(call), 2, poisson) },
};

/** One variate of a distribution with a parameter. */
type Variate = (parameter: number, numbers: Numbers) => number;

function fromSeedAt(call: OpCall): Philox {
  return fromSeed(call.numbers(1).map(BigInt));
}

/** The shape of the samples comes before that of the parameters. */
function ofOp(call: OpCall, variate: Variate): GraphValue {
  const shape = call.checkedShape([...call.numbers(0), ...call.shapeOf(1)]);
  const size = shape.reduce((n, dim) => n * dim, 1);
  return sampled(call, shape, seededGenerator(call, size), call.numbers(1), variate);
}

/** The shape is that of the result, whose last dimensions are those of the parameters. */
function ofShape(call: OpCall, generator: Philox, parameters: number, variate: Variate): GraphValue {
  const shape = call.checkedShape(call.numbers(0));
  return sampled(call, shape, generator, call.numbers(parameters), variate);
}

/** Each variate has its own part of the generator's numbers, all samples of one parameter in a row. */
function sampled(
  call: OpCall,
  shape: number[],
  generator: Philox,
  parameters: readonly number[],
  variate: Variate,
): GraphValue {
  const size = shape.reduce((n, dim) => n * dim, 1);
  const each = parameters.length === 0 ? 0 : size / parameters.length;
  if (!Number.isInteger(each))
    throw call.error("G11", `${parameters.length} parameters do not fit the shape [${shape.join(", ")}]`);
  const values = new Float64Array(size);
  parameters.forEach((parameter, at) => {
    for (let sample = 0; sample < each; sample++) {
      const numbers = new Numbers(generator.clone().skip(RESERVED * BigInt(at * each + sample)));
      values[sample * parameters.length + at] = variate(parameter, numbers);
    }
  });
  const type = call.attributes.type("dtype");
  if (isWideType(type))
    return integersOf(
      Array.from(values, (value) => BigInt(Math.round(value))),
      shape,
    );
  if (type === DataType.DT_INT32) return tf.tensor(Int32Array.from(values), shape, "int32");
  return tf.tensor(Float32Array.from(values), shape, "float32");
}

/** Uniform and normal numbers of 64 bits, of each pair the second one first. */
class Numbers {
  private readonly uniforms: number[] = [];
  private readonly normals: number[] = [];

  constructor(private readonly generator: Philox) {}

  uniform(): number {
    if (this.uniforms.length === 0) this.uniforms.push(...this.pair());
    return this.uniforms.pop()!;
  }

  normal(): number {
    if (this.normals.length === 0) {
      const [a, b] = this.pair();
      const radius = Math.sqrt(-2 * Math.log(Math.max(a, 1e-7)));
      this.normals.push(Math.sin(2 * Math.PI * b) * radius, Math.cos(2 * Math.PI * b) * radius);
    }
    return this.normals.pop()!;
  }

  private pair(): [number, number] {
    const [a, b, c, d] = this.generator.block();
    return [toDouble(a, b), toDouble(c, d)];
  }
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). */
function gamma(alpha: number, numbers: Numbers): number {
  if (!(alpha > 0)) return NaN;
  if (alpha === 1) return -Math.log1p(-numbers.uniform());
  const small = alpha < 1;
  const d = alpha + (small ? 2 / 3 : -1 / 3);
  const c = 1 / 3 / Math.sqrt(d);
  for (;;) {
    const x = numbers.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = numbers.uniform();
    const taken = u < 1 - 0.0331 * x ** 4 || Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v));
    if (taken) return d * v * (small ? numbers.uniform() ** (1 / alpha) : 1);
  }
}

/** Knuth's products below 10; above, Hörmann's "transformed rejection method" (1993). */
function poisson(rate: number, numbers: Numbers): number {
  if (!(rate >= 0) || rate === Infinity) return NaN;
  return rate < 10 ? byProducts(rate, numbers) : byRejection(rate, numbers);
}

function byProducts(rate: number, numbers: Numbers): number {
  const end = Math.exp(-rate);
  let product = 1;
  for (let count = 0; ; count++) {
    product *= numbers.uniform();
    if (product <= end) return count;
  }
}

function byRejection(rate: number, numbers: Numbers): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverse = 1.1239 + 1.1328 / (b - 3.4);
  for (;;) {
    const u = numbers.uniform() - 0.5;
    const v = numbers.uniform();
    const shifted = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / shifted + b) * u + rate + 0.43);
    if (shifted >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return k;
    if (k < 0 || (shifted < 0.013 && v > shifted)) continue;
    const s = Math.log((v * inverse) / (a / (shifted * shifted) + b));
    if (s <= -rate + k * Math.log(rate) - lgamma(k + 1)) return k;
  }
}
