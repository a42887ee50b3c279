import * as tf from "@tensorflow/tfjs";

export type KernelFunction = tf.KernelConfig["kernelFunc"];
export type KernelArguments = Parameters<KernelFunction>[0];
/** A kernel's result, one tensor. */
export type Info = tf.TensorInfo;

const corrected = new Set<string>();

/**
 * Puts a kernel in place of a back end's own, once.
 * @param make gets the kernel that was there, or null when the back end has none.
 */
export function replaceKernel(
  backendName: string,
  kernelName: string,
  make: (original: KernelFunction | null) => KernelFunction,
): void {
  const key = `${backendName}/${kernelName}`;
  if (corrected.has(key)) return;
  corrected.add(key);
  const original = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined;
  if (original) tf.unregisterKernel(kernelName, backendName);
  const { setupFunc, disposeFunc } = original ?? {};
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: make(original?.kernelFunc ?? null),
    ...(setupFunc && { setupFunc }),
    ...(disposeFunc && { disposeFunc }),
  });
}

/** Runs kernels inside a kernel; the tensors in between are freed by `done`. */
export class KernelRun {
  private readonly made: Info[] = [];

  constructor(
    private readonly backendName: string,
    private readonly backend: KernelArguments["backend"],
  ) {}

  run(kernelName: string, inputs: Record<string, Info>, attrs: Record<string, unknown> = {}): Info {
    const kernel = tf.getKernel(kernelName, this.backendName);
    const result = kernel.kernelFunc({
      inputs,
      backend: this.backend,
      attrs: attrs as tf.NamedAttrMap,
    }) as Info;
    this.made.push(result);
    return result;
  }

  reshape(x: Info, shape: number[]): Info {
    return this.run("Reshape", { x }, { shape });
  }

  cast(x: Info, dtype: tf.DataType): Info {
    return this.run("Cast", { x }, { dtype });
  }

  /** Frees everything but the result. A reshape shares its data and holds a reference of its own. */
  done(result: Info): Info {
    const backend = this.backend as unknown as { disposeData(dataId: object, force?: boolean): boolean };
    for (const info of this.made) if (info !== result) backend.disposeData(info.dataId);
    return result;
  }
}
