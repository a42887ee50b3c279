import type { WebGPUBackend, Program, Uniform } from "./guarded-backend.js";

/**
 * The shaders of TensorFlow.js 4.22.0 read every tensor as f32 and round what they give to i32, so that whole numbers
 * above 2^24 lose their last digits. A shader of which all tensors are integers is made to compute in i32.
 */
export function computeInIntegers(code: string): string {
  if (!allIntegers(code)) return readIndices(code);
  const [uniforms = ""] = /struct Uniforms\s*\{[^}]*\};/.exec(code) ?? [];
  const floats = [...uniforms.matchAll(/(\w+)\s*:\s*f32/g)].map((match) => match[1]!);
  const body = withoutHelpers(code.replace(uniforms, () => PLACE));
  const integers = wholeNumbers(ownOperations(body), "\\w+")
    .replace(/\bf32\b/g, "i32")
    .replace(/\b(\d+)\.0*(?![\w.])/g, "$1")
    .replace(new RegExp(`uniforms\\.(${floats.join("|")})\\b`, "g"), "i32(uniforms.$1)");
  return NEEDS_FLOATS.test(integers) ? code : integers.replace(PLACE, () => uniforms);
}

/** Where floats are picked by integers, those stay integers: a float32 does not have each row beyond 2^24. */
function readIndices(code: string): string {
  if (!/\bindices: array<i32>/.test(code)) return code;
  const whole = wholeNumbers(code, "Indices").replace(
    /(fn getIndices\([^)]*\)) -> f32 \{\s*return f32\((indices\[[^;]*)\);/,
    "$1 -> i32 { return i32($2);",
  );
  const [all, cast] = [/\bgetIndices\(/g, /i32\(getIndices\(/g].map((call) => whole.match(call)?.length ?? 0);
  return all === cast! + 1 ? whole : code;
}

const PLACE = "/* uniforms */";

/** Functions and numbers that integers do not have. */
const NEEDS_FLOATS =
  /\b(?:round|floor|ceil|trunc|exp|exp2|log|log2|sqrt|inverseSqrt|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|fract|mix)\s*\(|\b\d+\.\d*[1-9]|\b\d*\.?\d+e-?\d|bitcast</;

/** What is added up by atomic operations is i32 too where it holds the bits of floats; then those are cast. */
function allIntegers(code: string): boolean {
  const tensors = [...code.matchAll(/var<storage, \w+> \w+\s*:\s*array<([\w<>]+)>;/g)];
  return tensors.length > 0 && tensors.every(([, type]) => /^(?:i32|vec\d<i32>|atomic<i32>)$/.test(type!));
}

/** No integer is NaN or infinite. */
function withoutHelpers(code: string): string {
  return code
    .replace(
      /fn isnan\(val: f32\) -> bool \{[\s\S]*?\n {2}\}/,
      "fn isnan(val: i32) -> bool { return false; }",
    )
    .replace(
      /fn isnanVec4\(val : vec4<f32>\) -> vec4<bool> \{[\s\S]*?\n {2}\}/,
      "fn isnanVec4(val : vec4<i32>) -> vec4<bool> { return vec4<bool>(false); }",
    )
    .replace(
      /fn isinf\(val: f32\) -> bool \{[\s\S]*?\n {2}\}/,
      "fn isinf(val: i32) -> bool { return false; }",
    );
}

/** Quotients that are rounded down and remainders with the sign of the divisor, without the detour over floats. */
function ownOperations(code: string): string {
  return code
    .replace(
      /let remainder =\s+select\(a % b, round\(a % b\), [\s\S]*?sign\(remainder\) == -sign\(b\)\)\);/,
      "let quotient = a / b; let remainder = a - quotient * b; let one = sign(b) * sign(b); " +
        "let resultTemp = select(quotient, quotient - one, (remainder != one - one) & (sign(remainder) == -sign(b)));",
    )
    .replace(
      /var resultTemp = (?:vec4<f32>\()?a % b\)?;\s+(?:resultTemp = select[\s\S]*?\);|if \(![\s\S]*?\[3\]\) % b\[3\];\s+\})/,
      "let rest = a % b; let zero = a - a; " +
        "let resultTemp = select(rest, rest + b, (rest != zero) & (sign(rest) == -sign(b)));",
    )
    .replace("bitcast<i32>(updateValue)", "updateValue");
}

/**
 * `i32(round(getX(…)))` of integers.
 * @param names which tensors, as a pattern
 */
function wholeNumbers(code: string, names: string): string {
  const rounded = new RegExp(`i32\\(round\\((get${names}\\([^()]*(?:\\([^()]*\\)[^()]*)*\\))\\)\\)`, "g");
  return code.replace(rounded, "i32($1)");
}

/** Programs whose own numbers are of the type of their tensors. */
const GIVEN_NUMBERS = /^(?:fill|pad|clip|clipVec4|onehot)$/;

/** Hands numbers for integer tensors over as integers: what they are filled, padded or limited with. */
export function giveIntegers(backend: WebGPUBackend): void {
  const run = backend.runWebGPUProgram.bind(backend);
  backend.runWebGPUProgram = (program, inputs, dtype, uniforms, output) => {
    const integers = [dtype, ...inputs.map(({ dataId }) => backend.tensorMap.get(dataId)?.dtype)];
    if (
      !GIVEN_NUMBERS.test(program.shaderKey) ||
      !integers.every((type) => type === "int32" || type === "bool")
    )
      return run(program, inputs, dtype, uniforms, output);
    const whole: Program = Object.assign(program, { uniforms: program.uniforms?.replace(/f32/g, "i32") });
    return run(whole, inputs, dtype, uniforms?.map(asIntegers), output);
  };
}

function asIntegers({ type, data }: Uniform): Uniform {
  return type === "float32" ? { type: "int32", data: data.map(within) } : { type, data };
}

function within(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));
}
