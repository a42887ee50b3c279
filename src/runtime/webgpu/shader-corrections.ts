/**
 * TensorFlow.js 4.22.0 writes WGSL that current Dawn rejects: it indexes its structs `vec5` and `vec6` like
 * vectors, and assigns i32 where f32 is declared. A rejected shader computes nothing, and the tensor reads as
 * zeros. Follows pull request 8616 of tensorflow/tfjs, with ranks 5 and 6 added.
 */
export function correctShader(code: string): string {
  return imageOfBox(floatTranspose(indexStructs(code)));
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
