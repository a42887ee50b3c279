import { computeInIntegers } from "./integer-shaders.js";

/**
 * TensorFlow.js 4.22.0 writes WGSL that current Dawn rejects: it indexes its structs `vec5` and `vec6` like
 * vectors, and assigns i32 where f32 is declared. A rejected shader computes nothing, and the tensor reads as
 * zeros. Follows pull request 8616 of tensorflow/tfjs, with ranks 5 and 6 added.
 */
export function correctShader(code: string): string {
  const corrected = [
    indexStructs,
    floatTranspose,
    imageOfBox,
    firstOfEqual,
    pastNaN,
    wholePowers,
    chosenNumbers,
    boundsOfLogarithms,
    keptNaN,
    softmaxOfNaN,
    powersOfZero,
    powersOfOne,
    powersOfInfinity,
    anglesOfZero,
  ];
  return floorRemainders(computeInIntegers(corrected.reduce((text, correct) => correct(text), code)));
}

const COMPONENTS = "xyzwuv";

/** `coords[3]` of a rank-5 struct becomes `coords.w`. */
function indexStructs(code: string): string {
  let result = code;
  for (const name of structNames(code)) {
    const indexed = new RegExp(`\\b((?:uniforms\\.)?${name})\\[(\\d)\\]`, "g");
    result = result.replace(indexed, (_, struct: string, i: string) => `${struct}.${COMPONENTS[Number(i)]}`);
  }
  return result;
}

function structNames(code: string): Set<string> {
  const patterns = [/(\w+)\s*:\s*vec[56]\b/g, /(?:let|var)\s+(\w+)\s*(?::\s*vec[56])?\s*=\s*vec[56]\(/g];
  if (/->\s*vec[56]/.test(code)) {
    patterns.push(/(?:let|var)\s+(\w+)\s*=\s*(?:getOutputCoords\(\)|getCoordsFromIndex\([^)]*\))/g);
  }
  return new Set(patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!)));
}

/** Copies of int32 data go through a function that takes f32. */
function floatTranspose(code: string): string {
  if (!code.includes("array<i32>")) return code;
  return code.replace(
    /setOutputAtIndex\(flatIndex, A\[([\s\S]*?)\]\);/g,
    (_, index: string) => `setOutputAtIndex(flatIndex, f32(A[${index}]));`,
  );
}

/** Cropping compares the image's number with the count of boxes, and leaves the boxes of later images unwritten. */
function imageOfBox(code: string): string {
  return code.replace("bInd >= uniforms.outShape[0]", "bInd >= uniforms.imageShape[0]");
}

