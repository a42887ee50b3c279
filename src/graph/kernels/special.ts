import { besselJ, besselKe, besselY } from "../../ops/numerics/bessel.js";
import { dawsn, expint, fresnelCos, fresnelSin, spence } from "../../ops/numerics/integrals.js";
import type { KernelTable } from "../kernel.js";
import { hostly } from "./arithmetic.js";

/** tensorflow/core/ops/special_math_ops.cc: computed on the host, since no back end has them. */
export const special: KernelTable = {
  BesselJ0: hostly(1, (x) => besselJ(0, x)),
  BesselJ1: hostly(1, (x) => besselJ(1, x)),
  BesselY0: hostly(1, (x) => besselY(0, x)),
  BesselY1: hostly(1, (x) => besselY(1, x)),
  BesselK0: hostly(1, (x) => besselKe(0, x) * Math.exp(-x)),
  BesselK1: hostly(1, (x) => besselKe(1, x) * Math.exp(-x)),
  BesselK0e: hostly(1, (x) => besselKe(0, x)),
  BesselK1e: hostly(1, (x) => besselKe(1, x)),
  Dawsn: hostly(1, dawsn),
  Expint: hostly(1, expint),
  FresnelCos: hostly(1, fresnelCos),
  FresnelSin: hostly(1, fresnelSin),
  Spence: hostly(1, spence),
};
