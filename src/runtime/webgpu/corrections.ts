import { lowerEinsum } from "../corrections/einsum.js";

const WEBGPU = "webgpu";

/** Puts right what TensorFlow.js 4.22.0 computes wrongly on WebGPU and its shaders are not to blame for. */
export function correctWebgpu(): void {
  lowerEinsum(WEBGPU);
}