/** Of equal numbers the first is the largest; those of different threads were taken as they came. */
function firstOfEqual(code: string): string {
  return code.replace(
    /if \(candidate ([<>]) bestValue\) \{(\s+bestValue = candidate;\s+xBestValues)/,
    "if (candidate $1 bestValue || (candidate == bestValue && " +
      "xBestIndices[localId.x + interval] < xBestIndices[localId.x])) {$2",
  );
}

/** Powers of 2 by floats may be one too small when they are cut to integers. */
function wholePowers(code: string): string {
  return code.replace("i32(pow(2.0, uniforms.index))", "(1i << u32(uniforms.index))");
}

/** One of two numbers, not a mixture of both: infinity times 0 is none, and large integers are rounded. */
function chosenNumbers(code: string): string {
  return code.replace(
    /mix\(uniforms\.offValue, uniforms\.onValue,\s+f32\((.*== coords\.y)\)\)/,
    "select(uniforms.offValue, uniforms.onValue, $1)",
  );
}

/** The largest of the numbers: nothing is above a NaN that comes first. */
function pastNaN(code: string): string {
  return code.replace(
    /if \(candidate ([<>]) bestValue\) \{(\s+bestValue = candidate;\s+bestIndex = i;)/,
    "if (candidate $1 bestValue || (isnan(bestValue) && !isnan(candidate))) {$2",
  );
}

/** WGSL leaves open what logarithms make of 0 and infinity: some drivers give finite numbers. */
function boundsOfLogarithms(code: string): string {
  return code
    .replace(
      "return log(a);",
      "if (a == 0.0) { return -uniforms.INFINITY; } if (isinf(a)) { return a; } return log(a);",
    )
    .replace(/return (asinh|acosh)\(a\);/, "if (isinf(a)) { return a; } return $1(a);");
}

/** And what functions make of NaN: a sigmoid of it may be 0. Tests, which give f32 of a boolean, are as they are. */
function keptNaN(code: string): string {
  return code.replace(
    /fn (unaryOperation|activation)\(a : (f32|vec4<f32>)(, coords : vec\d<i32>)?\) -> (?:f32|vec4<f32>) \{(?!\s*return f32\()/,
    (_, name: string, type: string, coords = "") => {
      const isNaN = type === "f32" ? "isnan" : "isnanVec4";
      const head = (own: string) => `fn ${own}(a : ${type}${coords}) -> ${type} {`;
      const call = `${name}OfNumber(a${coords ? ", coords" : ""})`;
      return `${head(name)} return select(${call}, a, ${isNaN}(a)); }\n${head(`${name}OfNumber`)}`;
    },
  );
}

/** Likewise the exponential of what NaN and infinity are apart from the largest. */
function softmaxOfNaN(code: string): string {
  return code.replace(
    /(let subExp = |let value = )exp\(getLogits\(row, col\) - rowMaxShared\)/g,
    (_, result: string) =>
      `let apart = getLogits(row, col) - rowMaxShared; ${result}select(exp(apart), apart, isnan(apart))`,
  );
}

/** A sign that is 0 makes NaN of the infinity that 0 to a negative power is. */
function powersOfZero(code: string): string {
  return code
    .replace("sign(a) * pow(abs(a), b)", "select(pow(abs(a), b), -pow(abs(a), b), a < 0.0)")
    .replace(
      "sign(a) * isModRound1 + (vec4<f32>(1.0) - isModRound1)",
      "select(vec4<f32>(1.0), vec4<f32>(-1.0), (a < vec4<f32>(0.0)) & isModRound1Bool)",
    );
}

/** What is at 0 lies to the right or left, and above or below, by the signs of both zeros; drivers drop them. */
function anglesOfZero(code: string): string {
  const isNegative = (x: string, bits: string) => `(bitcast<${bits}>(${x}) >= ${bits}(0x80000000u))`;
  return code.replace(
    /(a : (f32|vec4<f32>), b : [\s\S]*?)let resultTemp = atan2\(a, b\);/,
    (_, before: string, type: string) => {
      const bits = type === "f32" ? "u32" : "vec4<u32>";
      const angle = `select(${type}(0.0), ${type}(3.1415927), ${isNegative("b", bits)})`;
      return (
        `${before}let angle = ${angle}; let resultTemp = select(atan2(a, b), ` +
        `select(angle, -angle, ${isNegative("a", bits)}), a == -a);`
      );
    },
  );
}

/** Negative infinity has a power for every exponent, positive where that is not odd. */
function powersOfInfinity(code: string): string {
  return code
    .replace(
      "let isNaN = a < 0.0 && floor(b) < b;",
      "let isNaN = a < 0.0 && a >= -3.4028234e38 && floor(b) < b;",
    )
    .replace("round(abs(b) % 2.0) != 1.0", "floor(b) < b || $&")
    .replace(/let isModRound1Bool = (.*);/, "let isModRound1Bool = ($1) & (floor(b) == b);")
    .replace(
      "let isNaN = (a < vec4<f32>(0.0)) & (floor(b) < b);",
      "let isNaN = (a < vec4<f32>(0.0)) & (a >= vec4<f32>(-3.4028234e38)) & (floor(b) < b);",
    );
}

/**
 * The remainder of dividing by infinity is the number itself. One of the other sign than the divisor comes nearer by
 * the divisor once, as in TensorFlow: that and a second division rounded small numbers away.
 */
function floorRemainders(code: string): string {
  const remainder = (type: string) => {
    const most = `${type}(3.4028234e38)`;
    return (
      `let isNaN = (b == ${type}(0.0)) | (abs(a) > ${most});\n` +
      `  var resultTemp = select(a % b, a, abs(b) > ${most});\n` +
      `  resultTemp = select(resultTemp, resultTemp + b, (resultTemp != ${type}(0.0)) & ` +
      `((resultTemp < ${type}(0.0)) != (b < ${type}(0.0))));`
    );
  };
  return code
    .replace(/let isNaN = b == 0\.;\s+var resultTemp = a % b;\s+resultTemp = select[\s\S]*?\);/, () =>
      remainder("f32"),
    )
    .replace(
      /let isNaN = !vec4<bool>\(b\);\s+var resultTemp = vec4<f32>\(a % b\);[\s\S]*?\[3\]\) % b\[3\];\s+\}/,
      () => remainder("vec4<f32>"),
    );
}

/** 1 to any power is 1, NaN too, and so is anything to the power 0; an infinite exponent is not odd. */
function powersOfOne(code: string): string {
  const isOne = (type: string) =>
    `((a == ${type}(1.0)) | ((a == ${type}(-1.0)) & (abs(b) > ${type}(3.4e38))))`;
  return code
    .replace("if (b == 0.0) {\n    return 1.0;", `if (b == 0.0 || ${isOne("f32")}) {\n    return 1.0;`)
    .replace("round(abs(b) % 2.0) != 1.0", "$& || abs(b) > 16777216.0")
    .replace(/let isModRound1Bool = (.*);/, "let isModRound1Bool = ($1) & (abs(b) <= vec4<f32>(16777216.0));")
    .replace(
      /(let isNaN = \(a < vec4<f32>\(0\.0\)\) & \(floor\(b\) < b\);\s*return )(select\([^;]*\));/,
      `$1select($2, vec4<f32>(1.0), isExpZero | ${isOne("vec4<f32>")});`,
    );
}
