import * as tf from "@tensorflow/tfjs";
import { withChange } from "../../../with-change.js";
import type { OpAttribute, TensorFlowBinding, TensorMetadata } from "../load-binding.js";
import { CHECKING_INDICES } from "../../corrections/indices-inside.js";
import { REGISTERED_NAME, type NodeBackend } from "../node-backend.js";
import {
  NotCompilable,
  type RecordedConstant,
  type RecordedOp,
  type RecordedOutput,
  type Recording,
  type Source,
} from "./recording.js";

/** tfjs-node's own part that is used here (dist/nodejs_kernel_backend.js). */
interface Storage {
  binding: TensorFlowBinding;
  readonly tensorMap: { get(dataId: object): { dtype: number } };
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
}

/** Up to so many numbers are read at once: shapes and axes, which may be gone later. */
const SMALL = 1024;

/** By operation, the types of its inputs that tfjs-node does not name. */
const INFERRED: ReadonlyMap<string, readonly string[]> = new Map([["ExpandDims", ["T", "Tdim"]]]);

/** Draws numbers, or keeps something between calls: a graph of it would not do the same. */
const STATEFUL =
  /^(?!Stateless)(Random|Multinomial|ParameterizedTruncated|TruncatedNormal|Var|Assign|ReadVariable|Summary|.*Summary$|.*Iterator)/;

let recording = false;

/** Whether what TensorFlow is asked to do is being kept: what JavaScript computes then would not be. */
export function isRecording(): boolean {
  return recording;
}

/**
 * Runs a function once, op by op as always, and keeps what TensorFlow was asked to do.
 * @throws NotCompilable when JavaScript computes a part itself, or something is kept for the next call
 */
