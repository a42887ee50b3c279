import * as tf from "@tensorflow/tfjs";

export type KernelFunction = tf.KernelConfig["kernelFunc"];
export type KernelArguments = Parameters<KernelFunction>[0];

const corrected = new Set<string>();

/**
 * Puts a kernel in place of a back end's own, once for each reason.
 * @param make gets the kernel that was there; one that throws when the back end has none.
 * @param reason tells one correction of a kernel from another that goes around it; default "".
 */
export function replaceKernel(
  backendName: string,
  kernelName: string,
  make: (own: KernelFunction) => KernelFunction,
  reason = "",
): void {
  const key = `${backendName}/${kernelName}/${reason}`;
  if (corrected.has(key)) return;
  corrected.add(key);
  const original = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined;
  if (original) tf.unregisterKernel(kernelName, backendName);
  const { setupFunc, disposeFunc } = original ?? {};
  const none: KernelFunction = () => {
    throw new Error(`The back end ${backendName} has no kernel ${kernelName}.`);
  };
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: make(original?.kernelFunc ?? none),
    ...(setupFunc && { setupFunc }),
    ...(disposeFunc && { disposeFunc }),
  });
}

/**
 * A kernel made of operations. The engine calls kernels with whole tensors and takes whole tensors back, and what
 * runs inside a kernel is not recorded for gradients.
 */
export function composed<Attributes = object>(
  compute: (inputs: Record<string, tf.Tensor>, attributes: Attributes) => tf.Tensor,
): KernelFunction {
  return ({ inputs, attrs }) =>
    tf.tidy(() => compute(inputs as Record<string, tf.Tensor>, (attrs ?? {}) as Attributes));
}

/** The result of a back end's own kernel as a tensor, to compute on with. */
export function ownResult(own: KernelFunction, args: KernelArguments): tf.Tensor {
  const result = own(args) as tf.TensorInfo | tf.Tensor;
  return "rank" in result ? (result as tf.Tensor) : tf.engine().makeTensorFromTensorInfo(result);
}

/** Lets a kernel see other attributes, where the back end has it. */
export function adjustAttributes(
  backendName: string,
  kernelName: string,
  change: (args: KernelArguments) => object,
): void {
  if (!tf.getKernel(kernelName, backendName)) return;
  replaceKernel(
    backendName,
    kernelName,
    (own) => (args) => own({ ...args, attrs: { ...args.attrs, ...change(args) } }),
  );
}