export function record(
  backend: NodeBackend,
  inputs: readonly tf.Tensor[],
  compute: (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[],
): Recording {
  const storage = backend as unknown as Storage;
  const recorder = new Recorder(storage.binding, storage.getInputTensorIds(inputs));
  return withChange(
    () => listen(recorder, storage),
    () => {
      let outputs: RecordedOutput[] = [];
      tf.tidy(() => {
        const results = compute(inputs);
        outputs = recorder.outputs(results, storage.getInputTensorIds(results));
      });
      recorder.checkNothingKept();
      const described = inputs.map(({ dataId, shape }) => ({
        shape,
        dtype: storage.tensorMap.get(dataId).dtype,
      }));
      return { inputs: described, ops: recorder.ops, constants: recorder.constants, outputs };
    },
  );
}

/** Lets a recorder hear what a back end asks of TensorFlow. @returns ends it */
function listen(recorder: Recorder, storage: Storage): () => void {
  const { binding, getInputTensorIds: own } = storage;
  const endChecks = letCheck(recorder);
  storage.binding = recorder.binding();
  storage.getInputTensorIds = (tensors) => {
    const ids = own.call(storage, tensors);
    tensors.forEach(({ dataId, shape }, i) => {
      if (dataId) recorder.describe(ids[i]!, { shape, dtype: storage.tensorMap.get(dataId).dtype });
    });
    return ids;
  };
  recording = true;
  return () => {
    recording = false;
    storage.binding = binding;
    storage.getInputTensorIds = own;
    endChecks();
  };
}

/** Indices are read to be checked, which the graph does itself. @returns ends it */
function letCheck(recorder: Recorder): () => void {
  const kernels = CHECKING_INDICES.flatMap((name) => {
    const kernel = tf.getKernel(name, REGISTERED_NAME) as Checking | undefined;
    return kernel ? [{ kernel, own: kernel.kernelFunc }] : [];
  });
  for (const { kernel, own } of kernels)
    kernel.kernelFunc = (args) => recorder.readingToCheck(() => own(args));
  return () => {
    for (const { kernel, own } of kernels) kernel.kernelFunc = own;
  };
}

interface Checking {
  kernelFunc: tf.KernelConfig["kernelFunc"];
}

interface Description {
  readonly shape: readonly number[];
  readonly dtype: number;
}

class Recorder {
  readonly ops: RecordedOp[] = [];
  readonly constants: (RecordedConstant & { keep(): void })[] = [];
  private readonly sources = new Map<number, Source>();
  /** Tensors that depend on the inputs. */
  private readonly dependent = new Set<number>();
  private onlyChecks = false;
  private readonly made = new Set<number>();
  private readonly descriptions = new Map<number, Description>();
  private readonly written = new Map<number, ArrayBufferView | readonly Uint8Array[]>();

  constructor(
    private readonly real: TensorFlowBinding,
    inputIds: readonly number[],
  ) {
    inputIds.forEach((id, index) => {
      this.sources.set(id, { kind: "input", index });
      this.dependent.add(id);
    });
  }

  /** The binding, listened to. */
  binding(): TensorFlowBinding {
    const value = <F>(f: F) => ({ value: f });
    return Object.create(this.real, {
      executeOp: value((...call: Parameters<TensorFlowBinding["executeOp"]>) => this.execute(...call)),
      createTensor: value((shape: number[], dtype: number, values: unknown) =>
        this.create(shape, dtype, values),
      ),
      deleteTensor: value((id: number) => this.delete(id)),
      tensorDataSync: value((id: number) => this.read(id)),
    }) as TensorFlowBinding;
  }

  describe(id: number, description: Description): void {
    if (!this.descriptions.has(id)) this.descriptions.set(id, description);
  }

  outputs(results: readonly tf.Tensor[], ids: readonly number[]): RecordedOutput[] {
    return results.map((result, i) => {
      this.made.delete(ids[i]!);
      const { dtype } = this.descriptions.get(ids[i]!)!;
      return { source: this.source(ids[i]!), shape: result.shape, dtype };
    });
  }

  checkNothingKept(): void {
    if (this.made.size > 0) throw new NotCompilable("it keeps something of one call for the next");
  }

  private execute(
    name: string,
    attributes: OpAttribute[],
    inputs: number[],
    outputs: number,
  ): TensorMetadata[] {
    if (STATEFUL.test(name)) throw new NotCompilable(`it draws random numbers or keeps state (${name})`);
    const index = this.ops.length;
    const sources = inputs.map((id) => this.source(id));
    this.ops.push({ name, attributes: [...attributes, ...this.inferred(name, inputs)], inputs: sources });
    const results = this.real.executeOp(name, attributes, inputs, outputs);
    const dependent = inputs.some((id) => this.dependent.has(id));
    results.forEach(({ id, shape, dtype }, output) => {
      this.sources.set(id, { kind: "op", index, output });
      this.descriptions.set(id, { shape, dtype });
      if (!dependent) return;
      this.dependent.add(id);
      this.made.add(id);
    });
    return results;
  }

  /** Attributes that tfjs-node leaves to TensorFlow, which infers them in single operations and not in graphs. */
  private inferred(name: string, inputs: readonly number[]): OpAttribute[] {
    return (INFERRED.get(name) ?? []).map((attribute, i) => ({
      name: attribute,
      type: this.real.TF_ATTR_TYPE,
      value: this.descriptions.get(inputs[i]!)!.dtype,
    }));
  }

  private source(id: number): Source {
    const known = this.sources.get(id);
    if (known) return known;
    const source: Source = { kind: "constant", index: this.constants.length };
    this.sources.set(id, source);
    this.constants.push(this.constant(id));
    return source;
  }

  private constant(id: number): RecordedConstant & { keep(): void } {
    const description = this.descriptions.get(id);
    if (!description) throw new NotCompilable("a tensor that it uses comes from elsewhere");
    const { real } = this;
    let held = this.written.get(id);
    const values = () => (held ??= real.tensorDataSync(id));
    const size = description.shape.reduce((a, b) => a * b, 1);
    if (size <= SMALL) values();
    return { id, shape: [...description.shape], dtype: description.dtype, values, keep: () => void values() };
  }

  private create(shape: number[], dtype: number, values: unknown): number {
    const id = this.real.createTensor(shape, dtype, values);
    this.descriptions.set(id, { shape: [...shape], dtype });
    if (ArrayBuffer.isView(values) || Array.isArray(values)) this.written.set(id, values as ArrayBufferView);
    return id;
  }

  private delete(id: number): void {
    this.made.delete(id);
    const source = this.sources.get(id);
    if (source?.kind === "constant") this.constants[source.index]!.keep();
    this.real.deleteTensor(id);
  }

  readingToCheck<T>(work: () => T): T {
    this.onlyChecks = true;
    try {
      return work();
    } finally {
      this.onlyChecks = false;
    }
  }

  private read(id: number): ArrayBufferView {
    if (this.dependent.has(id) && !this.onlyChecks) {
      throw new NotCompilable("a part of it is computed in JavaScript, from values read in between");
    }
    return this.real.tensorDataSync(id);
  }
}
